import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { alertVisible, type Reader, ticketVisible } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { Id, Instant, json, route } from '../../route.ts'
import { SEVERITIES, STATUSES } from '../alerts/schema.ts'
import { Health, healthBy, Label } from '../services.ts'
import { findTicket } from './find.ts'
import { NumberParams, Priority, State } from './schema.ts'

const Place = z.object({
  id: Id,
  name: Label.or(z.string()),
  health: Health,
  open_incidents: z.number().openapi({ description: 'other than this ticket' }),
  incidents: z
    .array(z.object({ number: z.string(), title: z.string(), state: State, priority: Priority }))
    .openapi({ description: 'the five most urgent of them' }),
  firing_alerts: z.number().openapi({ description: 'other than this ticket’s' }),
  alerts: z
    .array(
      z.object({
        id: Id,
        title: z.string(),
        dedup_key: z.string(),
        status: z.enum(STATUSES),
        severity: z.enum(SEVERITIES),
        starts_at: Instant,
      }),
    )
    .openapi({ description: 'the five latest of them' }),
  last_change: z
    .object({
      title: z.string(),
      at: Instant,
      number: z.string().nullable().openapi({ description: 'of the change, where it is a ticket' }),
      source: z.string().nullable().openapi({ description: 'who told of it, where a system did' }),
    })
    .nullable(),
})
type Place = z.infer<typeof Place>

const health = route('alert.read', {
  method: 'get',
  path: '/tickets/{number}/health',
  summary: 'How the ticket’s service and configuration item are just now: what else is open, fires, changed',
  tags: ['Tickets'],
  request: { params: NumberParams },
  responses: {
    200: json(
      z.object({ service: Place.nullable(), ci: Place.nullable() }).openapi('TicketHealth'),
      'Health',
    ),
  },
})

const SHOWN = 5
const OPEN = sql`t.state not in ('resolved', 'closed', 'cancelled')`

async function readPlace(
  db: Db,
  reader: Reader,
  ticketId: string,
  on: 'service' | 'ci',
): Promise<Place | null> {
  const [mine, alertOn] = on === 'service' ? ['t.service_id', 'a.service_id'] : ['t.ci_id', 'a.ci_id']
  const here = sql.ref(mine)
  // What tells of changes names services; it knows no configuration items.
  const told = sql`(select e.title, e.at, null as number, i.name as source
    from change_event e join integration i on i.id = e.integration_id
    where ${on === 'service'} and e.service_id = p.id order by e.at desc, e.id desc limit 1)`
  const { rows } = await sql<Place>`
    with p as (
      select x.id, x.name from ticket t join ${sql.table(on === 'service' ? 'service' : 'configuration_item')} x on x.id = ${here}
      where t.id = ${ticketId}
    ), incident as (
      select t.id, t.number, t.title, t.state, t.priority, t.created_at, t.confidential, ${ticketVisible(reader)} as visible
      from p join ticket t on ${here} = p.id where t.kind = 'incident' and ${OPEN}
    ), other as (
      select * from incident where visible and id <> ${ticketId}
    ), fires as (
      select a.id, a.title, a.dedup_key, a.status, a.severity, a.starts_at from p join alert a on ${sql.ref(alertOn)} = p.id
      where a.status in ('firing', 'acknowledged') and a.ticket_id is distinct from ${ticketId} and ${alertVisible(reader)}
    )
    select p.id, p.name, (select ${healthBy(sql`min(priority) filter (where visible or not confidential)`)} from incident) as health,
      (select count(*) from other) as open_incidents,
      coalesce((select jsonb_agg(to_jsonb(o) - 'created_at') from (
        select number, title, state, priority, created_at from other order by priority, created_at desc limit ${SHOWN}) o), '[]') as incidents,
      (select count(*) from fires) as firing_alerts,
      coalesce((select jsonb_agg(f) from (select * from fires order by starts_at desc limit ${SHOWN}) f), '[]') as alerts,
      (select to_jsonb(c) from (
        (select t.title, coalesce(t.resolved_at, t.created_at) as at, t.number, null as source from ticket t
         where ${here} = p.id and t.kind = 'change' and t.state <> 'cancelled' and t.id <> ${ticketId} and ${ticketVisible(reader)}
         order by t.created_at desc limit 1)
        union all ${told} order by at desc limit 1) c) as last_change
    from p`.execute(db)
  return rows[0] ?? null
}

export const healthRoutes: Resource = (app, { db }) => {
  app.openapi(health, async (c) => {
    const reader = c.get('reader')
    const { id } = await findTicket(db, reader, c.req.valid('param').number)
    const [service, ci] = await Promise.all([
      readPlace(db, reader, id, 'service'),
      readPlace(db, reader, id, 'ci'),
    ])
    return c.json({ service, ci }, 200)
  })
}
