import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'

/** The requester has answered: whoever waits for that is due. */
export async function wakeReminders(tx: Tx, ticketId: string): Promise<void> {
  await sql`
    with woken as (
      update reminder set due_at = ${tx.now} where ticket_id = ${ticketId} and state = 'waiting' and due_at is null
      returning id)
    select pg_notify('due', 'reminders') from woken limit 1`.execute(tx.db)
}
