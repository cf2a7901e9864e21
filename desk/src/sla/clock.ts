import type { Hours } from '../calendar/index.ts'
import {
  EVERY_PAUSE,
  type HistoryRow,
  historySince,
  isEnded,
  type Pauses,
  runsFor,
  type Target,
} from './runs.ts'
import { measure } from './segments.ts'

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
  /** What stops it; by itself, every reason to be pending. */
  pauses?: Pauses
  /** From when it counts, where that is not the opening: the last news to the requester. */
  since?: Date
  /** When this target was set, where that is known. */
  setAt?: Date | null
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
export function decideClock(facts: ClockFacts, whole: HistoryRow[], now: Date): ClockDecision {
  const runs = runsFor(facts.target, facts.pauses ?? EVERY_PAUSE)
  const end = endOf(facts, whole)
  const until = end?.at ?? now
  const history = facts.since ? historySince(whole, facts.since) : whole
  const running = !end && runs(history.at(-1)!)
  const used = (targetMs: number) => measure(history, facts.hours, targetMs, until, running, runs)
  const { elapsedMs, dueAt, overdue } = used(facts.targetMs)
  const breachedAt = facts.breachedAt ?? (dueAt && overdue ? brokenAt(dueAt, facts.setAt) : null)
  return {
    state: breachedAt ? 'breached' : (end?.outcome ?? (running ? 'running' : 'paused')),
    elapsedMs,
    dueAt: running ? dueAt : null,
    stoppedAt: end?.at ?? null,
    breachedAt,
    marks: PERCENTS.map((percent) => {
      const held = facts.marks.find((mark) => mark.percent === percent)
      const due = running ? used((facts.targetMs * percent) / 100).dueAt : null
      if (percent === 100 && breachedAt) return { percent, due_at: due, reached_at: held?.reached_at ?? now }
      const stillAhead = due !== null && due > now
      return { percent, due_at: due, reached_at: stillAhead ? null : (held?.reached_at ?? null) }
    }),
  }
}

/** A promise cannot be broken before it was made. */
export const brokenAt = (dueAt: Date, setAt: Date | null | undefined): Date =>
  setAt && setAt > dueAt ? setAt : dueAt

/**
 * A response ends with the answer; without one, when the ticket ends, and then nobody owed it any more.
 * Every other clock ends with the ticket and goes on when it is reopened.
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
