import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { enqueueMessages } from './enqueue.ts'
import type { Unread } from './schema.ts'

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
  const request = await requestOf(tx, id)
  const unread: Unread = { kind: 'unread', element: letter.element, ...(request && { request }) }
  const [receiptId = ''] = await enqueueMessages(tx, [
    { integrationId, event: unread, body: letter.element, headers: { 'x-tocsin-retry-of': id } },
  ])
  await tx.db
    .updateTable('dead_letter')
    .set({ retried_at: tx.now, retried_receipt_id: receiptId })
    .where('id', '=', id)
    .execute()
  await record(tx, [
    {
      verb: 'retry',
      subject: { kind: 'dead_letter', id },
      after: { integration: integrationId, receipt: receiptId },
      visibility: 'audit',
    },
  ])
  return { receiptId }
}

/** The request that the sender made, also where this letter comes of an earlier retry; gone with its day. */
async function requestOf(tx: Tx, letterId: string): Promise<Unread['request']> {
  const { rows } = await sql<NonNullable<Unread['request']>>`
    with recursive origin as (
      select integration_id, receipt_id, received_at, 0 as depth from dead_letter where id = ${letterId}
      union all
      select d.integration_id, d.receipt_id, d.received_at, o.depth + 1 from origin o
      join dead_letter d on d.integration_id = o.integration_id and d.retried_receipt_id = o.receipt_id
    )
    select encode(r.body, 'base64') as body, r.content_type, r.headers
    from (select * from origin order by depth desc limit 1) o
    join receipt r on r.id = o.receipt_id and r.received_at = o.received_at`.execute(tx.db)
  return rows[0]
}
