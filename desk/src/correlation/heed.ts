import { sql } from 'kysely'
import { recordOnTickets, type Tx } from '../activity/index.ts'
import { endEscalations } from '../escalation/index.ts'
import type { AlertChange } from './write.ts'

interface Heeded {
  ticket_id: string
  escalation_id: string
}

/**
 * Somebody has acknowledged alerts where they came from, or before they came to their ticket: one in which no other
 * alert fires unacknowledged pages nobody any more. Nobody has answered for the ticket by that, so its response is
 * still due. The tickets are locked by the caller.
 */
export async function heedSenders(tx: Tx, changes: AlertChange[]): Promise<void> {
  const causes = new Map(
    changes.flatMap(({ status, ticketId, alertId, cause }) =>
      status === 'acknowledged' && ticketId ? [[ticketId, { alertId, cause }] as const] : [],
    ),
  )
  if (causes.size === 0) return
  const { rows } = await sql<Heeded>`
    select distinct on (e.ticket_id) e.ticket_id, e.id as escalation_id
    from escalation e
    where e.ticket_id = any(${[...causes.keys()]}::uuid[])
      and (e.state = 'running' or exists (select from page p where p.ticket_id = e.ticket_id and p.state = 'open'))
      and not exists (select from alert a where a.ticket_id = e.ticket_id and a.status = 'firing')
    order by e.ticket_id, e.cycle desc`.execute(tx.db)
  await recordOnTickets(
    tx,
    rows.map(({ ticket_id, escalation_id }) => ({
      ticketId: ticket_id,
      verb: 'end',
      subject: { kind: 'escalation', id: escalation_id },
      after: { state: 'acknowledged' },
      ...(causes.get(ticket_id)!.cause && { cause: causes.get(ticket_id)!.cause }),
      why: { rule: 'acknowledged_at_source', alert: causes.get(ticket_id)!.alertId },
    })),
  )
  await endEscalations(
    tx,
    rows.map(({ ticket_id }) => ticket_id),
    'acknowledged',
  )
}
