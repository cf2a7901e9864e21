import type { Severity } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError, recordOnTickets, type Tx } from '../activity/index.ts'
import { linkTickets, lockTicket, type OpenedTicket, type Ticket } from '../ticket/index.ts'
import { openApart } from './open-apart.ts'
import { readRecoveryHold, scheduleRecoveries } from './recover.ts'

export interface Taken {
  id: string
  /** That of the link which ended. */
  episode: number
  /** Its present opening stood in the ticket. */
  present: boolean
  status: string
  severity: Severity
}

/**
 * Takes an alert out of its ticket: a person disagrees with the rule. The opening that stood there comes back by
 * itself no more. `opens`: while it fires it gets an incident of its own, which is answered.
 */
export async function detachAlert(
  given: Tx,
  input: { ticketId: string; alertId: string; why?: string | null; opens?: boolean },
): Promise<OpenedTicket | null> {
  const { tx, ticket, taken } = await takeOut(given, { ...input, alertIds: [input.alertId] })
  const fires = taken.some(({ present, status }) => present && status !== 'resolved')
  const own = input.opens && fires ? await openApart(tx, ticket, taken) : null
  await recordOnTickets(
    tx,
    taken.map(({ id, episode }) => ({
      ticketId: ticket.id,
      verb: 'detach',
      subject: { kind: 'alert', id },
      after: { episode, ...(own && { other: own.id }) },
      why: { rule: 'person', ...(own && { split: own.id }) },
    })),
  )
  if (own) await linkTickets(tx, { fromId: own.id, toId: ticket.id, kind: 'relates' })
  await settleRecovery(tx, [ticket.id, ...(own ? [own.id] : [])])
  return own
}

/**
 * Ends the links of these alerts with a ticket that has not closed. Locks the alerts and then the ticket, as the
 * worker does, so that what it decides meanwhile comes wholly before or wholly after.
 */
export async function takeOut(
  given: Tx,
  { ticketId, alertIds, why }: { ticketId: string; alertIds: string[]; why?: string | null },
): Promise<{ tx: Tx; ticket: Ticket; taken: Taken[] }> {
  await sql`select from alert where id = any(${alertIds}::uuid[]) order by id for update`.execute(given.db)
  const { ticket, tx } = await lockTicket(given, ticketId)
  if (ticket.state === 'closed' || ticket.state === 'cancelled')
    throw new DeskError('conflict', 'The ticket has ended: its alerts stay with it.')
  const person = tx.actor.kind === 'person' ? tx.actor.id : null
  const { rows: taken } = await sql<Taken>`
    with gone as (
      update alert_link set detached_at = ${tx.now}, detached_by = ${person}, detached_why = ${why?.trim() || null}
      where ticket_id = ${ticketId} and alert_id = any(${alertIds}::uuid[]) and detached_at is null
      returning alert_id, episode
    ), freed as (
      update alert set ticket_id = null, restraint = restraint || '{"apart": true}', updated_at = ${tx.now},
        revision = revision + 1
      where ticket_id = ${ticketId} and id in (select alert_id from gone) returning id
    )
    select a.id, max(g.episode) as episode, a.id in (select id from freed) as present, a.status, a.severity
    from gone g join alert a on a.id = g.alert_id group by a.id order by a.id`.execute(tx.db)
  if (taken.length < new Set(alertIds).size)
    throw new DeskError('conflict', 'The alert does not stand in this ticket any more.')
  return { tx, ticket, taken }
}

/** A ticket whose last alert has left recovers from nothing: people end it. */
export async function settleRecovery(tx: Tx, ticketIds: string[]): Promise<void> {
  await sql`delete from recovery where ticket_id = any(${ticketIds}::uuid[])`.execute(tx.db)
  const { rows } = await sql<{ id: string }>`
    select distinct ticket_id as id from alert where ticket_id = any(${ticketIds}::uuid[])`.execute(tx.db)
  await scheduleRecoveries(
    tx,
    rows.map(({ id }) => id),
    await readRecoveryHold(tx),
  )
}
