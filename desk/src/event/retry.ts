import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import type { Unread } from './schema.ts'

// Any slot will do: they only keep writers of one count out of each other's way.
const SLOTS = 32_000

/**
 * Sends a dead letter round again as a receipt of its own, for the adapter as it is now to read. Once only:
 * where that fails too, there is a new dead letter with the new reason.
 */
export async function retryDeadLetter(
  tx: Tx,
  integrationId: string,
  id: string,
): Promise<{ receiptId: string }> {
  const letter = found(
    await tx.db
      .selectFrom('dead_letter')
      .select(['id', 'element', 'retried_at'])
      .where('id', '=', id)
      .where('integration_id', '=', integrationId)
      .forUpdate()
      .executeTakeFirst(),
    'dead letter',
  )
  if (letter.retried_at) throw new DeskError('conflict', 'It was sent round again already.')
  const unread: Unread = { kind: 'unread', element: letter.element }
  const { rows } = await sql<{ id: string }>`
    with kept as (
      insert into receipt (received_at, integration_id, outcome, answer_status, content_type, headers, body, event_count)
      values (${tx.now}, ${integrationId}, 'accepted', 202, 'application/json',
              ${JSON.stringify({ 'x-tocsin-retry-of': id })}::jsonb, convert_to(${letter.element}, 'UTF8'), 1)
      returning id, received_at
    ), waiting as (
      insert into receipt_waiting (integration_id, receipt_id, received_at, event_count, events)
      select ${integrationId}, id, received_at, 1, ${JSON.stringify([unread])}::json from kept
    ), counted as (
      insert into tally as t (integration_id, minute, bucket, slot, count)
      values (${integrationId}, date_trunc('minute', ${tx.now}::timestamptz), 'received', ${randomInt(SLOTS)}, 1)
      on conflict (integration_id, minute, bucket, slot) do update set count = t.count + 1
    )
    update dead_letter set retried_at = ${tx.now}, retried_receipt_id = kept.id from kept where dead_letter.id = ${id}
    returning kept.id, pg_notify('receipts', '')`.execute(tx.db)
  await record(tx, [
    {
      verb: 'retry',
      subject: { kind: 'dead_letter', id },
      after: { integration: integrationId, receipt: rows[0]!.id },
      visibility: 'audit',
    },
  ])
  return { receiptId: rows[0]!.id }
}
