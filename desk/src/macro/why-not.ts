import { DeskError } from '../activity/index.ts'
import { decideMove, isOpen, type PendingReason } from '../ticket/index.ts'
import { type Does, plans } from './does.ts'

type Lifecycle = Parameters<typeof decideMove>[0]
type Has = NonNullable<Parameters<typeof decideMove>[1]['has']>

export interface Standing {
  ticket: Lifecycle
  has: Has
  /** The reader may plan and assign, not answer only. */
  works: boolean
}

/** Why a macro cannot be applied to a ticket as it stands, in words; null where nothing of its life forbids it. */
export function whyNot({ ticket, has, works }: Standing, does: Does, now: Date): string | null {
  if (plans(does) && !works) return 'Your roles answer tickets, and this also plans or assigns.'
  const { state } = ticket
  const reopens = does.move?.name === 'reopen'
  if (state === 'cancelled' && (does.reply || does.note)) return ended
  if (state === 'closed' && does.reply && !reopens) return ended
  if (!isOpen(state) && !reopens && (does.team_id !== undefined || does.assignee !== undefined))
    return 'The ticket has ended, and this hands it to somebody.'
  if (!does.move) return null
  const { name, reason, code } = does.move
  const brings = code === 'duplicate' || code === 'not-reproducible'
  try {
    const given = { move: name, reason: reason as PendingReason | undefined, byPerson: true }
    decideMove(
      ticket,
      { ...given, has: brings ? new Set([...has, 'problem.root_cause' as const]) : has },
      now,
    )
    return null
  } catch (error) {
    if (error instanceof DeskError) return error.message
    throw error
  }
}

const ended = 'The ticket has ended. Nobody writes on it before it is reopened.'
