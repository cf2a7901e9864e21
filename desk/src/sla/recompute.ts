import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { recordOnTickets, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { calendarVersions } from '../calendar/index.ts'
import { openBook, type PromiseBook } from './book.ts'
import { answeredAt, soonest, tellBreaches, tellOf } from './follow.ts'
import { type HeldClock, heldClocks, historyOf, type PastRow } from './held.ts'
import { type NextClock, nextClocks, type Standing } from './next-clocks.ts'
import { type Asked, concerned } from './recomputation.ts'
import { moveWithRequesters } from './relocate.ts'
import { teamOf } from './runs.ts'
import { saveClocks } from './save.ts'

// Short enough that a person who saves one of these tickets notices nothing.
const SHARE = 250

interface Job extends Asked {
  id: string
  last_ticket_id: string | null
}

interface OpenTicket extends Standing {
  id: string
  acknowledgedAt: Date | null
  firstResponseAt: Date | null
}

/** Takes the next share of the oldest recomputation; answers how many tickets it came past. */
export async function sweepRecomputations(db: Db): Promise<number> {
  let job: Job | undefined
  let tickets: OpenTicket[] = []
  return transact(
    db,
    SYSTEM,
    async (tx) => {
      if (!job) return 0
      const changed = await recompute(tx, tickets, job)
      await keepProgress(tx, job, tickets, changed)
      return Math.max(1, tickets.length)
    },
    async (trx) => {
      job = await claimJob(trx)
      tickets = job ? await lockShare(trx, job) : []
    },
  )
}

async function claimJob(trx: Transaction<Tables>): Promise<Job | undefined> {
  const { rows } = await sql<Job>`
    select id, cause, about, last_ticket_id from sla_recomputation
    where finished_at is null and due_at <= tocsin_now()
    order by due_at, id limit 1 for update skip locked`.execute(trx)
  return rows[0]
}

async function lockShare(trx: Transaction<Tables>, job: Job): Promise<OpenTicket[]> {
  const { rows } = await sql<OpenTicket>`
    select id, kind, state, pending_reason as "pendingReason", priority, service_id as "serviceId", team_id as "teamId",
           category_id as "categoryId", organisation_id as "organisationId", requester_id as "requesterId",
           acknowledged_at as "acknowledgedAt", first_response_at as "firstResponseAt"
    from ticket
    where ${concerned(job)} and id > ${job.last_ticket_id ?? '00000000-0000-0000-0000-000000000000'}
    order by id limit ${SHARE} for update`.execute(trx)
  return rows
}

/** Computes a share of open tickets again, tells what changed on each timeline, and answers on how many. */
async function recompute(tx: Tx, locked: OpenTicket[], job: Job): Promise<number> {
  if (locked.length === 0) return 0
  const tickets = await moveWithRequesters(tx, locked, job)
  const ids = tickets.map((ticket) => ticket.id)
  const held = Map.groupBy(await heldClocks(tx.db, ids), (clock) => clock.ticket_id)
  const histories = Map.groupBy(await historyOf(tx.db, ids), (row) => row.ticket_id)
  const calendars = await calendarVersions(tx.db, [
    ...new Set([...held.values()].flat().map((clock) => clock.calendar_version_id)),
  ])
  const book = await openBook(
    tx.db,
    tx.now,
    tickets.map((ticket) => ticket.requesterId),
  )
  const plans = tickets.flatMap((ticket) => {
    const clocks = held.get(ticket.id) ?? []
    const next = nextOf(tx, ticket, clocks, histories.get(ticket.id) ?? [], calendars, book)
    return next.length > 0 ? [{ ticket, clocks, next }] : []
  })
  const all = plans.flatMap((plan) => plan.next)
  await saveClocks(tx, all)
  await tellBreaches(tx, all)
  await recordOnTickets(
    tx,
    plans.map(({ ticket, next }) => ({
      ticketId: ticket.id,
      verb: 'recompute',
      subject: { kind: 'ticket', id: ticket.id },
      actor: { kind: 'rule' as const, id: job.id },
      ...tellOf(next),
      cause: { kind: job.cause.kind, id: job.cause.id },
      why: { recomputation: job.id, version: job.cause.version },
    })),
  )
  await keepDue(
    tx,
    plans.map(({ ticket, clocks, next }) => ({ id: ticket.id, due_at: dueOf(clocks, next) })),
  )
  return plans.length
}

function nextOf(
  tx: Tx,
  ticket: OpenTicket,
  clocks: HeldClock[],
  history: PastRow[],
  calendars: Awaited<ReturnType<typeof calendarVersions>>,
  book: PromiseBook,
): NextClock[] {
  if (history.length === 0) return []
  const promised = book.promises(ticket)
  const stays = (clock: HeldClock): boolean => {
    const team = teamOf(clock.target)
    if (clock.imported || clock.stopped_at || (team !== null && team !== ticket.teamId)) return true
    const promise = promised.find((one) => one.target === clock.target)
    return (
      promise?.policy.id === clock.policy_version_id &&
      promise.calendar.id === clock.calendar_version_id &&
      promise.targetMs === clock.target_ms
    )
  }
  const kept = new Set(clocks.filter(stays).map((clock) => clock.target))
  const moving = clocks.filter((clock) => !kept.has(clock.target))
  const owed = promised.filter((promise) => !kept.has(promise.target))
  if (moving.length === 0 && owed.length === 0) return []
  return nextClocks({
    now: tx.now,
    ticketId: ticket.id,
    before: ticket,
    after: ticket,
    answeredAt: answeredAt(ticket.kind, ticket.acknowledgedAt, ticket.firstResponseAt),
    news: false,
    history,
    held: moving,
    calendars,
    promised: owed,
    takesPromise: () => true,
  })
}

function dueOf(clocks: HeldClock[], next: NextClock[]): Date | null {
  const untouched = clocks.filter((clock) => !next.some((one) => one.target === clock.target))
  return soonest([
    ...untouched,
    ...next.map((row) => ({
      target: row.target,
      target_ms: row.targetMs,
      due_at: row.dueAt,
      stopped_at: row.stoppedAt,
    })),
  ])
}

/** With other clocks a ticket has to be begun at another time too, whichever is due first. */
async function keepDue(tx: Tx, due: { id: string; due_at: Date | null }[]): Promise<void> {
  if (due.length === 0) return
  await sql`
    update ticket t set due_at = g.due_at, next_for = null
    from jsonb_to_recordset(${JSON.stringify(due)}::jsonb) as g(id uuid, due_at timestamptz(3))
    where t.id = g.id and (t.due_at is distinct from g.due_at or t.next_for is not null)`.execute(tx.db)
}

async function keepProgress(tx: Tx, job: Job, tickets: OpenTicket[], changed: number): Promise<void> {
  const ended = tickets.length < SHARE
  await sql`
    update sla_recomputation set
      started_at = coalesce(started_at, ${tx.now}), finished_at = ${ended ? tx.now : null},
      last_ticket_id = ${tickets.at(-1)?.id ?? job.last_ticket_id}, done = done + ${tickets.length},
      changed = changed + ${changed},
      total = greatest(done + ${tickets.length}, coalesce(total, (
        select count(*) from ticket where ${concerned(job)})))
    where id = ${job.id}`.execute(tx.db)
}
