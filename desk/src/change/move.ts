import type { Tx } from '../activity/index.ts'
import { withdraw } from '../approval/index.ts'
import type { Reader } from '../auth/index.ts'
import {
  cancelTicket,
  carryOut,
  type ChangeMove,
  type EditInput,
  editTicket,
  type Outcome,
  type Ticket,
} from '../ticket/index.ts'
import { followPlan } from './window.ts'

/** One step in the life of a change, with what hangs on it: its approvals and its maintenance windows. */
export async function moveChange(
  tx: Tx,
  reader: Reader,
  input: { id: string; move: ChangeMove | 'cancel'; outcome?: Outcome; statusId?: string },
): Promise<Ticket> {
  const { id, move, outcome, statusId } = input
  const ticket =
    move === 'cancel'
      ? await cancelTicket(tx, { id, statusId })
      : await carryOut(tx, { id, move, outcome, statusId })
  if (move === 'revise' || move === 'cancel') await withdraw(tx, id)
  await followPlan(tx, reader, id)
  return ticket
}

/** Edits a ticket; where it is a change, what it keeps quiet follows. */
export async function editWithWindows(tx: Tx, reader: Reader, input: EditInput): Promise<Ticket> {
  const ticket = await editTicket(tx, input)
  if (ticket.kind === 'change') await followPlan(tx, reader, ticket.id)
  return ticket
}
