import { sql } from 'kysely'
import { DeskError, found, record, recordOnTickets, type Tx } from '../activity/index.ts'
import { OPEN_STATES } from '../ticket/index.ts'
import { acknowledgeWithAlerts } from './acknowledge.ts'
import { LONGEST_REST_MS } from './fold.ts'

/**
 * Lets an alert rest until `until`: nobody is paged for it, and its open incident counts as acknowledged. If it
 * still fires then, it asks anew. Refused for what has resolved, and for more than 30 days.
 */
export async function snoozeAlert(tx: Tx, { id, until }: { id: string; until: Date }): Promise<void> {
  const ms = until.getTime() - tx.now.getTime()
  if (!(ms > 0 && ms <= LONGEST_REST_MS))
    throw new DeskError('invalid', 'A snooze ends within 30 days, and not in the past.', {
      errors: [{ path: 'until', message: 'within the next 30 days' }],
    })
  const { rows } = await sql<{
    status: string
    episode: number
    ticket_id: string | null
    open: boolean | null
  }>`
    select a.status, a.episode, a.ticket_id, t.state = any(${[...OPEN_STATES]}) as open
    from alert a left join ticket t on t.id = a.ticket_id where a.id = ${id}`.execute(tx.db)
  const alert = found(rows[0], 'alert')
  if (alert.status === 'resolved')
    throw new DeskError('conflict', 'The alert has resolved: there is nothing to snooze.')
  const ticketId = alert.ticket_id && alert.open ? alert.ticket_id : null
  if (ticketId) await acknowledgeWithAlerts(tx, { id: ticketId, cause: { kind: 'alert', id } })
  await sql`
    update alert set snoozed_until = ${until}, due_at = least(due_at, ${until}), updated_at = ${tx.now},
      revision = revision + 1,
      status = case when ${ticketId !== null} then status else 'suppressed' end,
      held = case when ${ticketId !== null} then held else 'snoozed' end,
      held_until = case when ${ticketId !== null} then held_until else ${until}::timestamptz end
    where id = ${id}`.execute(tx.db)
  const line = {
    verb: 'snooze',
    subject: { kind: 'alert', id },
    before: { status: alert.status },
    after: { until: until.toISOString(), episode: alert.episode },
  }
  await (ticketId ? recordOnTickets(tx, [{ ...line, ticketId }]) : record(tx, [line]))
}
