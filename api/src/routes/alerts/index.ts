import type { z } from '@hono/zod-openapi'
import { acknowledgeAlert, actorOf, alertVisible, found, type Reader, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Deps, Resource } from '../../context.ts'
import { Empty, IdParams, json, route } from '../../route.ts'
import { listRoutes } from './list.ts'
import { Alert, LINE_COLUMNS } from './schema.ts'

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

async function readAlert(db: Deps['db'], reader: Reader, id: string) {
  const { rows } = await sql<z.infer<typeof Alert>>`
    select ${LINE_COLUMNS}, a.labels, a.annotations, a.link, a.group_key,
      (select jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) from service s where s.id = a.service_id) as known_service,
      (select jsonb_build_object('id', ci.id, 'name', ci.name) from configuration_item ci where ci.id = a.ci_id) as configuration_item,
      (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = a.acknowledged_by) as acknowledged_by,
      coalesce((select jsonb_agg(jsonb_build_object('ticket', t.number, 'episode', l.episode, 'how', l.how, 'rule', l.rule,
                  'rule_version', l.rule_version, 'evidence', l.evidence, 'linked_at', l.linked_at) order by l.linked_at desc)
                from alert_link l join ticket t on t.id = l.ticket_id where l.alert_id = a.id), '[]') as links,
      coalesce((select jsonb_agg(e) from (
                  select id, receipt_id, received_at, decided_at, kind, severity, title, bucket, reason
                  from event where alert_id = a.id order by id desc limit 50) e), '[]') as events
    from alert a where a.id = ${id} and ${alertVisible(reader)}`.execute(db)
  return found(rows[0], 'alert')
}

export const alertRoutes: Resource = (app, deps) => {
  listRoutes(app, deps)
  app.openapi(get, async (c) =>
    c.json(await readAlert(deps.db, c.get('reader'), c.req.valid('param').id), 200),
  )
  app.openapi(acknowledge, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    await transact(deps.db, actorOf(reader), async (tx) => {
      const { rows } = await sql<{
        id: string
      }>`select a.id from alert a where a.id = ${id} and ${alertVisible(reader)}`.execute(tx.db)
      found(rows[0], 'alert')
      await acknowledgeAlert(tx, id)
    })
    return c.json({ ok: true as const }, 200)
  })
}
