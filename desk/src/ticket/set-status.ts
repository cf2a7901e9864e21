import type { Tx } from '../activity/index.ts'
import { changeTicket, lockTicket, type Ticket } from './change.ts'
import { decideStatus, readStatuses, reasonWith } from './status.ts'

/** Gives a ticket a status of the state that it is in, or takes it away; to another state it takes a move. */
export async function setStatus(given: Tx, input: { id: string; statusId: string | null }): Promise<Ticket> {
  const { ticket, tx } = await lockTicket(given, input.id)
  const { had, asked } = await readStatuses(tx, ticket.status_id, input.statusId)
  const reason = (ticket.state === 'pending' && reasonWith(asked)) || ticket.pending_reason
  const status = decideStatus(
    { state: ticket.state, status: had },
    { ...ticket, pending_reason: reason },
    asked,
  )
  if ((status?.id ?? null) === ticket.status_id && reason === ticket.pending_reason) return ticket
  const { ticket: next } = await changeTicket(tx, ticket, {
    verb: 'status',
    set: {
      status_id: status?.id ?? null,
      ...(reason !== ticket.pending_reason && { pending_reason: reason }),
    },
  })
  return next
}
