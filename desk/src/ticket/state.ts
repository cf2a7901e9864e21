import { DeskError } from '../activity/index.ts'
import { type Life, LIFECYCLES, type Move, type Need, type Rule, type TicketState } from './lifecycles.ts'

export type PendingReason = 'requester' | 'vendor' | 'change' | 'other'

export const STATES: TicketState[] = [
  'new',
  'in_progress',
  'pending',
  'fixing',
  'assess',
  'authorize',
  'scheduled',
  'implement',
  'review',
  'resolved',
  'closed',
  'cancelled',
]
export const isOpen = (state: TicketState): boolean => !['resolved', 'closed', 'cancelled'].includes(state)
export const OPEN_STATES: TicketState[] = STATES.filter(isOpen)
export const MOVES = [...new Set(Object.values(LIFECYCLES).flatMap((moves) => Object.keys(moves)))] as Move[]
export const PENDING_REASONS: PendingReason[] = ['requester', 'vendor', 'change', 'other']

export interface Lifecycle {
  life: Life
  state: TicketState
  pending_reason: PendingReason | null
  acknowledged_at: Date | null
  resolved_at: Date | null
  closed_at: Date | null
  reopen_count: number
}
type Decided = Partial<Omit<Lifecycle, 'life'>>

/** What it is like for a ticket to be in a state. */
export const WORDS: Record<TicketState, string> = {
  new: 'new',
  in_progress: 'in progress',
  pending: 'pending',
  fixing: 'being fixed',
  assess: 'being assessed',
  authorize: 'waiting for its approval',
  scheduled: 'scheduled',
  implement: 'being implemented',
  review: 'in review',
  resolved: 'resolved',
  closed: 'closed',
  cancelled: 'cancelled',
}

const NAMES: Record<Life, string> = {
  incident: 'an incident',
  request: 'a service request',
  problem: 'a problem',
  standard: 'a standard change',
  normal: 'a normal change',
  emergency: 'an emergency change',
}

/** What is missing of that which is not given with the step. */
const ELSEWHERE: Partial<Record<Need, string>> = {
  approval: 'has not been given yet',
  review: 'has not been finished yet',
}

const inWords = (need: Need): string => need.split('.').at(-1)!.replaceAll('_', ' ').replace(' id', '')

/** The rule of a move in this life and state; undefined where it is not possible now. */
export function ruleFor(life: Life, state: TicketState, move: Move): Rule | undefined {
  const rule = LIFECYCLES[life][move]
  return rule?.from.includes(state) ? rule : undefined
}

/**
 * What a move changes, or null when it is done already. Throws `conflict` when the state does not allow it, and
 * `invalid` naming what is missing. `byPerson`: only a person's acknowledgement counts as one. `undone`: points of its
 * checklist that must be done first, `unanswered`: questions; what recovers by itself asks nobody for them.
 */
export function decideMove(
  ticket: Lifecycle,
  asked: {
    move: Move
    reason?: PendingReason
    byPerson: boolean
    has?: ReadonlySet<Need>
    undone?: number
    unanswered?: string[]
  },
  now: Date,
): Decided | null {
  const { move, reason, byPerson } = asked
  const rule = LIFECYCLES[ticket.life][move]
  if (!rule) throw new DeskError('conflict', `This is no step in the life of ${NAMES[ticket.life]}.`)
  if (rule.done?.includes(ticket.state)) return null
  if (!rule.from.includes(ticket.state))
    throw new DeskError('conflict', `This is not possible while the ticket is ${WORDS[ticket.state]}.`)
  const missing = (rule.needs ?? []).filter((need) => (need === 'reason' ? !reason : !asked.has?.has(need)))
  if (missing.length > 0)
    throw new DeskError(
      'invalid',
      missing[0] === 'reason'
        ? 'Say what the ticket waits for.'
        : `This step needs first: ${missing.map(inWords).join(', ')}.`,
      {
        errors: missing.map((path) => ({
          path,
          message: ELSEWHERE[path] ?? 'is required',
        })),
      },
    )
  if (rule.finishes && byPerson && asked.undone) {
    const message = asked.undone === 1 ? 'One point' : `${asked.undone} points`
    throw new DeskError('invalid', `${message} of the checklist must be done first.`, {
      errors: [{ path: 'checklist', message: 'must be done first' }],
    })
  }
  if (rule.finishes && byPerson && asked.unanswered?.length)
    throw new DeskError(
      'invalid',
      `These questions must be answered first: ${asked.unanswered.join(', ')}.`,
      {
        errors: asked.unanswered.map((key) => ({ path: `fields.${key}`, message: 'must be answered first' })),
      },
    )
  switch (move) {
    case 'acknowledge':
      if (!byPerson) return null
      if (ticket.acknowledged_at && ticket.state !== 'new') return null
      return {
        acknowledged_at: ticket.acknowledged_at ?? now,
        ...(ticket.state === 'new' && { state: 'in_progress' }),
      }
    case 'pend':
      if (ticket.state === 'pending' && ticket.pending_reason === reason) return null
      return { state: 'pending', pending_reason: reason! }
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
    case 'merge':
      return { state: 'closed', pending_reason: null, closed_at: now }
    default:
      return { state: rule.to as TicketState, pending_reason: null }
  }
}
