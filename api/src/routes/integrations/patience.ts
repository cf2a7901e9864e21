import { actorOf, Patience, setPatience, transact } from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { body, Empty, IdParams, json, route } from '../../route.ts'

const put = route('integration.edit', {
  method: 'put',
  path: '/integrations/{id}/patience',
  summary: 'How patient one is with its alerts, from their next opening on; null: as usual for its system',
  tags: ['Integrations'],
  request: { params: IdParams, body: body(Patience.nullable()) },
  responses: { 200: json(Empty, 'Set') },
})

export const patienceRoutes: Resource = (app, { db }) => {
  app.openapi(put, async (c) => {
    const { id } = c.req.valid('param')
    const patience = c.req.valid('json')
    await transact(db, actorOf(c.get('reader')), (tx) => setPatience(tx, id, patience))
    return c.json({ ok: true as const }, 200)
  })
}
