import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { enqueueMessages } from './enqueue.ts'

// Refused for what they say. A body that was too large was not kept, and one without proof is not to be believed later.
const MENDED = [400, 422]
// What these ask stands in the address, which is not kept.
const IN_ADDRESS = ['opsgenie_api', 'alerta_api', 'heartbeat', 'email']

/** Whether a request was refused for something that a fix of ours may have mended. */
export const isMendable = (receipt: { outcome: string; answer_status: number }, system: string): boolean =>
  receipt.outcome === 'rejected' && MENDED.includes(receipt.answer_status) && !IN_ADDRESS.includes(system)

/**
 * Reads a refused request again, as a receipt of its own: its sender was told that it was not taken and has given up.
 * Once only: where it cannot be read now either, it is a dead letter with the new reason.
 */
export async function retryReceipt(
  tx: Tx,
  integrationId: string,
  receiptId: string,
): Promise<{ receiptId: string }> {
  const { rows } = await sql<{
    outcome: string
    answer_status: number
    system: string
    element: string
    request: { body: string; content_type: string | null; headers: Record<string, string> }
  }>`
    select r.outcome, r.answer_status, i.system, encode(r.body, 'base64') as element,
      jsonb_build_object('body', encode(r.body, 'base64'), 'content_type', r.content_type, 'headers', r.headers) as request
    from receipt r join integration i on i.id = r.integration_id
    where r.integration_id = ${integrationId} and r.id = ${receiptId}`.execute(tx.db)
  const { system, element, request, ...receipt } = found(rows[0], 'receipt')
  if (!isMendable(receipt, system))
    throw new DeskError('conflict', 'Only what was refused for its content can be read again.')
  const body = Buffer.from(element, 'base64').toString('utf8').replaceAll('\0', '')
  const [made = ''] = await enqueueMessages(tx, [
    {
      integrationId,
      event: { kind: 'unread', element: body, request },
      body,
      headers: { 'x-tocsin-retry-of': receiptId },
    },
  ])
  const kept = await tx.db
    .insertInto('receipt_retry')
    .values({ receipt_id: receiptId, integration_id: integrationId, at: tx.now, retried_receipt_id: made })
    .onConflict((conflict) => conflict.doNothing())
    .returning('receipt_id')
    .executeTakeFirst()
  if (!kept) throw new DeskError('conflict', 'It was read again already.')
  await record(tx, [
    {
      verb: 'retry',
      subject: { kind: 'receipt', id: receiptId },
      after: { integration: integrationId, receipt: made },
      visibility: 'audit',
    },
  ])
  return { receiptId: made }
}
