import { sql } from 'kysely'
import { DeskError, found, record, recordOnTickets, type Tx } from '../activity/index.ts'
import { acknowledgeTicket, OPEN_STATES } from '../ticket/index.ts'

/** A person takes notice of an alert, and so of its incident while that is open. Again is no error. */
export async function acknowledgeAlert(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<{
    status: string
    episode: number
    ticket_id: string | null
    open: boolean | null
  }>`
    select a.status, a.episode, a.ticket_id, t.state = any(${[...OPEN_STATES]}) as open
    from alert a left join ticket t on t.id = a.ticket_id where a.id = ${id} for update of a`.execute(tx.db)
  const alert = found(rows[0], 'alert')
  if (alert.status === 'resolved')
    throw new DeskError('conflict', 'The alert has resolved: there is nothing to acknowledge.')
  if (alert.status === 'acknowledged') return
  const person = tx.actor.kind === 'person' ? tx.actor.id : null
  await tx.db
    .updateTable('alert')
    .set((eb) => ({
      status: 'acknowledged' as const,
      acknowledged_at: tx.now,
      acknowledged_by: person,
      updated_at: tx.now,
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
  const line = {
    verb: 'acknowledge',
    subject: { kind: 'alert', id },
    before: { status: alert.status },
    after: { status: 'acknowledged', episode: alert.episode },
  }
  if (!alert.ticket_id) {
    await record(tx, [line])
    return
  }
  if (alert.open) await acknowledgeTicket(tx, { id: alert.ticket_id, cause: { kind: 'alert', id } })
  await recordOnTickets(tx, [{ ...line, ticketId: alert.ticket_id }])
}
