import type { Priority } from '@tocsin/db'
import { recordOnTickets, type Tx } from '../activity/index.ts'
import { type CalendarVersion, calendarVersions } from '../calendar/index.ts'
import { breachLine } from './breach.ts'
import { decideClock, type Target } from './clock.ts'
import { type HeldClock, heldClocks, historyOf, type PastRow } from './held.ts'
import { openBook, type Promised } from './policies.ts'
import { type ClockRow, saveClocks } from './save.ts'
import { type HistoryRow, isEnded } from './segments.ts'

export interface Facets {
  state: string
  pendingReason: string | null
  priority: Priority
  serviceId: string | null
}

export interface Followed {
  ticketId: string
  kind: string
  /** The ticket's revision before the change. */
  revision: number
  before: Facets
  after: Facets
  /** As they are after the change. */
  acknowledgedAt: Date | null
  firstResponseAt: Date | null
}

type Told = { sla: Partial<Record<Target, { target_ms: number; due_at: string | null }>> }

export interface Follow {
  /** The soonest due instant of clocks that run; it may have passed. */
  dueAt: Date | null
  /** The ticket's revision now: higher where a breach stands on its timeline before the change. */
  revision: number
  /** Set when priority or service gave the ticket other targets: due before and after, for the change's line. */
  retargeted: { before: Told; after: Told } | null
}

/** An incident is answered by a person's acknowledgement or a public reply, any other ticket by the reply. */
export function answeredAt(
  kind: string,
  acknowledgedAt: Date | null,
  firstResponseAt: Date | null,
): Date | null {
  if (kind !== 'incident' || !acknowledgedAt) return firstResponseAt
  return firstResponseAt && firstResponseAt < acknowledgedAt ? firstResponseAt : acknowledgedAt
}

/**
 * Lets the clocks of a locked ticket follow a change that is about to be written. They are computed again
 * from the history and the change, never counted on, so the rows cannot drift from the truth.
 */
export async function followTicket(tx: Tx, change: Followed): Promise<Follow> {
  const { before, after } = change
  const clocks = await heldClocks(tx.db, change.ticketId)
  const answered = answeredAt(change.kind, change.acknowledgedAt, change.firstResponseAt)
  const moved = before.state !== after.state || before.pendingReason !== after.pendingReason
  const repriced = before.priority !== after.priority || before.serviceId !== after.serviceId
  const waiting = clocks.some((clock) => clock.target === 'response' && !clock.stopped_at)
  if (!moved && !repriced && !(answered && waiting))
    return { dueAt: soonest(clocks), revision: change.revision, retargeted: null }

  const past = await historyOf(tx.db, [change.ticketId])
  const row = {
    at: tx.now,
    state: after.state,
    pending_reason: after.pendingReason,
    priority: after.priority,
  }
  const context: Context = {
    tx,
    change,
    answered,
    history: moved || repriced ? [...past, row] : past,
    calendars: await calendarVersions(
      tx.db,
      clocks.map((clock) => clock.calendar_version_id),
    ),
  }
  const outdated = (clock?: HeldClock) => repriced || (clock !== undefined && isOutdated(clock, past, after))
  const promised = clocks.some(outdated) || repriced ? await promisedNow(tx, change) : []

  const next = (['response', 'resolution'] as const).flatMap((target) => {
    const held = clocks.find((clock) => clock.target === target)
    const promise = outdated(held) ? promised.find((one) => one.target === target) : undefined
    if (!held) return promise ? [decideNext(context, target, promise)] : []
    if (held.stopped_at && !goesOn(held, change, promise)) return []
    return [
      outdated(held) && !promise ? endUnpromised(context, held) : decideNext(context, target, promise, held),
    ]
  })
  await saveClocks(tx, next)

  const heldOf = (target: Target) => clocks.find((clock) => clock.target === target)
  const broken = next.filter((clock) => clock.breachedAt && !heldOf(clock.target)?.breached_at)
  await recordOnTickets(
    tx,
    broken.map((clock) => breachLine({ ...clock, breachedAt: clock.breachedAt! })),
  )
  const untouched = clocks.filter((clock) => !next.some((one) => one.target === clock.target))
  const retargeted = next.filter((clock) => outdated(heldOf(clock.target)))
  return {
    dueAt: soonest([...untouched, ...next.map(asHeld)]),
    revision: change.revision + broken.length,
    retargeted:
      retargeted.length === 0
        ? null
        : {
            before: tell(retargeted.flatMap((clock) => heldOf(clock.target) ?? [])),
            after: tell(retargeted.map(asHeld)),
          },
  }
}

