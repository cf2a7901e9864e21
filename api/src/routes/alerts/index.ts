import { acknowledgeAlert, actorOf, transact } from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { Empty, IdParams, json, route } from '../../route.ts'
import { listRoutes } from './list.ts'
import { readAlert } from './read.ts'
import { Alert } from './schema.ts'
import { demandVisible, snoozeRoutes } from './snooze.ts'

const tags = ['Alerts']
const get = route('alert.read', {
  method: 'get',
  path: '/alerts/{id}',
  summary: 'One alert, why it stands in its incidents, and its latest events',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Alert, 'The alert') },
})
const acknowledge = route('alert.work', {
  method: 'post',
  path: '/alerts/{id}/acknowledge',
  summary: 'Acknowledge an alert, and with it its incident',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Empty, 'Acknowledged') },
})

export const alertRoutes: Resource = (app, deps) => {
  listRoutes(app, deps)
  snoozeRoutes(app, deps)
  app.openapi(get, async (c) =>
    c.json(await readAlert(deps.db, c.get('reader'), c.req.valid('param').id), 200),
  )
  app.openapi(acknowledge, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    await transact(deps.db, actorOf(reader), async (tx) => {
      await demandVisible(tx, reader, id)
      await acknowledgeAlert(tx, id)
    })
    return c.json({ ok: true as const }, 200)
  })
}
