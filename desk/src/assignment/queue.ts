import type { Priority } from '@tocsin/db'
import { sql } from 'kysely'
import { record, type Tx } from '../activity/index.ts'
import { WEIGHTS } from './candidates.ts'
import type { Waiting, Why } from './choose.ts'

/** How many of a queue are gone through in one look: who is far behind them is looked at when these are gone. */
const MOST = 2_000

/**
 * The tickets of a team that nobody has, in the order in which they want to be begun, with what each needs: of its
 * service, its category and those above it, and of the rule that routed it here.
 */
export async function readQueue(tx: Tx, teamId: string): Promise<Waiting[]> {
  const { rows } = await sql<{ id: string; priority: Priority; needs: Record<string, number> | null }>`
    select t.id, t.priority, n.needs from (
      select id, priority, created_at, service_id, category_id, team_id from ticket t
      where t.team_id = ${teamId} and t.assignee_id is null and t.state not in ('resolved', 'closed', 'cancelled') and t.state <> 'pending'
      order by t.priority, t.created_at, t.id limit ${MOST}) t
    left join lateral (
      select jsonb_object_agg(x.skill_id, x.level) as needs from (
        select x.skill_id, max(x.level) as level from (
          select (n ->> 'skill_id')::uuid as skill_id, (n ->> 'level')::int as level
          from ticket_route r, jsonb_array_elements(r.needs) n where r.ticket_id = t.id and r.team_id = t.team_id
          union all select d.skill_id, d.level from skill_need d where d.service_id = t.service_id
          union all select d.skill_id, d.level from category c, skill_need d
          where c.id = t.category_id and d.category_id = any(c.path)) x
        join skill s on s.id = x.skill_id and s.archived_at is null
        group by x.skill_id) x) n on true
    order by t.priority, t.created_at, t.id`.execute(tx.db)
  return rows.map(({ id, priority, needs }) => ({ id, needs: needs ?? {}, weight: WEIGHTS[priority] }))
}

export interface Handing {
  ticketId: string
  /** Who has it before; a ticket that changed hands meanwhile is left alone. */
  from: string | null
  to: string | null
  why: unknown
}

/**
 * Gives tickets of a team to people or takes them back, each with its history and its line, set-based: nothing of
 * this stops or starts a clock. Tickets that somebody holds locked are left for the next look; answers those done.
 */
export async function handTickets(tx: Tx, teamId: string, handings: Handing[]): Promise<Set<string>> {
  if (handings.length === 0) return new Set()
  const given = handings.map(({ ticketId, from, to }) => ({ ticket_id: ticketId, from_id: from, to_id: to }))
  const { rows } = await sql<{ id: string; revision: number; at: Date }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(ticket_id uuid, from_id uuid, to_id uuid)
    ), free as (
      select t.id, g.to_id from ticket t join given g on g.ticket_id = t.id
      where t.team_id = ${teamId} and t.assignee_id is not distinct from g.from_id and t.state not in ('resolved', 'closed', 'cancelled') and t.state <> 'pending'
      order by t.id for update of t skip locked
    ), changed as (
      update ticket t set assignee_id = f.to_id, revision = t.revision + 1,
        updated_at = greatest(t.updated_at, ${tx.now}::timestamptz(3))
      from free f where t.id = f.id returning t.*
    ), history as (
      insert into ticket_state (ticket_id, revision, at, state, pending_reason, priority, service_id, team_id, assignee_id, status_id)
      select id, revision, updated_at, state, pending_reason, priority, service_id, team_id, assignee_id, status_id from changed
    )
    select id, revision, updated_at as at from changed`.execute(tx.db)
  const done = new Map(rows.map((row) => [row.id, row]))
  await record(
    tx,
    handings.flatMap(({ ticketId, from, to, why }) => {
      const row = done.get(ticketId)
      if (!row) return []
      return [
        {
          verb: 'assign',
          subject: { kind: 'ticket', id: ticketId },
          ticket: { id: ticketId, revision: row.revision },
          at: row.at,
          before: { team_id: teamId, assignee_id: from },
          after: { team_id: teamId, assignee_id: to },
          why,
        },
      ]
    }),
  )
  return new Set(done.keys())
}

/** Keeps why nobody got these tickets; those of the team that are not among them wait no longer. */
export async function keepWaits(
  tx: Tx,
  teamId: string,
  waits: { ticketId: string; why: Why }[],
): Promise<void> {
  const given = waits.map(({ ticketId, why }) => ({ ticket_id: ticketId, why }))
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(ticket_id uuid, why jsonb)
    ), over as (
      delete from assignment_wait w where w.team_id = ${teamId} and not exists (select from given g where g.ticket_id = w.ticket_id)
    )
    insert into assignment_wait as w (ticket_id, team_id, why, since)
    select ticket_id, ${teamId}, why, ${tx.now} from given
    on conflict (ticket_id) do update set why = excluded.why, team_id = excluded.team_id,
      since = case when w.team_id = excluded.team_id then w.since else excluded.since end
    where w.why is distinct from excluded.why or w.team_id <> excluded.team_id`.execute(tx.db)
}