interface Context {
  tx: Tx
  change: Followed
  answered: Date | null
  history: HistoryRow[]
  calendars: Map<string, CalendarVersion>
}

async function promisedNow(tx: Tx, { kind, after }: Followed): Promise<Promised[]> {
  const book = await openBook(tx.db, tx.now)
  return book.promises({ kind, serviceId: after.serviceId, priority: after.priority })
}

/** A clock that stopped kept its target; where the ticket changed since, it needs another to go on. */
function isOutdated(clock: HeldClock, past: PastRow[], after: Facets): boolean {
  if (!clock.stopped_at) return false
  const then = past.findLast((row) => row.at <= clock.stopped_at!)
  return then !== undefined && (then.priority !== after.priority || then.service_id !== after.serviceId)
}

/** An answer given stays given; a resolution goes on when the ticket is open again or is promised one anew. */
function goesOn(clock: HeldClock, { before, after }: Followed, promise: Promised | undefined): boolean {
  if (isEnded(after.state)) return false
  if (clock.target === 'response') return clock.state === 'cancelled' && promise !== undefined
  return isEnded(before.state) || promise !== undefined
}

function decideNext(context: Context, target: Target, promise?: Promised, held?: HeldClock): ClockRow {
  const { tx, change, answered, history, calendars } = context
  const hours = promise?.calendar ?? calendars.get(held!.calendar_version_id)!
  const targetMs = promise?.targetMs ?? held!.target_ms
  return {
    ...decideClock(
      {
        target,
        targetMs,
        hours,
        ...(promise && { retargetedAt: tx.now }),
        answeredAt: answered,
        breachedAt: held ? brokenSoFar(held, tx.now) : null,
        marks: held?.marks ?? [],
      },
      history,
      tx.now,
    ),
    ticketId: change.ticketId,
    target,
    targetMs,
    policyVersionId: promise?.policy.id ?? held!.policy_version_id,
    calendarVersionId: hours.id,
    startedAt: held?.started_at ?? history[0]!.at,
  }
}

/** Also what no sweep has come to yet: a new target must not forgive the one before it. */
function brokenSoFar(clock: HeldClock, now: Date): Date | null {
  const overdue = !clock.stopped_at && clock.due_at !== null && clock.due_at < now
  return clock.breached_at ?? (overdue ? clock.due_at : null)
}

/** Nothing is promised for the new priority or service: the clock ends here, and keeps a breach it had. */
function endUnpromised(context: Context, held: HeldClock): ClockRow {
  const row = decideNext(context, held.target, undefined, held)
  return {
    ...row,
    state: row.breachedAt ? 'breached' : 'cancelled',
    dueAt: null,
    stoppedAt: row.stoppedAt ?? context.tx.now,
    marks: row.marks.map((mark) => ({ ...mark, due_at: null })),
  }
}

type Due = Pick<HeldClock, 'target' | 'target_ms' | 'due_at' | 'stopped_at'>

const asHeld = (row: ClockRow): Due => ({
  target: row.target,
  target_ms: row.targetMs,
  due_at: row.dueAt,
  stopped_at: row.stoppedAt,
})

function soonest(clocks: Due[]): Date | null {
  const due = clocks.flatMap((clock) => (clock.stopped_at || !clock.due_at ? [] : [clock.due_at]))
  return due.toSorted((a, b) => +a - +b)[0] ?? null
}

const tell = (clocks: Due[]): Told => ({
  sla: Object.fromEntries(
    clocks.map(({ target, target_ms, due_at }) => [
      target,
      { target_ms, due_at: due_at?.toISOString() ?? null },
    ]),
  ),
})
