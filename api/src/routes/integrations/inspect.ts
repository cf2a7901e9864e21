import { z } from '@hono/zod-openapi'
import {
  type Accounting as Account,
  actorOf,
  BUCKETS,
  configurationOf,
  found,
  isMendable,
  isSystem,
  olderThanKept,
  readAccounting,
  readAccountings,
  retryDeadLetter,
  retryDeadLetters,
  retryReceipt,
  SYSTEMS,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { Id, IdParams, Instant, json, page, Paging, route } from '../../route.ts'
import { demandIntegration, integrationVisible } from './visible.ts'

const Accounting = z
  .object({
    received: z.number(),
    waiting: z.number(),
    buckets: z.record(z.enum(BUCKETS), z.number()),
    /** received = waiting + the sum of the buckets */
    balanced: z.boolean(),
    rejected: z.number(),
    as_of: Instant,
    per_minute: z.array(z.object({ minute: Instant, count: z.number() })),
  })
  .openapi('Accounting')
const OneAccount = Accounting.extend({ integration_id: Id }).openapi('IntegrationAccounting')
const Receipt = z
  .object({
    id: Id,
    received_at: Instant,
    outcome: z.enum(['accepted', 'rejected']),
    answer_status: z.number(),
    reason: z.string().nullable(),
    content_type: z.string().nullable(),
    event_count: z.number(),
    size: z.number(),
    retriable: z
      .boolean()
      .openapi({ description: 'refused for its content, and not read again yet: a fix may have mended it' }),
    retried: z
      .object({ at: Instant, receipt_id: Id })
      .nullable()
      .openapi({ description: 'a refused one that was read again' }),
  })
  .openapi('Receipt')
const RawReceipt = Receipt.extend({
  headers: z.record(z.string(), z.string()),
  /** As it came; bytes that are no UTF-8 are replaced. */
  body: z.string(),
  events: z.array(
    z.object({
      position: z.number(),
      kind: z.string(),
      title: z.string().nullable(),
      dedup_key: z.string().nullable(),
      bucket: z.enum(BUCKETS),
      reason: z.record(z.string(), z.unknown()).nullable(),
      alert_id: Id.nullable(),
      decided_at: Instant,
    }),
  ),
})
const Setup = z
  .object({
    url: z.string().openapi({ description: '`<key>` stands for the key, which only its maker has seen' }),
    snippets: z.array(z.object({ file: z.string(), language: z.string(), text: z.string() })),
  })
  .openapi('IntegrationSetup')
const DeadLetter = z
  .object({
    id: Id,
    receipt_id: Id,
    received_at: Instant,
    position: z.number(),
    element: z.string(),
    reason: z.string(),
    retried_at: Instant.nullable(),
    retried_receipt_id: Id.nullable(),
    retried_bucket: z
      .enum(BUCKETS)
      .nullable()
      .openapi({ description: 'null until that is decided; dead-letter where a part of it still is' }),
  })
  .openapi('DeadLetter')

const tags = ['Integrations']
const accounting = route('integration.read', {
  method: 'get',
  path: '/integrations/{id}/accounting',
  summary: 'What became of everything it sent',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Accounting, 'The account, in one snapshot') },
})
const accountings = route('integration.read', {
  method: 'get',
  path: '/accounting',
  summary: 'What became of everything that each integration sent',
  tags,
  responses: { 200: json(page(OneAccount), 'The accounts, in one snapshot') },
})
const setup = route('integration.read', {
  method: 'get',
  path: '/integrations/{id}/setup',
  summary: "The sender's configuration to copy",
  tags,
  request: { params: IdParams },
  responses: { 200: json(Setup, 'The configuration') },
})
const receipts = route('integration.read', {
  method: 'get',
  path: '/integrations/{id}/receipts',
  summary: 'Requests as they came, the latest first',
  tags,
  request: {
    params: IdParams,
    query: Paging.extend({ outcome: z.enum(['accepted', 'rejected']).optional() }),
  },
  responses: { 200: json(page(Receipt), 'Receipts') },
})
const receipt = route('integration.read', {
  method: 'get',
  path: '/integrations/{id}/receipts/{receiptId}',
  summary: 'One request with its raw body, and what became of each event in it',
  tags,
  request: { params: IdParams.extend({ receiptId: Id }) },
  responses: { 200: json(RawReceipt, 'The receipt') },
})
const letters = route('integration.read', {
  method: 'get',
  path: '/integrations/{id}/dead-letters',
  summary: 'What could not be read, and why',
  tags,
  request: {
    params: IdParams,
    query: Paging.extend({
      retried: z
        .enum(['true', 'false'])
        .optional()
        .openapi({ description: 'only those that were sent round again, or were not' }),
    }),
  },
  responses: { 200: json(page(DeadLetter), 'Dead letters') },
})
const retryRefused = route('integration.edit', {
  method: 'post',
  path: '/integrations/{id}/receipts/{receiptId}/retry',
  summary: 'Have a refused request read again, after a fix, as a receipt of its own',
  tags,
  request: { params: IdParams.extend({ receiptId: Id }) },
  responses: { 200: json(z.object({ receipt_id: Id }), 'It waits for the worker') },
})
const retryAll = route('integration.edit', {
  method: 'post',
  path: '/integrations/{id}/dead-letters/retry',
  summary:
    'Have all that were not yet read again, the oldest first: a share of them each time, until none is left',
  tags,
  request: {
    params: IdParams,
    query: z.object({
      before: Instant.optional().openapi({
        description:
          'only what came before: as the first answer said, so that what fails again is left alone',
      }),
    }),
  },
  responses: {
    200: json(
      z.object({ retried: z.number(), left: z.number(), before: Instant }),
      'They wait for the worker',
    ),
  },
})
const retry = route('integration.edit', {
  method: 'post',
  path: '/integrations/{id}/dead-letters/{letterId}/retry',
  summary: 'Have it read again, after a fix, as a receipt of its own',
  tags,
  request: { params: IdParams.extend({ letterId: Id }) },
  responses: { 200: json(z.object({ receipt_id: Id }), 'It waits for the worker') },
})

