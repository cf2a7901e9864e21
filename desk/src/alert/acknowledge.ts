import type { Tables } from '@tocsin/db'
import { type RawBuilder, sql, type Transaction } from 'kysely'
import { DeskError, found, record, recordOnTickets, type Tx } from '../activity/index.ts'
import { acknowledgeTicket, assignTicket, OPEN_STATES, type Ticket } from '../ticket/index.ts'

/** A person takes notice of an alert, and of its incident with all its alerts while that is open. Again is no error. */
export async function acknowledgeAlert(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<{ status: string; ticket_id: string | null; open: boolean | null }>`
    select a.status, a.ticket_id, t.state = any(${[...OPEN_STATES]}) as open
    from alert a left join ticket t on t.id = a.ticket_id where a.id = ${id}`.execute(tx.db)
  const alert = found(rows[0], 'alert')
  if (alert.status === 'resolved')
    throw new DeskError('conflict', 'The alert has resolved: there is nothing to acknowledge.')
  if (alert.status === 'acknowledged') return
  if (alert.ticket_id && alert.open)
    await acknowledgeWithAlerts(tx, { id: alert.ticket_id, cause: { kind: 'alert', id } })
  await mark(tx, sql`id = ${id} and status in ('firing', 'suppressed')`)
}

/**
 * A person takes notice of a ticket, and so of the alerts that fire in it. Here rather than with the ticket,
 * which knows no alerts: every door through which people acknowledge comes this way, in one transaction.
 */
export async function acknowledgeWithAlerts(
  tx: Tx,
  input: Parameters<typeof acknowledgeTicket>[1],
): Promise<Ticket> {
  await lockWithAlerts(tx.db, input.id)
  const ticket = await acknowledgeTicket(tx, input)
  await markFiring(tx, input.id)
  return ticket
}

/** Hands a ticket over. Whoever takes it themself has acknowledged it, and its alerts. */
export async function assignWithAlerts(tx: Tx, input: Parameters<typeof assignTicket>[1]): Promise<Ticket> {
  const takesIt = tx.actor.kind === 'person' && tx.actor.id === input.assigneeId
  if (takesIt) await lockWithAlerts(tx.db, input.id)
  const ticket = await assignTicket(tx, input)
  if (takesIt) await markFiring(tx, input.id)
  return ticket
}

/** Locks a ticket after its alerts: the worker locks in this order too, so neither ends the other's transaction. */
export async function lockWithAlerts(db: Transaction<Tables>, ticketId: string): Promise<void> {
  await lockAlertsOf(db, [ticketId])
  await db.selectFrom('ticket').select('id').where('id', '=', ticketId).forUpdate().execute()
}

const markFiring = (tx: Tx, ticketId: string) => markFiringOf(tx, [ticketId])

/** Alerts that fire in tickets which a person has taken notice of. */
export const markFiringOf = (tx: Tx, ticketIds: string[]): Promise<void> =>
  mark(tx, sql`ticket_id = any(${ticketIds}::uuid[]) and status = 'firing'`)

/** Locks what fires in tickets, before the tickets: in the order of the worker. */
export async function lockAlertsOf(db: Transaction<Tables>, ticketIds: string[]): Promise<void> {
  await sql`select from alert where ticket_id = any(${ticketIds}::uuid[]) and status = 'firing' order by id for update`.execute(
    db,
  )
}

async function mark(tx: Tx, which: RawBuilder<unknown>): Promise<void> {
  const person = tx.actor.kind === 'person' ? tx.actor.id : null
  const { rows } = await sql<{ id: string; episode: number; before: string; ticket_id: string | null }>`
    with marked as (
      update alert set status = 'acknowledged', acknowledged_at = ${tx.now}, acknowledged_by = ${person},
        restraint = restraint - 'noticed', updated_at = ${tx.now}, revision = revision + 1
      where ${which}
      returning id, episode, ticket_id, old.status as before
    ) select * from marked order by id`.execute(tx.db)
  const lines = rows.map(({ id, episode, before, ticket_id }) => ({
    ticketId: ticket_id,
    verb: 'acknowledge',
    subject: { kind: 'alert', id },
    before: { status: before },
    after: { status: 'acknowledged', episode },
  }))
  await recordOnTickets(
    tx,
    lines.flatMap(({ ticketId, ...line }) => (ticketId ? [{ ...line, ticketId }] : [])),
  )
  await record(
    tx,
    lines.flatMap(({ ticketId, ...line }) => (ticketId ? [] : [line])),
  )
}
