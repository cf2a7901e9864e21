import type { Priority } from '@tocsin/db'
import { addWorking, type Hours, holidaysBetween, spansBetween, workingMs } from '../calendar/index.ts'

/** One row of the ticket's state history. */
export interface HistoryRow {
  at: Date
  state: string
  pending_reason: string | null
  priority: Priority
}

/** Why a stretch of time counts or does not. */
export type SegmentWhy = 'working' | 'outside-hours' | 'holiday' | 'pending' | 'ended'

export interface Segment {
  from: Date
  to: Date
  state: string
  pending_reason: string | null
  priority: Priority
  /** True: these milliseconds are part of the elapsed time. */
  counts: boolean
  why: SegmentWhy
  /** The holiday's name, where it was one. */
  holiday?: string
}

const ENDED = new Set(['resolved', 'closed', 'cancelled'])
export const isEnded = (state: string): boolean => ENDED.has(state)

/** True while a clock may run in this state: the desk is at work on it, or should be. */
export const runsIn = (state: string): boolean => state !== 'pending' && !ENDED.has(state)

/**
 * What became of every millisecond between the first row and `until`: the lengths of the segments sum to the
 * wall time exactly, those that count to the elapsed time. `history` is in order.
 */
export function segmentsOf(history: HistoryRow[], hours: Hours, until: Date): Segment[] {
  return stretches(history, until).flatMap(({ row, from, to }) => {
    const { state, pending_reason, priority } = row
    const kinds: Kind[] = runsIn(state)
      ? [...kindsBetween(hours, from, to)]
      : [{ from, to, counts: false, why: state === 'pending' ? 'pending' : 'ended' }]
    return kinds.map((kind) => ({
      ...kind,
      from: new Date(kind.from),
      to: new Date(kind.to),
      state,
      pending_reason,
      priority,
    }))
  })
}

type Kind = Omit<Segment, 'from' | 'to' | 'state' | 'pending_reason' | 'priority'> & {
  from: number
  to: number
}

/** Working spans, and what lies between them with the holidays named, without a gap. */
function* kindsBetween(hours: Hours, from: number, to: number): Generator<Kind> {
  let at = from
  function* idle(end: number): Generator<Kind> {
    for (const { name, ...span } of holidaysBetween(hours, at, end)) {
      if (at < span.from) yield { from: at, to: span.from, counts: false, why: 'outside-hours' }
      yield { ...span, counts: false, why: 'holiday', holiday: name }
      at = span.to
    }
    if (at < end) yield { from: at, to: end, counts: false, why: 'outside-hours' }
  }
  for (const span of spansBetween(hours, from, to)) {
    yield* idle(span.from)
    yield { ...span, counts: true, why: 'working' }
    at = span.to
  }
  yield* idle(to)
}

export interface Measure {
  elapsedMs: number
  /** When the target is or was used up; null when it is not, and the clock stands still. */
  dueAt: Date | null
  /** The clock went on running after that. */
  overdue: boolean
}

/**
 * The truth of a clock, from the history alone: working time used until `until`, and when `targetMs` of it
 * are used up. `goesOn`: the last row's state lasts beyond `until`.
 */
export function measure(
  history: HistoryRow[],
  hours: Hours,
  targetMs: number,
  until: Date,
  goesOn: boolean,
): Measure {
  let elapsedMs = 0
  let dueAt: Date | null = null
  let overdue = false
  for (const { row, from, to } of stretches(history, until)) {
    if (!runsIn(row.state)) continue
    const worked = workingMs(hours, new Date(from), new Date(to))
    if (!dueAt && worked >= targetMs - elapsedMs)
      dueAt = addWorking(hours, new Date(from), targetMs - elapsedMs)
    if (dueAt && dueAt.getTime() < to) overdue = true
    elapsedMs += worked
  }
  if (!dueAt && goesOn) dueAt = addWorking(hours, until, targetMs - elapsedMs)
  return { elapsedMs, dueAt, overdue }
}

function stretches(history: HistoryRow[], until: Date): { row: HistoryRow; from: number; to: number }[] {
  const end = until.getTime()
  return history.flatMap((row, position) => {
    const from = row.at.getTime()
    const to = Math.min(history[position + 1]?.at.getTime() ?? end, end)
    return from < to ? [{ row, from, to }] : []
  })
}
