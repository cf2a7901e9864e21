import type { Db, Priority, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, found, record, SYSTEM, transact, type Tx } from '../activity/index.ts'
import { calendarsInForce, calendarVersions } from '../calendar/index.ts'
import {
  ASSUMED_TARGETS,
  type AssumedTarget,
  type AssumedTerms,
  type Ending,
  endingsOf,
  type Outcome,
  type PastTicket as Past,
} from './assume.ts'
import { checkTargets } from './check.ts'
import { type Facets, openBook, type PromiseBook } from './book.ts'
import { historyOf } from './held.ts'
import { policiesInForce, policyVersions, type PolicyVersion } from './policies.ts'
import { demandReferences } from './references.ts'

export interface WhatIfInput {
  policyId: string
  terms: AssumedTerms
  from: Date
  to: Date
}
/** How many ended how, as recorded and as assumed. */
export interface Cell {
  target: AssumedTarget
  priority: Priority
  team: string | null
  was: Record<Outcome, number>
  becomes: Record<Outcome, number>
}

const SHARE = 500
const MOST_LISTED = 10_000

/** Asks how the promises of a period would have ended under other terms. Throws `invalid` and `not_found`. */
export async function askWhatIf(tx: Tx, input: WhatIfInput): Promise<string> {
  if (input.to <= input.from)
    throw new DeskError('invalid', 'The period is empty.', {
      errors: [{ path: 'to', message: 'must lie after from' }],
    })
  const policy = (await policiesInForce(tx.db, tx.now)).find(({ policyId }) => policyId === input.policyId)
  const { calendarId } = found(policy, 'SLA policy')
  if (input.terms.targets) {
    checkTargets(input.terms.targets)
    await demandReferences(tx, { calendarId, targets: input.terms.targets })
  }
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

type PastTicket = Past & Facets & { createdAt: Date }

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
  const ids = tickets.map(({ id }) => id)
  const clocks = tickets.flatMap((ticket) => Object.values(ticket.clocks ?? {}))
  const policies = await policyVersions(
    tx.db,
    clocks.flatMap(({ policyVersionId }) => policyVersionId ?? []),
  )
  const assumption = {
    policyId: asked.policy_id,
    terms: asked.terms,
    calendars: await calendarsInForce(tx.db, tx.now),
    recorded: await calendarVersions(tx.db, [
      ...new Set(clocks.flatMap(({ calendarVersionId }) => calendarVersionId ?? [])),
    ]),
  }
  const book = await openBook(
    tx.db,
    tx.now,
    tickets.map(({ requesterId }) => requesterId),
  )
  const histories = Map.groupBy(ids.length > 0 ? await historyOf(tx.db, ids) : [], (row) => row.ticket_id)
  const endings = tickets.flatMap((ticket) =>
    endingsOf(ticket, histories.get(ticket.id) ?? [], coveredBy(ticket, policies, book), assumption, tx.now),
  )
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

/** The policy that a ticket's promises are of; where it was promised nothing, the one that would cover it. */
function coveredBy(
  ticket: PastTicket,
  versions: Map<string, PolicyVersion>,
  book: PromiseBook,
): PolicyVersion | undefined {
  const clock = ASSUMED_TARGETS.map((target) => ticket.clocks?.[target]).find((one) => one)
  return clock ? versions.get(clock.policyVersionId ?? '') : book.policyFor(ticket, ticket.createdAt)
}

async function nextTickets(tx: Tx, asked: Running): Promise<PastTicket[]> {
  const after = asked.reached_id
    ? sql<boolean>`(created_at, id) > (${asked.reached_at}::timestamptz(3), ${asked.reached_id}::uuid)`
    : sql<boolean>`true`
  const { rows } = await sql<PastTicket>`
    select id, kind, priority, service_id as "serviceId", team_id as "teamId", category_id as "categoryId",
      organisation_id as "organisationId", requester_id as "requesterId", acknowledged_at as "acknowledgedAt",
      first_response_at as "firstResponseAt", created_at as "createdAt",
      (select jsonb_object_agg(c.target, jsonb_build_object('state', c.state, 'imported', c.imported,
         'policyVersionId', c.policy_version_id, 'calendarVersionId', c.calendar_version_id,
         'elapsedMs', c.elapsed_ms, 'targetMs', c.target_ms))
       from sla_clock c where c.ticket_id = ticket.id and c.target in ('response', 'resolution')) as clocks
    from ticket where ${inPeriod({ from: asked.opened_from, to: asked.opened_to })} and ${after}
    order by created_at, id limit ${SHARE}`.execute(tx.db)
  return rows
}

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
