import { sql } from 'kysely'
import { DeskError, found, record, recordOnTickets, type Tx } from '../activity/index.ts'
import { OPEN_STATES } from '../ticket/index.ts'

/** Ends a snooze before its time: the sweep takes the alert up at once, as it would at its end. Refused where none runs. */
export async function unsnoozeAlert(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<{ ticket_id: string | null; open: boolean | null; status: string }>`
    select a.ticket_id, a.status, (select t.state = any(${[...OPEN_STATES]}) from ticket t where t.id = a.ticket_id) as open
    from alert a where a.id = ${id} for update`.execute(tx.db)
  const alert = found(rows[0], 'alert')
  const { rows: woken } = await sql<{ until: Date; episode: number }>`
    update alert set snoozed_until = ${tx.now}, due_at = ${tx.now}, updated_at = ${tx.now}, revision = revision + 1,
      held_until = case when held = 'snoozed' then ${tx.now}::timestamptz else held_until end
    where id = ${id} and status <> 'resolved' and snoozed_until > ${tx.now}
    returning old.snoozed_until as until, episode`.execute(tx.db)
  const ended = woken[0]
  if (!ended) throw new DeskError('conflict', 'The alert is not snoozed.')
  const line = {
    verb: 'unsnooze',
    subject: { kind: 'alert', id },
    before: { until: ended.until.toISOString() },
    after: { status: alert.status, episode: ended.episode },
  }
  await (alert.ticket_id && alert.open
    ? recordOnTickets(tx, [{ ...line, ticketId: alert.ticket_id }])
    : record(tx, [line]))
}
