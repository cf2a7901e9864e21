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
  const unread: Unread = { kind: 'unread', element: letter.element }
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
