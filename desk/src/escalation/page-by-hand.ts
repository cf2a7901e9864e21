import { sql } from 'kysely'
import { DeskError, found, type Tx } from '../activity/index.ts'
import { openPages } from './open-pages.ts'

const BY_HAND = 0 // pages by hand form a cycle of their own; escalations count from 1

/** Pages one person about a ticket, because somebody asked for it. Answers the page's id. */
export async function pageByHand(tx: Tx, input: { ticketId: string; personId: string }): Promise<string> {
  const { rows: tickets } = await sql<{ state: string; step: number }>`
    select t.state, (select coalesce(max(step), -1) + 1 from page p where p.ticket_id = t.id and p.cycle = ${BY_HAND}) as step
    from ticket t where t.id = ${input.ticketId} for update of t`.execute(tx.db)
  const ticket = found(tickets[0], 'ticket')
  if (['resolved', 'closed', 'cancelled'].includes(ticket.state))
    throw new DeskError('conflict', 'The ticket has ended. Reopen it before you page somebody.')
  const person = await tx.db
    .selectFrom('person')
    .select('id')
    .where('id', '=', input.personId)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  found(person, 'person')
  const [id] = await openPages(tx, [
    {
      ticketId: input.ticketId,
      cycle: BY_HAND,
      step: ticket.step,
      recipientId: input.personId,
      why: { by_hand: tx.actor.kind === 'person' ? tx.actor.id : null },
      actor: tx.actor,
    },
  ])
  return id!
}
