import type { TimelineLine } from '../activity/index.ts'
import type { Target } from './runs.ts'

export interface Breach {
  ticketId: string
  target: Target
  targetMs: number
  policyVersionId: string
  calendarVersionId: string
  breachedAt: Date
}

/** The line that says a promise was broken, when, and by which versions; written once for a clock. */
export const breachLine = (breach: Breach): TimelineLine => ({
  ticketId: breach.ticketId,
  verb: 'breach',
  subject: { kind: 'ticket', id: breach.ticketId },
  at: breach.breachedAt,
  actor: { kind: 'rule', id: null },
  after: { target: breach.target, due_at: breach.breachedAt.toISOString() },
  why: {
    target_ms: breach.targetMs,
    policy_version: breach.policyVersionId,
    calendar_version: breach.calendarVersionId,
  },
})
