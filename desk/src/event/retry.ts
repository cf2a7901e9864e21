import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { enqueueMessages } from './enqueue.ts'
import type { Unread } from './schema.ts'

interface Letter {
  id: string
  element: string
  /** The request that the sender made, also where this letter comes of an earlier retry; gone with its day. */
  request: NonNullable<Unread['request']> | null
}

/**
 * Sends a dead letter round again as a receipt of its own, for the adapter as it is now to read. Once only:
 * where that fails too, there is a new dead letter with the new reason.
 */
export async function retryDeadLetter(
  tx: Tx,
  integrationId: string,
  id: string,
): Promise<{ receiptId: string }> {
  const row = await tx.db
    .selectFrom('dead_letter')
    .select(['id', 'retried_at'])
    .where('id', '=', id)
    .where('integration_id', '=', integrationId)
    .forUpdate()
    .executeTakeFirst()
  if (found(row, 'dead letter').retried_at)
    throw new DeskError('conflict', 'It was sent round again already.')
  const [receiptId = ''] = await sendRound(tx, integrationId, [id])
  return { receiptId }
}

// Each goes with the request that it came in, which may be large.
const AT_ONCE = 100

/**
 * Sends round those that came before an instant and were not yet, the oldest first, as many as one transaction carries.
 * What fails again comes after it, and so is not sent round for ever.
 */
export async function retryDeadLetters(
  tx: Tx,
  integrationId: string,
  before: Date = tx.now,
): Promise<{ retried: number; left: number; before: Date }> {
  const waits = sql`integration_id = ${integrationId} and retried_at is null and received_at < ${before}`
  const { rows } = await sql<{ id: string }>`
    select id from dead_letter where ${waits} order by id limit ${AT_ONCE} for update skip locked`.execute(
    tx.db,
  )
  await sendRound(
    tx,
    integrationId,
    rows.map(({ id }) => id),
  )
  const { rows: left } = await sql<{ count: number }>`
    select count(*)::int as count from dead_letter where ${waits}`.execute(tx.db)
  return { retried: rows.length, left: left[0]!.count, before }
}

/** Of letters that the caller has locked. Answers the receipts, in their order. */
async function sendRound(tx: Tx, integrationId: string, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const letters = await readLetters(tx, ids)
  const receipts = await enqueueMessages(
    tx,
    letters.map(({ id, element, request }) => ({
      integrationId,
      event: { kind: 'unread', element, ...(request && { request }) },
      body: element,
      headers: { 'x-tocsin-retry-of': id },
    })),
  )
  const given = letters.map(({ id }, place) => ({ id, receipt: receipts[place]! }))
  await sql`
    update dead_letter d set retried_at = ${tx.now}, retried_receipt_id = g.receipt
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, receipt uuid) where d.id = g.id`.execute(
    tx.db,
  )
  await record(
    tx,
    given.map(({ id, receipt }) => ({
      verb: 'retry',
      subject: { kind: 'dead_letter', id },
      after: { integration: integrationId, receipt },
      visibility: 'audit',
    })),
  )
  return receipts
}

async function readLetters(tx: Tx, ids: string[]): Promise<Letter[]> {
  const { rows } = await sql<Letter>`
    with recursive origin as (
      select id as letter, integration_id, receipt_id, received_at, 0 as depth
      from dead_letter where id = any(${ids}::uuid[])
      union all
      select o.letter, d.integration_id, d.receipt_id, d.received_at, o.depth + 1 from origin o
      join dead_letter d on d.integration_id = o.integration_id and d.retried_receipt_id = o.receipt_id
    ), first as (
      select distinct on (letter) letter, receipt_id, received_at from origin order by letter, depth desc
    )
    select d.id, d.element, case when r.id is not null then jsonb_build_object(
      'body', encode(r.body, 'base64'), 'content_type', r.content_type, 'headers', r.headers) end as request
    from dead_letter d join first f on f.letter = d.id
    left join receipt r on r.id = f.receipt_id and r.received_at = f.received_at
    order by d.id`.execute(tx.db)
  return rows
}
