import type { Priority } from '@tocsin/db'
import { addWorking, type Hours, holidaysBetween, spansBetween, workingMs } from '../calendar/index.ts'
import { EVERY_PAUSE, type HistoryRow, isEnded, isWorked, type Pauses, type Runs, runsFor } from './runs.ts'

/** Why a stretch of time counts or does not; `paused`: in a state of work that the policy names. */
export type SegmentWhy =
  | 'working'
  | 'outside-hours'
  | 'holiday'
  | 'pending'
  | 'paused'
  | 'elsewhere'
  | 'ended'

/** Whose time it was. */
export type SegmentKind =
  | 'queue'
  | 'hands-on'
  | 'requester'
  | 'vendor'
  | 'change'
  | 'other'
  | 'elsewhere'
  | 'closed-hours'
  | 'ended'

export interface Segment {
  from: Date
  to: Date
  state: string
  pending_reason: string | null
  priority: Priority
  team_id: string | null
  kind: SegmentKind
  /** True: these milliseconds are part of the elapsed time. */
  counts: boolean
  why: SegmentWhy
  /** The holiday's name, where it was one. */
  holiday?: string
}

const standard = runsFor('resolution', EVERY_PAUSE)

/**
 * What became of every millisecond between the first row and `until`: the lengths of the segments sum to the
 * wall time exactly, those that count to the elapsed time. `history` is in order.
 */
export function segmentsOf(
  history: HistoryRow[],
  hours: Hours,
  until: Date,
  runs: Runs = standard,
  pauses: Pauses = EVERY_PAUSE,
): Segment[] {
  return stretches(history, until).flatMap(({ row, from, to, taken }) => {
    const { state, pending_reason, priority, team_id = null } = row
    const kind = kindOf(row, taken)
    const kinds: Kind[] = runs(row)
      ? [...kindsBetween(hours, from, to)]
      : [{ from, to, counts: false, why: stillWhy(row, pauses) }]
    return kinds.map((one) => ({
      ...one,
      from: new Date(one.from),
      to: new Date(one.to),
      state,
      pending_reason,
      priority,
      team_id,
      kind: KIND_OF_WHY[one.why] ?? kind,
    }))
  })
}

/** In the queue until somebody takes it up, and again when it is taken from whoever had it. */
function kindOf(row: HistoryRow, taken: boolean): SegmentKind {
  if (isEnded(row.state)) return 'ended'
  if (row.state === 'pending') {
    const reason = row.pending_reason
    return reason === 'requester' || reason === 'vendor' || reason === 'change' ? reason : 'other'
  }
  return row.state === 'new' || (taken && row.assignee_id === null) ? 'queue' : 'hands-on'
}

/** What says more of whose time it was than the state does. */
const KIND_OF_WHY: Partial<Record<SegmentWhy, SegmentKind>> = {
  'outside-hours': 'closed-hours',
  holiday: 'closed-hours',
  paused: 'other',
  elsewhere: 'elsewhere',
}

function stillWhy(row: HistoryRow, pauses: Pauses): SegmentWhy {
  if (isEnded(row.state)) return 'ended'
  if (isWorked(row, pauses)) return 'elsewhere'
  return row.state === 'pending' ? 'pending' : 'paused'
}

type Kind = Pick<Segment, 'counts' | 'why' | 'holiday'> & { from: number; to: number }

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
  runs: Runs = standard,
): Measure {
  let elapsedMs = 0
  let dueAt: Date | null = null
  let overdue = false
  for (const { row, from, to } of stretches(history, until)) {
    if (!runs(row)) continue
    const worked = workingMs(hours, new Date(from), new Date(to))
    if (!dueAt && worked >= targetMs - elapsedMs)
      dueAt = addWorking(hours, new Date(from), targetMs - elapsedMs)
    if (dueAt && dueAt.getTime() < to) overdue = true
    elapsedMs += worked
  }
  if (!dueAt && goesOn) dueAt = addWorking(hours, until, targetMs - elapsedMs)
  return { elapsedMs, dueAt, overdue }
}

interface StretchOfRow {
  row: HistoryRow
  from: number
  to: number
  /** Somebody had the ticket before. */
  taken: boolean
}

function stretches(history: HistoryRow[], until: Date): StretchOfRow[] {
  const end = until.getTime()
  let taken = false
  return history.flatMap((row, position) => {
    const from = row.at.getTime()
    const to = Math.min(history[position + 1]?.at.getTime() ?? end, end)
    const before = taken
    taken ||= row.assignee_id !== null && row.assignee_id !== undefined
    return from < to ? [{ row, from, to, taken: before }] : []
  })
}
