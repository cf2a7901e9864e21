import type { Db, Priority, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, found, record, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { openBook, type PromiseBook } from './book.ts'
import { decideClock } from './clock.ts'
import { answeredAt } from './follow.ts'
import { historyOf, type PastRow } from './held.ts'
import { pausesOf, policiesInForce, type PolicyVersion, type Targets } from './policies.ts'

export type Outcome = 'met' | 'breached' | 'open' | 'none'
/** What is assumed of a policy; what is not said stays as it is in force. */
export interface AssumedTerms {
  calendar_id?: string
  targets?: Targets
}
export interface WhatIfInput {
  policyId: string
  terms: AssumedTerms
  from: Date
  to: Date
}
/** How many ended how, as recorded and as assumed. */
export interface Cell {
  target: 'response' | 'resolution'
  priority: Priority
  team: string | null
  was: Record<Outcome, number>
  becomes: Record<Outcome, number>
}

const SHARE = 500
const MOST_LISTED = 10_000
const TARGETS = ['response', 'resolution'] as const

/** Asks how the promises of a period would have ended under other terms. Throws `invalid` and `not_found`. */
export async function askWhatIf(tx: Tx, input: WhatIfInput): Promise<string> {
  if (input.to <= input.from)
    throw new DeskError('invalid', 'The period is empty.', {
      errors: [{ path: 'to', message: 'must lie after from' }],
    })
  const policy = (await policiesInForce(tx.db, tx.now)).find(({ policyId }) => policyId === input.policyId)
  found(policy, 'SLA policy')
  if (input.terms.calendar_id) {
    const { rows } = await sql`
      select from calendar where id = ${input.terms.calendar_id} and archived_at is null`.execute(tx.db)
    found(rows[0], 'calendar')
  }
  const { rows } = await sql<{ id: string }>`
    insert into sla_what_if (policy_id, terms, opened_from, opened_to, state, total, author_id, created_at)
    select ${input.policyId}, ${JSON.stringify(input.terms)}::jsonb, ${input.from}, ${input.to}, 'running',
      (select count(*) from ticket where ${inPeriod(input)}),
      ${tx.actor.kind === 'person' ? tx.actor.id : null}, ${tx.now}
    returning id`.execute(tx.db)
  const { id } = rows[0]!
  await record(tx, [
    {
      verb: 'create',
      subject: { kind: 'sla_what_if', id },
      after: { policy: input.policyId },
      visibility: 'audit',
    },
  ])
  await sql`select pg_notify('due', 'what-ifs')`.execute(tx.db)
  return id
}

const inPeriod = ({ from, to }: { from: Date; to: Date }) => sql<boolean>`
  created_at >= ${from}::timestamptz(3) and created_at < ${to}::timestamptz(3) and kind in ('incident', 'request')`

interface Running {
  id: string
  policy_id: string
  terms: AssumedTerms
  opened_from: Date
  opened_to: Date
  reached_at: Date | null
  reached_id: string | null
  done: number
  report: { cells?: Cell[]; listed?: number; differing?: number }
}

interface PastTicket {
  id: string
  kind: string
  priority: Priority
  serviceId: string | null
  teamId: string | null
  categoryId: string | null
  organisationId: string | null
  requesterId: string | null
  acknowledgedAt: Date | null
  firstResponseAt: Date | null
  createdAt: Date
  clocks: Partial<Record<string, { state: string; imported: boolean }>> | null
}

/** The next tickets of a question that is under way; answers how many. Reads the record and writes only the answer. */
export async function sweepWhatIfs(db: Db): Promise<number> {
  let running: Running | undefined
  const claim = async (trx: Transaction<Tables>) => {
    const { rows } = await sql<Running>`
      select id, policy_id, terms, opened_from, opened_to, reached_at, reached_id, done, report from sla_what_if
      where state = 'running' order by created_at limit 1 for update skip locked`.execute(trx)
    running = rows[0]
  }
  return transact(db, SYSTEM, (tx) => (running ? computeShare(tx, running) : Promise.resolve(0)), claim)
}

async function computeShare(tx: Tx, asked: Running): Promise<number> {
  const tickets = await nextTickets(tx, asked)
  const assumed = (policy: PolicyVersion): PolicyVersion =>
    policy.policyId === asked.policy_id
      ? {
          ...policy,
          calendarId: asked.terms.calendar_id ?? policy.calendarId,
          targets: asked.terms.targets ?? policy.targets,
        }
      : policy
  const book = await openBook(
    tx.db,
    tx.now,
    tickets.map(({ requesterId }) => requesterId),
    assumed,
  )
  const histories = Map.groupBy(
    tickets.length
      ? await historyOf(
          tx.db,
          tickets.map(({ id }) => id),
        )
      : [],
    (row) => row.ticket_id,
  )
  const endings = tickets.flatMap((ticket) => endingsOf(ticket, histories.get(ticket.id) ?? [], book, tx.now))
  const differing = endings.filter(({ was, becomes }) => was !== becomes)
  const listed = asked.report.listed ?? 0
  await keepTickets(tx, asked.id, differing.slice(0, Math.max(0, MOST_LISTED - listed)))
  const report = {
    cells: addCells(asked.report.cells ?? [], endings),
    listed: Math.min(MOST_LISTED, listed + differing.length),
    differing: (asked.report.differing ?? 0) + differing.length,
  }
  const last = tickets.at(-1)
  const ended = tickets.length < SHARE
  await sql`
    update sla_what_if set report = ${JSON.stringify(report)}::jsonb, done = done + ${tickets.length},
      reached_at = ${last?.createdAt ?? asked.reached_at}, reached_id = ${last?.id ?? asked.reached_id},
      state = ${ended ? 'done' : 'running'}, ended_at = ${ended ? tx.now : null}
    where id = ${asked.id}`.execute(tx.db)
  return tickets.length
}

async function nextTickets(tx: Tx, asked: Running): Promise<PastTicket[]> {
  const after = asked.reached_id
    ? sql<boolean>`(created_at, id) > (${asked.reached_at}::timestamptz(3), ${asked.reached_id}::uuid)`
    : sql<boolean>`true`
  const { rows } = await sql<PastTicket>`
    select id, kind, priority, service_id as "serviceId", team_id as "teamId", category_id as "categoryId",
      organisation_id as "organisationId", requester_id as "requesterId", acknowledged_at as "acknowledgedAt",
      first_response_at as "firstResponseAt", created_at as "createdAt",
      (select jsonb_object_agg(c.target, jsonb_build_object('state', c.state, 'imported', c.imported))
       from sla_clock c where c.ticket_id = ticket.id) as clocks
    from ticket where ${inPeriod({ from: asked.opened_from, to: asked.opened_to })} and ${after}
    order by created_at, id limit ${SHARE}`.execute(tx.db)
  return rows
}

export interface Ending {
  ticketId: string
  target: Cell['target']
  priority: Priority
  team: string | null
  was: Outcome
  becomes: Outcome
  elapsedMs: number
  targetMs: number
}

/**
 * How the promises of one ticket ended and would have ended. The ticket is asked as it is now: time spent before a
 * change of priority counts against the target it has since, as it does in a clock.
 */
export function endingsOf(ticket: PastTicket, history: PastRow[], book: PromiseBook, now: Date): Ending[] {
  if (history.length === 0) return []
  const promised = book.promises(ticket)
  return TARGETS.flatMap((target): Ending[] => {
    const was = outcomeOf(ticket.clocks?.[target]?.state)
    const promise = promised.find((one) => one.target === target)
    const decided =
      promise &&
      decideClock(
        {
          target,
          targetMs: promise.targetMs,
          hours: promise.calendar,
          pauses: pausesOf(promise.policy),
          answeredAt: answeredAt(ticket.kind, ticket.acknowledgedAt, ticket.firstResponseAt),
          breachedAt: null,
          marks: [],
        },
        history,
        now,
      )
    const becomes = outcomeOf(decided?.state)
    if (was === 'none' && becomes === 'none') return []
    const { priority, teamId: team, id: ticketId } = ticket
    return [
      {
        ticketId,
        target,
        priority,
        team,
        was,
        becomes,
        elapsedMs: decided?.elapsedMs ?? 0,
        targetMs: promise?.targetMs ?? 0,
      },
    ]
  })
}

/** A promise that nobody owes any more is none. */
const outcomeOf = (state: string | undefined): Outcome =>
  state === 'met' || state === 'breached'
    ? state
    : state === 'running' || state === 'paused'
      ? 'open'
      : 'none'

const ZERO = (): Record<Outcome, number> => ({ met: 0, breached: 0, open: 0, none: 0 })

function addCells(held: Cell[], endings: Ending[]): Cell[] {
  const cells = new Map(held.map((cell) => [`${cell.target} ${cell.priority} ${cell.team}`, cell]))
  for (const { target, priority, team, was, becomes } of endings) {
    const key = `${target} ${priority} ${team}`
    const cell = cells.get(key) ?? { target, priority, team, was: ZERO(), becomes: ZERO() }
    cell.was[was]++
    cell.becomes[becomes]++
    cells.set(key, cell)
  }
  return [...cells.values()]
}

async function keepTickets(tx: Tx, id: string, endings: Ending[]): Promise<void> {
  if (endings.length === 0) return
  const rows = endings.map(({ ticketId, target, was, becomes, elapsedMs, targetMs }) => ({
    ticket_id: ticketId,
    target,
    was,
    becomes,
    elapsed_ms: elapsedMs,
    target_ms: targetMs,
  }))
  await sql`
    insert into sla_what_if_ticket (what_if_id, ticket_id, target, was, becomes, elapsed_ms, target_ms)
    select ${id}, * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as g(ticket_id uuid, target text, was text, becomes text, elapsed_ms bigint, target_ms bigint)`.execute(
    tx.db,
  )
}
