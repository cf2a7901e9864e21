import { isDeepStrictEqual } from 'node:util'
import type { CalendarVersion } from '../calendar/index.ts'
import type { Facets, Promised } from './book.ts'
import { brokenAt, decideClock } from './clock.ts'
import type { HeldClock, PastRow } from './held.ts'
import { pausesOf } from './policies.ts'
import { isEnded, type Target, teamOf } from './runs.ts'
import type { ClockRow } from './save.ts'

export type Standing = Facets & { state: string; pendingReason: string | null }

/** All that decides what the clocks of one ticket show after a change of it, or of what is promised. */
export interface Situation {
  now: Date
  ticketId: string
  before: Standing
  after: Standing
  /** As it is after the change. */
  answeredAt: Date | null
  /** The change tells the requester something. */
  news: boolean
  /** With the change as its last row, where it has one. */
  history: PastRow[]
  held: HeldClock[]
  calendars: Map<string, CalendarVersion>
  /** What is promised now; null where nothing of it was asked. */
  promised: Promised[] | null
  /** Which held clocks take what is promised now in place of what they had. */
  takesPromise: (target: Target, held: HeldClock | undefined) => boolean
}

export interface NextClock extends ClockRow {
  held: HeldClock | undefined
  /** The old period of news was broken, seen or not: it counts as missed, and is told. */
  missedAt: Date | null
}

/** The clocks that change. Those that stopped and those that another desk decided stay as they are. */
export function nextClocks(situation: Situation): NextClock[] {
  const { held, promised } = situation
  const targets = new Set([
    ...held.map((clock) => clock.target),
    ...(promised ?? []).map((one) => one.target),
  ])
  return inOrder(targets).flatMap((target) => {
    const clock = held.find((one) => one.target === target)
    if (clock?.imported) return []
    const takes = situation.takesPromise(target, clock)
    const promise = takes ? promised?.find((one) => one.target === target) : undefined
    if (!clock)
      return promise && !isEnded(situation.after.state) ? [decideNext(situation, target, promise)] : []
    if (clock.stopped_at && !goesOn(clock, situation, promise)) return []
    return takes && !promise
      ? [endUnpromised(situation, clock)]
      : [decideNext(situation, target, promise, clock)]
  })
}

const ORDER: Target[] = ['response', 'resolution', 'update']
const place = (target: Target) => (ORDER.indexOf(target) + ORDER.length + 1) % (ORDER.length + 1)

/** As they are shown, a team's last. */
const inOrder = (targets: Iterable<Target>): Target[] => [...targets].toSorted((a, b) => place(a) - place(b))

/** An answer given stays given; the others go on when the ticket is open again or is promised one anew. */
function goesOn(clock: HeldClock, { before, after }: Situation, promise: Promised | undefined): boolean {
  if (isEnded(after.state)) return false
  if (clock.target === 'response') return clock.state === 'cancelled' && promise !== undefined
  return isEnded(before.state) || promise !== undefined
}

function decideNext(situation: Situation, target: Target, promise?: Promised, held?: HeldClock): NextClock {
  const { now, history, calendars, answeredAt } = situation
  const hours = promise?.calendar ?? calendars.get(held!.calendar_version_id)!
  const targetMs = promise?.targetMs ?? held!.target_ms
  const broken = held ? brokenSoFar(held, now) : null
  const anew = target === 'update' && (situation.news || !held || held.stopped_at !== null)
  const setAt = setAtOf(situation, promise, held)
  const since = anew ? now : (held?.started_at ?? startOf(history, target))
  return {
    ...decideClock(
      {
        target,
        targetMs,
        hours,
        pauses: promise ? pausesOf(promise.policy) : held!.pauses,
        since,
        setAt,
        answeredAt,
        breachedAt: anew ? null : broken,
        marks: anew ? [] : (held?.marks ?? []),
      },
      history,
      now,
    ),
    ticketId: situation.ticketId,
    target,
    targetMs,
    policyVersionId: promise?.policy.id ?? held!.policy_version_id,
    calendarVersionId: hours.id,
    startedAt: since,
    setAt,
    why: promise?.why ?? held?.why ?? null,
    missed: (held?.missed ?? 0) + (anew && broken ? 1 : 0),
    held,
    missedAt: anew && !held?.breached_at ? broken : null,
  }
}

/** A team's clock starts when the ticket first came to it, any other with the ticket. */
function startOf(history: PastRow[], target: Target): Date {
  const team = teamOf(target)
  const first = team === null ? history[0]! : history.find((row) => row.team_id === team)
  return (first ?? history[0]!).at
}

/** When the target was set that holds now: what is promised again as it was had been set before. */
function setAtOf({ now, history }: Situation, promise?: Promised, held?: HeldClock): Date | null {
  if (!promise) return held?.set_at ?? null
  return held && isSame(promise, held) && !wasWithdrawn(held, history) ? held.set_at : now
}

const isSame = ({ targetMs, calendar, policy }: Promised, held: HeldClock): boolean =>
  targetMs === held.target_ms &&
  calendar.id === held.calendar_version_id &&
  isDeepStrictEqual(pausesOf(policy), held.pauses)

/** It stopped while the ticket was at work: nothing was promised from then on. */
function wasWithdrawn({ stopped_at: stopped }: HeldClock, history: PastRow[]): boolean {
  const then = stopped && history.findLast((row) => row.at <= stopped)
  return Boolean(then && !isEnded(then.state))
}

/** Also what no sweep has come to yet: a new target must not forgive the one before it. */
function brokenSoFar(clock: HeldClock, now: Date): Date | null {
  const { due_at: dueAt } = clock
  const overdue = !clock.stopped_at && dueAt !== null && dueAt < now
  return clock.breached_at ?? (overdue ? brokenAt(dueAt, clock.set_at) : null)
}

/** Nothing is promised any more: the clock ends here, and keeps a breach it had. */
function endUnpromised(situation: Situation, held: HeldClock): NextClock {
  const row = decideNext(situation, held.target, undefined, held)
  return {
    ...row,
    state: row.breachedAt ? 'breached' : 'cancelled',
    dueAt: null,
    stoppedAt: row.stoppedAt ?? situation.now,
    marks: row.marks.map((mark) => ({ ...mark, due_at: null })),
  }
}
