import type { Tx } from '../activity/index.ts'
import { withdraw } from '../approval/index.ts'
import { cancelTicket, carryOut, type ChangeMove, type Outcome, type Ticket } from '../ticket/index.ts'

/** One step in the life of a change, with what hangs on it. */
export async function moveChange(
  tx: Tx,
  input: { id: string; move: ChangeMove | 'cancel'; outcome?: Outcome },
): Promise<Ticket> {
  const { id, move, outcome } = input
  const ticket =
    move === 'cancel' ? await cancelTicket(tx, { id }) : await carryOut(tx, { id, move, outcome })
  if (move === 'revise' || move === 'cancel') await withdraw(tx, id)
  return ticket
}
