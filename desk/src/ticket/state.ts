import { DeskError } from '../activity/index.ts'

export type TicketKind = 'incident' | 'request' | 'problem' | 'change'
export type TicketState = 'new' | 'in_progress' | 'pending' | 'resolved' | 'closed' | 'cancelled'
export type PendingReason = 'requester' | 'vendor' | 'change' | 'other'
export type Move = 'acknowledge' | 'start' | 'pend' | 'resume' | 'resolve' | 'close' | 'reopen' | 'cancel'

export const STATES: TicketState[] = ['new', 'in_progress', 'pending', 'resolved', 'closed', 'cancelled']
export const OPEN_STATES: TicketState[] = ['new', 'in_progress', 'pending']
export const PENDING_REASONS: PendingReason[] = ['requester', 'vendor', 'change', 'other']

/**
 * The life of a ticket: from which states a move is allowed, and where it leads. `same` keeps the state.
 * A move that is already done (closing what is closed) changes nothing and is no error.
 */
export const MOVES: Record<Move, { from: TicketState[]; to: TicketState | 'same'; done?: TicketState[] }> = {
  acknowledge: { from: ['new', 'in_progress', 'pending'], to: 'same' },
  start: { from: ['new', 'pending'], to: 'in_progress', done: ['in_progress'] },
  pend: { from: ['new', 'in_progress', 'pending'], to: 'pending' },
  resume: { from: ['pending'], to: 'in_progress', done: ['in_progress'] },
  resolve: { from: ['new', 'in_progress', 'pending'], to: 'resolved', done: ['resolved'] },
  close: { from: ['resolved'], to: 'closed', done: ['closed'] },
  reopen: { from: ['resolved', 'closed'], to: 'in_progress' },
  cancel: { from: ['new', 'in_progress', 'pending'], to: 'cancelled', done: ['cancelled'] },
}

export interface Lifecycle {
  state: TicketState
  pending_reason: PendingReason | null
  acknowledged_at: Date | null
  resolved_at: Date | null
  closed_at: Date | null
  reopen_count: number
}

const WORDS: Record<TicketState, string> = {
  new: 'new',
  in_progress: 'in progress',
  pending: 'pending',
  resolved: 'resolved',
  closed: 'closed',
  cancelled: 'cancelled',
}

/**
 * What a move changes, or null when it is done already. Throws `conflict` when the state does not allow it.
 * `byPerson`: only a person's acknowledgement counts as one.
 */
export function decideMove(
  ticket: Lifecycle,
  move: { move: Move; reason?: PendingReason; byPerson: boolean },
  now: Date,
): Partial<Lifecycle> | null {
  const rule = MOVES[move.move]
  if (rule.done?.includes(ticket.state)) return null
  if (!rule.from.includes(ticket.state))
    throw new DeskError('conflict', `This is not possible while the ticket is ${WORDS[ticket.state]}.`)
  switch (move.move) {
    case 'acknowledge':
      if (!move.byPerson) return null
      if (ticket.acknowledged_at && ticket.state !== 'new') return null
      return {
        acknowledged_at: ticket.acknowledged_at ?? now,
        ...(ticket.state === 'new' && { state: 'in_progress' }),
      }
    case 'pend':
      if (!move.reason)
        throw new DeskError('invalid', 'Say what the ticket waits for.', {
          errors: [{ path: 'reason', message: 'is required' }],
        })
      if (ticket.state === 'pending' && ticket.pending_reason === move.reason) return null
      return { state: 'pending', pending_reason: move.reason }
    case 'resolve':
      return { state: 'resolved', pending_reason: null, resolved_at: now }
    case 'close':
      return { state: 'closed', closed_at: now }
    case 'reopen':
      return {
        state: 'in_progress',
        resolved_at: null,
        closed_at: null,
        reopen_count: ticket.reopen_count + 1,
      }
    case 'cancel':
      return { state: 'cancelled', pending_reason: null, closed_at: now }
    default:
      return { state: rule.to as TicketState, pending_reason: null }
  }
}
