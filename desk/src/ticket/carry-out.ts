import type { Tx } from '../activity/index.ts'
import type { Ticket } from './change.ts'
import type { Move, Need } from './lifecycles.ts'
import { moveTicket } from './move.ts'

export type Outcome = 'successful' | 'with_issues' | 'backed_out' | 'failed'
export const OUTCOMES: Outcome[] = ['successful', 'with_issues', 'backed_out', 'failed']
export type ChangeMove = Extract<
  Move,
  'assess' | 'authorize' | 'schedule' | 'implement' | 'review' | 'revise' | 'close'
>

/** One step in the life of a change. When it was carried out, and how it ended, stays with its plan. */
export async function carryOut(
  tx: Tx,
  { id, move, outcome, statusId }: { id: string; move: ChangeMove; outcome?: Outcome; statusId?: string },
): Promise<Ticket> {
  const brings: Need[] = move === 'close' && outcome ? ['outcome'] : []
  const ticket = await moveTicket(
    tx,
    { id, statusId, brings, ...(brings.length > 0 && { after: { outcome } }) },
    move,
    'internal',
  )
  const set = {
    ...(move === 'implement' && { implemented_at: ticket.updated_at }),
    ...(move === 'review' && { ended_at: ticket.updated_at }),
    // What was approved is not what will be asked for next.
    ...(move === 'revise' && { approved_at: null }),
    ...(move === 'close' && outcome && { outcome }),
  }
  if (Object.keys(set).length > 0)
    await tx.db.updateTable('change_plan').set(set).where('ticket_id', '=', id).execute()
  return ticket
}
