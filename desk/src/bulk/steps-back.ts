import { DeskError } from '../activity/index.ts'
import { isOpen, type PendingReason, type TicketState } from '../ticket/index.ts'
import type { WishedStep } from './wish.ts'

export interface Place {
  state: TicketState
  reason: PendingReason | null
  /** How it had ended. */
  code?: string | null
}

const WORKED: TicketState[] = ['in_progress', 'fixing']

/**
 * The steps that lead a ticket back to where it was, for as far as a life leads backwards: what was new before it was
 * resolved or put aside is in progress then. None where only an acknowledgement lies between: that stays given.
 */
export function stepsBack(was: Place, now: Place): WishedStep[] {
  const waits: WishedStep[] =
    was.state === 'pending' && was.reason !== null ? [{ move: 'pend', reason: was.reason }] : []
  if (was.state === 'new' && now.state === 'in_progress') return []
  if (now.state === 'resolved' && was.state !== 'closed' && was.state !== 'cancelled')
    return [{ move: 'reopen' }, ...waits, ...(was.state === 'fixing' ? [{ move: 'fix' as const }] : [])]
  if (was.state === 'resolved' && isOpen(now.state))
    return [{ move: 'resolve', ...(was.code && { code: was.code }) }]
  if (waits.length > 0 && (now.state === 'pending' || WORKED.includes(now.state))) return waits
  if (now.state === 'pending' && was.state === 'fixing') return [{ move: 'fix' }]
  if (now.state === 'pending' && (was.state === 'new' || was.state === 'in_progress'))
    return [{ move: 'resume' }]
  if (now.state === 'fixing' && was.state === 'in_progress') return [{ move: 'start' }]
  throw new DeskError('conflict', 'No step leads back from there.')
}
