import { z } from '@hono/zod-openapi'
import { BUCKETS, type Pace, PACE_SPANS, readPace } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { Id, IdParams, Instant, json, page, Paging, route } from '../../route.ts'
import { demandIntegration } from './visible.ts'

const Event = z
  .object({
    receipt_id: Id,
    position: z.number(),
    received_at: Instant,
    decided_at: Instant,
    kind: z.string(),
    title: z.string().nullable(),
    dedup_key: z.string().nullable(),
    severity: z.string().nullable(),
    bucket: z.enum(BUCKETS),
    reason: z.record(z.string(), z.unknown()).nullable(),
    alert: z.object({ id: Id, status: z.string() }).nullable(),
    ticket: z.string().nullable().openapi({ description: 'where the alert stood when this was decided' }),
  })
  .openapi('IntegrationEvent')
const PaceOf = z
  .object({
    step_minutes: z.number(),
    points: z.array(z.object({ at: Instant, received: z.number(), rejected: z.number() })),
    latency: z
      .object({ n: z.number(), median_ms: z.number(), p95_ms: z.number() })
      .nullable()
      .openapi({ description: 'from the receipt to the decision, over the events of the latest requests' }),
  })
  .openapi('IntegrationPace')

const spans = Object.keys(PACE_SPANS) as [keyof typeof PACE_SPANS]

const tags = ['Integrations']
const events = route('integration.read', {
  method: 'get',
  path: '/integrations/{id}/events',
  summary:
    'What became of its events, the latest request first. A page looks through a bounded stretch of requests, so one with few items may still name a next',
  tags,
  request: { params: IdParams, query: Paging.extend({ bucket: z.enum(BUCKETS).optional() }) },
  responses: { 200: json(page(Event), 'Events') },
})
const pace = route('integration.read', {
  method: 'get',
  path: '/integrations/{id}/pace',
  summary: 'How much it sends over time, and how long a message takes to be decided',
  tags,
  request: { params: IdParams, query: z.object({ span: z.enum(spans).default('hour') }) },
  responses: { 200: json(PaceOf, 'Counts a step, and the latency') },
})

// Nothing indexes events by bucket, for the door's sake; what is rare is looked for a stretch at a time.
const STRETCH = 2_000

type Row = z.infer<typeof Event>

export const eventRoutes: Resource = (app, { db }) => {
  app.openapi(events, async (c) => {
    const { id } = c.req.valid('param')
    const { bucket, cursor, limit } = c.req.valid('query')
    await demandIntegration(db, c.get('reader'), id)
    const [receipt, position] = cursor ? decodeCursor(cursor, 2) : []
    const { rows } = await sql<{ items: Row[]; looked: number; last: string | null }>`
      with stretch as materialized (
        select r.id, r.received_at from receipt r
        where r.integration_id = ${id} and r.outcome = 'accepted' ${receipt ? sql`and r.id <= ${receipt}::uuid` : sql``}
        order by r.id desc limit ${STRETCH}
      ), found as materialized (
        select e.* from stretch r join event e on e.receipt_id = r.id and e.received_at = r.received_at
        where ${bucket ? sql`e.bucket = ${bucket}` : sql`true`}
          ${receipt ? sql`and (r.id < ${receipt}::uuid or e.position < ${position}::int)` : sql``}
        order by e.receipt_id desc, e.position desc limit ${limit + 1}
      )
      select (select count(*) from stretch) as looked,
        (select id from stretch order by id limit 1) as last,
        coalesce((
          select jsonb_agg(jsonb_build_object('receipt_id', e.receipt_id, 'position', e.position, 'received_at', e.received_at,
              'decided_at', e.decided_at, 'kind', e.kind, 'title', e.title, 'dedup_key', e.dedup_key, 'severity', e.severity,
              'bucket', e.bucket, 'reason', e.reason,
              'alert', case when a.id is not null then jsonb_build_object('id', a.id, 'status', a.status) end,
              'ticket', t.number) order by e.receipt_id desc, e.position desc)
          from found e left join alert a on a.id = e.alert_id
          left join lateral (
            select t.number from alert_link l join ticket t on t.id = l.ticket_id
            where l.alert_id = e.alert_id and l.linked_at <= e.decided_at order by l.linked_at desc limit 1) t on true
        ), '[]') as items`.execute(db)
    const { items: seen, looked, last } = rows[0]!
    const items = seen.slice(0, limit)
    const end = items.at(-1)
    if (seen.length > limit && end)
      return c.json({ items, next: encodeCursor([end.receipt_id, String(end.position)]) }, 200)
    // Position 0 of the last receipt looked at: what lies before it was not seen yet.
    return c.json({ items, next: looked === STRETCH && last ? encodeCursor([last, '0']) : null }, 200)
  })
  app.openapi(pace, async (c) => {
    const { id } = c.req.valid('param')
    await demandIntegration(db, c.get('reader'), id)
    const read: Pace = await readPace(db, id, c.req.valid('query').span)
    return c.json(read, 200)
  })
}
