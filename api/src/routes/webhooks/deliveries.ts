import { z } from '@hono/zod-openapi'
import { actorOf, found, replayDelivery, replayFailed, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { body, Empty, Id, IdParams, Instant, json, page, Paging, route } from '../../route.ts'

const tags = ['Webhooks']
const State = z.enum(['waiting', 'leased', 'delivered', 'failed'])
const Attempt = z.object({
  at: Instant,
  ok: z.boolean(),
  status: z.number().nullable().openapi({ description: 'of the answer; null: there was none' }),
  reason: z.string().nullable(),
  duration_ms: z.number(),
  answer: z.string().openapi({ description: 'its beginning' }),
})
const Delivery = z
  .object({
    id: Id.openapi({ description: 'the webhook-id that the receiver sees, whenever it is sent' }),
    type: z.string(),
    ticket: z.string().nullable(),
    state: State,
    reason: z.string().nullable(),
    created_at: Instant,
    due_at: Instant,
    ended_at: Instant.nullable(),
    attempts: z.number().openapi({ description: 'all that were made' }),
    last: Attempt.nullable(),
  })
  .openapi('WebhookDelivery')
const Params = IdParams.extend({ delivery: Id })

const list = route('webhook.edit', {
  method: 'get',
  path: '/webhooks/{id}/deliveries',
  summary: 'Its messages of the last thirty days, the newest first',
  tags,
  request: {
    params: IdParams,
    query: Paging.extend({ state: State.optional(), ticket: z.string().max(20).optional() }),
  },
  responses: { 200: json(page(Delivery), 'Messages') },
})
const get = route('webhook.edit', {
  method: 'get',
  path: '/webhooks/{id}/deliveries/{delivery}',
  summary: 'One message: the bytes that left, and every attempt',
  tags,
  request: { params: Params },
  responses: {
    200: json(
      Delivery.extend({ body: z.string(), tried: z.array(Attempt) }).openapi('WebhookDeliveryDetail'),
      'The message',
    ),
  },
})
const replay = route('webhook.edit', {
  method: 'post',
  path: '/webhooks/{id}/deliveries/{delivery}/replay',
  summary: 'Send a message that ended once more, under the same id',
  tags,
  request: { params: Params },
  responses: { 200: json(Empty, 'On its way') },
})
const replayAll = route('webhook.edit', {
  method: 'post',
  path: '/webhooks/{id}/replay',
  summary: 'Send again what failed of a period, in its order; 10,000 at once',
  tags,
  request: { params: IdParams, body: body(z.strictObject({ from: Instant, to: Instant })) },
  responses: { 200: json(z.object({ replayed: z.number() }), 'On their way') },
})

const ATTEMPT = sql`jsonb_build_object('at', a.at, 'ok', a.ok, 'status', a.status, 'reason', a.reason,
  'duration_ms', a.duration_ms, 'answer', a.answer)`
const COLUMNS = sql`
  d.id, d.type, t.number as ticket, d.state, d.reason, d.created_at, d.due_at, d.ended_at,
  (select count(*) from webhook_attempt a where a.delivery_id = d.id) as attempts,
  (select ${ATTEMPT} from webhook_attempt a where a.delivery_id = d.id order by a.at desc limit 1) as last`

export const deliveryRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { cursor, limit, state, ticket } = c.req.valid('query')
    const { id } = c.req.valid('param')
    const { rows: webhooks } =
      await sql`select from webhook where id = ${id} and archived_at is null`.execute(db)
    found(webhooks[0], 'webhook')
    const before = cursor ? String(decodeCursor(cursor, 1)[0]) : undefined
    const { rows } = await sql<z.infer<typeof Delivery>>`
      select ${COLUMNS} from webhook_delivery d left join ticket t on t.id = d.ticket_id
      where d.webhook_id = ${id}
        ${state ? sql`and d.state = ${state}` : sql``}
        ${ticket ? sql`and d.ticket_id = (select id from ticket where number = ${ticket.toUpperCase()})` : sql``}
        ${before ? sql`and d.id < ${before}::uuid` : sql``}
      order by d.id desc limit ${limit + 1}`.execute(db)
    const items = rows.slice(0, limit)
    return c.json({ items, next: rows.length > limit ? encodeCursor([items.at(-1)!.id]) : null }, 200)
  })
  app.openapi(get, async (c) => {
    const { id, delivery } = c.req.valid('param')
    const { rows } = await sql<z.infer<typeof Delivery> & { body: string; tried: z.infer<typeof Attempt>[] }>`
      select ${COLUMNS}, d.body,
        coalesce((select jsonb_agg(${ATTEMPT} order by a.at) from webhook_attempt a where a.delivery_id = d.id), '[]') as tried
      from webhook_delivery d left join ticket t on t.id = d.ticket_id
      where d.webhook_id = ${id} and d.id = ${delivery}`.execute(db)
    return c.json(found(rows[0], 'message'), 200)
  })
  app.openapi(replay, async (c) => {
    const { id, delivery } = c.req.valid('param')
    await transact(db, actorOf(c.get('reader')), (tx) => replayDelivery(tx, id, delivery))
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(replayAll, async (c) => {
    const { from, to } = c.req.valid('json')
    const period = { from: new Date(from), to: new Date(to) }
    const replayed = await transact(db, actorOf(c.get('reader')), (tx) =>
      replayFailed(tx, c.req.valid('param').id, period),
    )
    return c.json({ replayed }, 200)
  })
}
