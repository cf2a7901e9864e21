import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'

/**
 * The ticket ended just now without its work being done: what stopped with it was neither met nor missed. A breach
 * stays one, and an answer given stays given.
 */
export async function voidClocks(tx: Tx, ticketId: string): Promise<void> {
  await sql`
    update sla_clock set state = 'cancelled', version = version + 1
    where ticket_id = ${ticketId} and state = 'met' and target <> 'response' and stopped_at = ${tx.now}::timestamptz(3)`.execute(
    tx.db,
  )
}
