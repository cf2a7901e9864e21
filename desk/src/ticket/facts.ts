import type { Db, Tables } from '@tocsin/db'
import { type Selectable, sql, type Transaction } from 'kysely'
import { unansweredOf } from '../form/index.ts'
import { readSettings } from '../services/index.ts'
import type { ChangeType, Life, Need, TicketKind, TicketState } from './lifecycles.ts'

export interface Facts {
  life: Life
  /** What of its kind's own is there. */
  has: Set<Need>
  /** Points of its checklist that must be done before the work is said to be, and are not. */
  undone: number
  /** Questions that must be answered before, and are not. */
  unanswered: string[]
}

interface About {
  id: string
  kind: TicketKind
  state: TicketState
  service_id: string | null
  ci_id: string | null
}

/** Whose life a ticket leads, and what of that which moves may ask for it has already. */
export const factsOf = async (db: Db | Transaction<Tables>, ticket: About): Promise<Facts> =>
  (await factsOfAll(db, [ticket])).get(ticket.id)!

/** The same of many, by their ids. */
export async function factsOfAll(
  db: Db | Transaction<Tables>,
  tickets: About[],
): Promise<Map<string, Facts>> {
  const idsOf = (kind: TicketKind) => tickets.filter((one) => one.kind === kind).map(({ id }) => id)
  const [problems, changes] = [idsOf('problem'), idsOf('change')]
  const causes = new Map(
    problems.length === 0
      ? []
      : (
          await db
            .selectFrom('problem')
            .select(['ticket_id', 'root_cause'])
            .where('ticket_id', 'in', problems)
            .execute()
        ).map((row) => [row.ticket_id, row.root_cause]),
  )
  const plans = new Map(
    changes.length === 0
      ? []
      : (await db.selectFrom('change_plan').selectAll().where('ticket_id', 'in', changes).execute()).map(
          (row) => [row.ticket_id, row],
        ),
  )
  const owing = await owingReview(db, tickets)
  const waiting = await waitingOf(db, idsOf('request'))
  const undone = await undoneOf(db, tickets)
  const open = await unansweredOf(
    db,
    tickets.map(({ id }) => id),
  )
  return new Map(
    tickets.map((ticket) => {
      const facts = {
        ...factsFrom(ticket, causes.get(ticket.id), plans.get(ticket.id)),
        undone: undone.get(ticket.id) ?? 0,
        unanswered: open.get(ticket.id) ?? [],
      }
      if (!owing.has(ticket.id)) facts.has.add('review')
      if (ticket.kind === 'request' && !waiting.has(ticket.id)) facts.has.add('approval')
      return [ticket.id, facts]
    }),
  )
}

async function undoneOf(db: Db | Transaction<Tables>, tickets: About[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; count: number }>`
    select ticket_id as id, count(*)::int as count from checklist_item
    where ticket_id = any(${tickets.map(({ id }) => id)}::uuid[]) and removed_at is null and required and done_at is null
    group by ticket_id`.execute(db)
  return new Map(rows.map(({ id, count }) => [id, count]))
}

function factsFrom(
  ticket: About,
  cause?: string | null,
  plan?: Selectable<Tables['change_plan']>,
): Omit<Facts, 'undone' | 'unanswered'> {
  const has = new Set<Need>()
  if (ticket.service_id ?? ticket.ci_id) has.add('service_id')
  if (ticket.kind === 'incident' || ticket.kind === 'request') return { life: ticket.kind, has }
  if (ticket.kind === 'problem') {
    if (cause) has.add('problem.root_cause')
    return { life: 'problem', has }
  }
  for (const need of ['risk', 'implementation_plan', 'backout_plan', 'planned_start', 'planned_end'] as const)
    if (plan![need]) has.add(`change.${need}`)
  if (plan!.service_ids.length + plan!.ci_ids.length > 0) has.add('service_id')
  if (plan!.approved_at) has.add('approval')
  if (plan!.outcome) has.add('outcome')
  return { life: plan!.type as ChangeType, has }
}

/** Requests that need an approval which was not given. */
async function waitingOf(db: Db | Transaction<Tables>, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select ticket_id as id from request_approval where ticket_id = any(${ids}::uuid[]) and approved_at is null`.execute(
    db,
  )
  return new Set(rows.map(({ id }) => id))
}

/** Solved major incidents without a finished review, where the setting asks for one. */
async function owingReview(db: Db | Transaction<Tables>, tickets: About[]): Promise<Set<string>> {
  const solved = tickets.filter(({ kind, state }) => kind === 'incident' && state === 'resolved')
  if (solved.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select m.ticket_id as id from major_incident m left join review r on r.ticket_id = m.ticket_id
    where m.ticket_id = any(${solved.map(({ id }) => id)}::uuid[]) and m.state = 'declared' and r.finished_at is null`.execute(
    db,
  )
  const asked = rows.length > 0 && (await readSettings(db)).review_before_close
  return new Set(asked ? rows.map(({ id }) => id) : [])
}
