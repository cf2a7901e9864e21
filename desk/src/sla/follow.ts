import { sql } from 'kysely'
import { recordOnTickets, type Tx } from '../activity/index.ts'
import { calendarVersions } from '../calendar/index.ts'
import { openBook, type Promised } from './book.ts'
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

/** Lets the clocks of a locked ticket follow a change that is about to be written. */
export const followTicket = async (tx: Tx, change: Followed): Promise<Follow> =>
  (await followTickets(tx, [change]))[0]!

/**
 * Lets the clocks of locked tickets follow the changes that are about to be written, one each. They are computed again
 * from the history and the change, never counted on, so the rows cannot drift from the truth.
 */
export async function followTickets(tx: Tx, changes: Followed[]): Promise<Follow[]> {
  const clocks = Map.groupBy(await heldClocks(tx.db, idsOf(changes)), (clock) => clock.ticket_id)
  const asked = changes.map((change) => askOf(change, clocks.get(change.ticketId) ?? []))
  const moving = asked.filter((one) => one.moves)
  if (moving.length === 0) return asked.map(({ change, held }) => standing(change, held))

  const rows = await historyOf(tx.db, idsOf(moving.map(({ change }) => change)))
  const histories = Map.groupBy(rows, (row) => row.ticket_id)
  const calendars = await calendarVersions(
    tx.db,
    moving.flatMap(({ held }) => held.map((clock) => clock.calendar_version_id)),
  )
  const asking = moving.filter(({ asks }) => asks)
  const book =
    asking.length === 0
      ? null
      : await openBook(
          tx.db,
          tx.now,
          asking.map(({ change }) => change.after.requesterId),
        )
  const carriedAt = moving.some(({ reopens }) => reopens) ? await lastCarried(tx) : null
  const decided = new Map(
    moving.map((one) => {
      const { change, held, answered, moved, repriced, passed, news } = one
      const past = histories.get(change.ticketId) ?? []
      const promised = one.asks ? book!.promises(change.after) : null
      const takesPromise = takesPromiseOf(one, past, promised ?? [], carriedAt)
      const next = nextClocks({
        now: tx.now,
        ticketId: change.ticketId,
        before: change.before,
        after: change.after,
        answeredAt: answered,
        news,
        history: moved || repriced || passed ? [...past, rowOf(tx, change)] : past,
        held,
        calendars,
        promised,
        takesPromise,
      })
      return [change.ticketId, { next, takesPromise }]
    }),
  )
  const all = [...decided.values()].flatMap(({ next }) => next)
  await saveClocks(tx, all)
  const broken = await tellBreaches(tx, all)
  return asked.map(({ change, held }) => {
    const one = decided.get(change.ticketId)
    if (!one) return standing(change, held)
    const untouched = held.filter((clock) => !one.next.some(({ target }) => target === clock.target))
    const changed = one.next.filter(
      (clock) =>
        one.takesPromise(clock.target, clock.held) || (Boolean(clock.held?.stopped_at) && !clock.stoppedAt),
    )
    return {
      dueAt: soonest([...untouched, ...one.next.map(asDue)]),
      revision: change.revision + (broken.get(change.ticketId) ?? 0),
      retargeted: changed.length === 0 ? null : tellOf(changed),
    }
  })
}

const idsOf = (changes: Followed[]): string[] => changes.map(({ ticketId }) => ticketId)

const standing = (change: Followed, held: HeldClock[]): Follow => ({
  dueAt: soonest(held),
  revision: change.revision,
  retargeted: null,
})

type Ask = ReturnType<typeof askOf>

/** What of a change the clocks have to do with. */
function askOf(change: Followed, held: HeldClock[]) {
  const { before, after } = change
  const answered = answeredAt(after.kind, change.acknowledgedAt, change.firstResponseAt)
  const passed = before.teamId !== after.teamId
  const moved = before.state !== after.state || before.pendingReason !== after.pendingReason
  const repriced = DECIDING.some((facet) => before[facet] !== after[facet])
  const reopens = isEnded(before.state) && !isEnded(after.state)
  const waiting = held.some((clock) => clock.target === 'response' && !clock.stopped_at)
  const news = change.news && held.some((clock) => clock.target === 'update')
  const moves = moved || passed || repriced || news || Boolean(answered && waiting)
  const asks = repriced || passed || reopens
  return { change, held, answered, passed, moved, repriced, reopens, asks, news, moves }
}

/** Which clocks take what is promised now. */
function takesPromiseOf(ask: Ask, past: PastRow[], promised: Promised[], carriedAt: Date | null) {
  const { after } = ask.change
  const anew = ask.repriced || (ask.reopens && isPromisedAnew(ask.held, promised, carriedAt))
  return (target: Target, clock?: HeldClock): boolean => {
    const team = teamOf(target)
    const takes = anew || (ask.reopens && clock !== undefined && isOutdated(clock, past, after))
    return team === null ? takes : team === after.teamId && (ask.passed || takes)
  }
}

/**
 * What was promised to a ticket that had ended holds no more where another policy covers it now, or where promises were
 * carried to all that was open meanwhile.
 */
function isPromisedAnew(held: HeldClock[], promised: Promised[], carriedAt: Date | null): boolean {
  if (held.length === 0) return promised.length > 0
  return held.some(
    ({ imported, stopped_at: stopped, policy_id }) =>
      !imported &&
      stopped !== null &&
      ((carriedAt !== null && carriedAt > stopped) ||
        promised.every(({ policy }) => policy.policyId !== policy_id)),
  )
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
  if (!clock.stopped_at) return false
  const then = past.findLast((row) => row.at <= clock.stopped_at!)
  return then !== undefined && (then.priority !== after.priority || then.service_id !== after.serviceId)
}

/** When open tickets were last promised anew, all of them: what had ended then was left out. */
async function lastCarried(tx: Tx): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(due_at) as at from sla_recomputation
    where due_at <= ${tx.now} and about is null and cause ->> 'kind' <> 'import'`.execute(tx.db)
  return rows[0]!.at
}

/** Writes the breaches that these clocks show for the first time; answers how many lines each ticket got. */
export async function tellBreaches(tx: Tx, next: NextClock[]): Promise<Map<string, number>> {
  const fresh = next.filter((clock) => clock.breachedAt && !clock.held?.breached_at)
  const missed = next.flatMap((clock) => (clock.missedAt ? [{ ...clock, breachedAt: clock.missedAt }] : []))
  const broken = [...missed, ...fresh].map((clock) => ({ ...clock, breachedAt: clock.breachedAt! }))
  await recordOnTickets(tx, broken.map(breachLine))
  await escalateBreaches(
    tx,
    fresh.filter((clock) => !clock.stoppedAt),
  )
  const lines = Map.groupBy(broken, (clock) => clock.ticketId)
  return new Map([...lines].map(([ticketId, told]) => [ticketId, told.length]))
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