const RECEIPT_COLUMNS = sql`r.id, r.received_at, r.outcome, r.answer_status, r.reason, r.content_type, r.event_count, length(r.body) as size,
  (select jsonb_build_object('at', y.at, 'receipt_id', y.retried_receipt_id) from receipt_retry y where y.receipt_id = r.id) as retried`

type Read = Omit<z.infer<typeof Receipt>, 'retriable'>
const shown = <T extends Read>(receipt: T, system: string) => ({
  ...receipt,
  retriable: isMendable(receipt, system) && receipt.retried === null,
})

/** A page of a list whose ids rise with time. */
function pageOf<T extends { id: string }>(rows: T[], limit: number): { items: T[]; next: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last ? encodeCursor([last.id]) : null }
}
const older = (cursor: string | undefined) =>
  cursor ? sql`and id < ${decodeCursor(cursor, 1)[0]}::uuid` : sql``

const accountOf = ({ as_of, per_minute, ...account }: Account): z.infer<typeof Accounting> => ({
  ...account,
  as_of: as_of.toISOString(),
  per_minute: per_minute.map(({ minute, count }) => ({ minute: minute.toISOString(), count })),
})

export const inspectRoutes: Resource = (app, { db, config }) => {
  app.openapi(accounting, async (c) => {
    const { id } = c.req.valid('param')
    await demandIntegration(db, c.get('reader'), id)
    return c.json(accountOf(await readAccounting(db, id)), 200)
  })
  app.openapi(accountings, async (c) => {
    const { rows } = await sql<{ id: string }>`
      select i.id from integration i
      where i.archived_at is null and ${integrationVisible(c.get('reader'))} order by i.name, i.id`.execute(
      db,
    )
    const accounts = await readAccountings(
      db,
      rows.map(({ id }) => id),
    )
    const items = rows.map(({ id }) => ({ integration_id: id, ...accountOf(accounts.get(id)!) }))
    return c.json({ items, next: null }, 200)
  })
  app.openapi(setup, async (c) => {
    const { system } = await demandIntegration(db, c.get('reader'), c.req.valid('param').id)
    const sender = isSystem(system) ? SYSTEMS[system] : { name: system }
    return c.json(configurationOf(system, sender, config.ingestUrl), 200)
  })
  app.openapi(receipts, async (c) => {
    const { id } = c.req.valid('param')
    const { cursor, limit, outcome } = c.req.valid('query')
    const { system } = await demandIntegration(db, c.get('reader'), id)
    const { rows } = await sql<Read>`
      select ${RECEIPT_COLUMNS} from receipt r
      where r.integration_id = ${id} ${outcome ? sql`and r.outcome = ${outcome}` : sql``} ${older(cursor)}
      order by r.id desc limit ${limit + 1}`.execute(db)
    const { items, next } = pageOf(rows, limit)
    return c.json({ items: items.map((one) => shown(one, system)), next }, 200)
  })
  app.openapi(receipt, async (c) => {
    const { id, receiptId } = c.req.valid('param')
    const { system } = await demandIntegration(db, c.get('reader'), id)
    const { rows } = await sql<Omit<z.infer<typeof RawReceipt>, 'body' | 'retriable'> & { body: Buffer }>`
      select ${RECEIPT_COLUMNS}, r.headers, r.body,
        coalesce((select jsonb_agg(e order by e.position) from (
                    select position, kind, title, dedup_key, bucket, reason, alert_id, decided_at
                    from event where receipt_id = r.id) e), '[]') as events
      from receipt r where r.integration_id = ${id} and r.id = ${receiptId}`.execute(db)
    if (rows.length === 0) await olderThanKept(db, receiptId)
    const row = found(rows[0], 'receipt')
    return c.json({ ...shown(row, system), body: row.body.toString('utf8') }, 200)
  })
  app.openapi(letters, async (c) => {
    const { id } = c.req.valid('param')
    const { cursor, limit, retried } = c.req.valid('query')
    await demandIntegration(db, c.get('reader'), id)
    const which =
      retried === undefined
        ? sql``
        : retried === 'true'
          ? sql`and retried_at is not null`
          : sql`and retried_at is null`
    const { rows } = await sql<z.infer<typeof DeadLetter>>`
      select id, receipt_id, received_at, position, element, reason, retried_at, retried_receipt_id,
        (select e.bucket from event e where e.receipt_id = d.retried_receipt_id and e.received_at = d.retried_at
         order by e.bucket = 'dead-letter' desc, e.position limit 1) as retried_bucket
      from dead_letter d where integration_id = ${id} ${which} ${older(cursor)} order by id desc limit ${limit + 1}`.execute(
      db,
    )
    return c.json(pageOf(rows, limit), 200)
  })
  app.openapi(retryRefused, async (c) => {
    const { id, receiptId } = c.req.valid('param')
    await demandIntegration(db, c.get('reader'), id)
    const made = await transact(db, actorOf(c.get('reader')), (tx) => retryReceipt(tx, id, receiptId))
    return c.json({ receipt_id: made.receiptId }, 200)
  })
  app.openapi(retryAll, async (c) => {
    const { id } = c.req.valid('param')
    await demandIntegration(db, c.get('reader'), id)
    const { before } = c.req.valid('query')
    const sent = await transact(db, actorOf(c.get('reader')), (tx) =>
      retryDeadLetters(tx, id, before ? new Date(before) : undefined),
    )
    return c.json({ ...sent, before: sent.before.toISOString() }, 200)
  })
  app.openapi(retry, async (c) => {
    const { id, letterId } = c.req.valid('param')
    const { receiptId } = await transact(db, actorOf(c.get('reader')), (tx) =>
      retryDeadLetter(tx, id, letterId),
    )
    return c.json({ receipt_id: receiptId }, 200)
  })
}
