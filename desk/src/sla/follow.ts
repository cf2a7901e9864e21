import { recordOnTickets, type Tx } from '../activity/index.ts'
import { calendarVersions } from '../calendar/index.ts'
import { openBook } from './book.ts'
import { breachLine } from './breach.ts'
import { escalateBreaches } from './escalate.ts'
import { type HeldClock, heldClocks, historyOf, type PastRow } from './held.ts'
import { type NextClock, nextClocks, type Standing } from './next-clocks.ts'
import { isEnded, type Target, teamOf } from './runs.ts'
import { saveClocks } from './save.ts'

export interface Followed {
  ticketId: string
  /** The ticket's revision before the change. */
  revision: number
  before: Standing
  after: Standing & { assigneeId: string | null }
  /** As they are after the change. */
  acknowledgedAt: Date | null
  firstResponseAt: Date | null
  /** The change tells the requester something. */
  news: boolean
}

export type Told = { sla: Record<string, { target_ms: number; due_at: string | null }> }

export interface Follow {
  /** The soonest due instant of clocks that run; it may have passed. */
  dueAt: Date | null
  /** The ticket's revision now: higher where a breach stands on its timeline before the change. */
  revision: number
  /** Set when the change gave the ticket other targets or set its clocks going again: due before and after. */
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

const DECIDING = ['kind', 'priority', 'serviceId', 'categoryId', 'organisationId', 'requesterId'] as const

/**
 * Lets the clocks of a locked ticket follow a change that is about to be written. They are computed again
 * from the history and the change, never counted on, so the rows cannot drift from the truth.
 */
export async function followTicket(tx: Tx, change: Followed): Promise<Follow> {
  const { before, after } = change
  const held = await heldClocks(tx.db, [change.ticketId])
  const answered = answeredAt(after.kind, change.acknowledgedAt, change.firstResponseAt)
  const passed = before.teamId !== after.teamId
  const moved = before.state !== after.state || before.pendingReason !== after.pendingReason
  const repriced = DECIDING.some((facet) => before[facet] !== after[facet])
  const waiting = held.some((clock) => clock.target === 'response' && !clock.stopped_at)
  const news = change.news && held.some((clock) => clock.target === 'update')
  if (!moved && !passed && !repriced && !news && !(answered && waiting))
    return { dueAt: soonest(held), revision: change.revision, retargeted: null }

  const past = await historyOf(tx.db, [change.ticketId])
  const outdated = (clock?: HeldClock) =>
    repriced || (clock !== undefined && isOutdated(clock, past, change.after))
  const takesPromise = (target: Target, clock?: HeldClock) => {
    const team = teamOf(target)
    return team === null ? outdated(clock) : team === after.teamId && (passed || repriced)
  }
  const asked = repriced || passed || held.some((clock) => takesPromise(clock.target, clock))
  const next = nextClocks({
    now: tx.now,
    ticketId: change.ticketId,
    before,
    after,
    answeredAt: answered,
    news,
    history: moved || repriced || passed ? [...past, rowOf(tx, change)] : past,
    held,
    calendars: await calendarVersions(
      tx.db,
      held.map((clock) => clock.calendar_version_id),
    ),
    promised: asked ? (await openBook(tx.db, tx.now, [after.requesterId])).promises(after) : null,
    takesPromise,
  })
  await saveClocks(tx, next)
  const broken = await tellBreaches(tx, next)
  const untouched = held.filter((clock) => !next.some((one) => one.target === clock.target))
  const changed = next.filter(
    (clock) =>
      takesPromise(clock.target, clock.held) || (Boolean(clock.held?.stopped_at) && !clock.stoppedAt),
  )
  return {
    dueAt: soonest([...untouched, ...next.map(asDue)]),
    revision: change.revision + broken,
    retargeted: changed.length === 0 ? null : tellOf(changed),
  }
}

const rowOf = (tx: Tx, { ticketId, after }: Followed): PastRow => ({
  ticket_id: ticketId,
  at: tx.now,
  state: after.state,
  pending_reason: after.pendingReason,
  priority: after.priority,
  service_id: after.serviceId,
  team_id: after.teamId,
  assignee_id: after.assigneeId,
})

/** A clock that stopped kept its target; where the ticket changed since, it needs another to go on. */
function isOutdated(clock: HeldClock, past: PastRow[], after: Standing): boolean {
  if (!clock.stopped_at || isEnded(after.state)) return false
  const then = past.findLast((row) => row.at <= clock.stopped_at!)
  return then !== undefined && (then.priority !== after.priority || then.service_id !== after.serviceId)
}

/** Writes the breaches that these clocks show for the first time; answers how many lines. */
export async function tellBreaches(tx: Tx, next: NextClock[]): Promise<number> {
  const fresh = next.filter((clock) => clock.breachedAt && !clock.held?.breached_at)
  const missed = next.flatMap((clock) => (clock.missedAt ? [{ ...clock, breachedAt: clock.missedAt }] : []))
  const broken = [...missed, ...fresh].map((clock) => ({ ...clock, breachedAt: clock.breachedAt! }))
  await recordOnTickets(tx, broken.map(breachLine))
  await escalateBreaches(
    tx,
    fresh.filter((clock) => !clock.stoppedAt),
  )
  return broken.length
}

type Due = Pick<HeldClock, 'target' | 'target_ms' | 'due_at' | 'stopped_at'>

const asDue = (row: NextClock): Due => ({
  target: row.target,
  target_ms: row.targetMs,
  due_at: row.dueAt,
  stopped_at: row.stoppedAt,
})

export function soonest(clocks: Due[]): Date | null {
  const due = clocks.flatMap((clock) => (clock.stopped_at || !clock.due_at ? [] : [clock.due_at]))
  return due.toSorted((a, b) => +a - +b)[0] ?? null
}

/** Due before and after, for the line of the change. */
export const tellOf = (changed: NextClock[]): { before: Told; after: Told } => ({
  before: tell(changed.flatMap((clock) => clock.held ?? [])),
  after: tell(changed.map(asDue)),
})

const tell = (clocks: Due[]): Told => ({
  sla: Object.fromEntries(
    clocks.map(({ target, target_ms, due_at }) => [
      target,
      { target_ms, due_at: due_at?.toISOString() ?? null },
    ]),
  ),
})
