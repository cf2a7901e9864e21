import type { Hours } from '../calendar/index.ts'
import { type HistoryRow, isEnded, measure, runsIn } from './segments.ts'

export type Target = 'response' | 'resolution'
export type ClockState = 'running' | 'paused' | 'met' | 'breached' | 'cancelled'
export const PERCENTS = [50, 75, 90, 100] as const
export type Percent = (typeof PERCENTS)[number]

export interface Mark {
  percent: Percent
  due_at: Date | null
  reached_at: Date | null
}

export interface ClockFacts {
  target: Target
  targetMs: number
  hours: Hours
  /** When this target was set, where that is now: a promise cannot be broken before it was made. */
  retargetedAt?: Date
  /** The first response, for a response clock. */
  answeredAt: Date | null
  /** Recorded earlier; never taken back. */
  breachedAt: Date | null
  marks: Mark[]
}

export interface ClockDecision {
  state: ClockState
  elapsedMs: number
  /** Null while paused and once stopped. */
  dueAt: Date | null
  stoppedAt: Date | null
  breachedAt: Date | null
  marks: Mark[]
}

/**
 * What a clock shows now, from the ticket's history alone. Breached means that the clock ran on past the due
 * instant, seen or not; what a ticket had used up counts against a target that it is given later.
 */
export function decideClock(facts: ClockFacts, history: HistoryRow[], now: Date): ClockDecision {
  const end = endOf(facts, history)
  const until = end?.at ?? now
  const state = history.at(-1)!.state
  const running = !end && runsIn(state)
  const { elapsedMs, dueAt, overdue } = measure(history, facts.hours, facts.targetMs, until, running)
  const { retargetedAt } = facts
  const overdueSince = dueAt && overdue ? (retargetedAt && retargetedAt > dueAt ? retargetedAt : dueAt) : null
  const breachedAt = facts.breachedAt ?? overdueSince
  return {
    state: breachedAt ? 'breached' : (end?.outcome ?? (running ? 'running' : 'paused')),
    elapsedMs,
    dueAt: running ? dueAt : null,
    stoppedAt: end?.at ?? null,
    breachedAt,
    marks: PERCENTS.map((percent) => {
      const held = facts.marks.find((mark) => mark.percent === percent)
      const due = running
        ? measure(history, facts.hours, (facts.targetMs * percent) / 100, until, true).dueAt
        : null
      if (percent === 100 && breachedAt) return { percent, due_at: due, reached_at: held?.reached_at ?? now }
      const stillAhead = due !== null && due > now
      return { percent, due_at: due, reached_at: stillAhead ? null : (held?.reached_at ?? null) }
    }),
  }
}

/**
 * A response ends with the answer; without one, when the ticket ends, and then nobody owed it any more.
 * A resolution ends with the ticket and goes on when it is reopened.
 */
function endOf(
  facts: ClockFacts,
  history: HistoryRow[],
): { at: Date; outcome: 'met' | 'cancelled' } | undefined {
  if (facts.target === 'response') {
    const ended = history.find((row) => isEnded(row.state))
    if (facts.answeredAt && (!ended || facts.answeredAt <= ended.at))
      return { at: facts.answeredAt, outcome: 'met' }
    return ended && { at: ended.at, outcome: 'cancelled' }
  }
  const lastWorked = history.findLastIndex((row) => !isEnded(row.state))
  const ended = history[lastWorked + 1]
  return ended && { at: ended.at, outcome: history.at(-1)!.state === 'cancelled' ? 'cancelled' : 'met' }
}
