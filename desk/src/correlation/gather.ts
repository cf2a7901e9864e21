import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { transact, type Tx } from '../activity/index.ts'
import { closesCircle, lastTarget, linkTickets, lockTickets, OPEN_STATES } from '../ticket/index.ts'
import { mergeTickets } from './merge.ts'
import { findParts, type Near, type Part } from './parts.ts'
import { readRuleset } from './ruleset.ts'
import type { Edges } from './upstream.ts'

const AT_ONCE = 200
/** Of a great storm only the latest tickets are looked at: what gathers a storm is the storm guard. */
const MOST_NEAR = 1_000

/**
 * Causes that were heard after their symptoms, and twins that two workers opened at the same time: a moment after a
 * ticket has opened, what turns out to be part of it goes on in it. What people have touched is linked, no more.
 */
export async function sweepGatherings(db: Db): Promise<number> {
  const due = await readDue(db)
  if (due.length === 0) return 0
  const parts = await readParts(db, due)
  const concerned = new Set(parts.map(({ ticket }) => ticket))
  for (const id of concerned)
    await gatherInto(
      db,
      id,
      parts.filter(({ ticket }) => ticket === id),
    )
  const alone = due.filter((id) => !concerned.has(id))
  await sql`delete from gathering where ticket_id = any(${alone}::uuid[])`.execute(db)
  return due.length
}

async function readDue(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select ticket_id as id from gathering where due_at <= (select tocsin_now()) order by due_at limit ${AT_ONCE}`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

/** What is open near these tickets by the service map as it is now, and belongs to one of them. */
async function readParts(db: Db, due: string[]): Promise<Part[]> {
  const { same_ci, service_map } = (await readRuleset(db)).beside
  const minutes = Math.max(service_map.window_minutes, same_ci.window_minutes)
  const { rows } = await sql<{ near: Near[] | null; edges: Edges | null }>`
    with recursive asked as (
      select min(opened_at) as first from correlated_ticket where ticket_id = any(${due}::uuid[])
    ), near as materialized (
      select c.ticket_id as id, t.kind, c.node_id as node, c.integration_id as integration, c.opened_at,
             exists (select from configuration_item i where i.id = c.node_id) as on_ci
      from asked, correlated_ticket c join ticket t on t.id = c.ticket_id and t.state = any(${[...OPEN_STATES]})
      where c.opened_at >= asked.first - make_interval(mins => ${minutes}) and c.node_id is not null and not c.storm
      order by c.opened_at desc limit ${MOST_NEAR}
    ), edge(node, on_node) as not materialized (
      select ci_id, depends_on_id from ci_dependency
      union all select service_id, depends_on_id from service_dependency
      union all select service_id, id from configuration_item where service_id is not null and archived_at is null
    ), step(node, on_node) as (
      select e.node, e.on_node from edge e where ${service_map.on} and e.node in (select node from near)
      union
      select e.node, e.on_node from step s join edge e on e.node = s.on_node
    )
    select (select jsonb_agg(jsonb_build_object('id', id, 'kind', kind, 'node', node, 'integration', integration,
              'openedAt', extract(epoch from opened_at) * 1000, 'onCi', on_ci)) from near) as near,
           (select jsonb_object_agg(node, above) from (
              select node, jsonb_agg(on_node) as above from step group by node) e) as edges`.execute(db)
  const { near, edges } = rows[0]!
  return findParts(new Set(due), near ?? [], edges ?? {}, { same_ci, service_map })
}

/** All parts of one ticket, in the order of locks of whoever merges: alerts before tickets. Another engine may have been here. */
const gatherInto = (db: Db, id: string, parts: Part[]): Promise<void> =>
  transact(db, { kind: 'rule', id: null }, async (given) => {
    const { rows } = await sql`
      select from gathering where ticket_id = ${id} for update skip locked`.execute(given.db)
    if (rows.length === 0) return
    // Merges come one at a time from here on; the ticket may have gone on in another by now.
    const home = new Map<string, string>()
    for (const { into } of parts) if (!home.has(into)) home.set(into, await lastTarget(given, into))
    const ids = parts.flatMap(({ from, into }) => [from, home.get(into)!])
    await sql`select from alert where ticket_id = any(${ids}::uuid[]) order by id for update`.execute(
      given.db,
    )
    const { tickets, tx } = await lockTickets(given, [...new Set(ids)])
    const open = new Set(
      tickets.flatMap(({ id: ticket, state }) => (OPEN_STATES.includes(state) ? [ticket] : [])),
    )
    const touched = await readTouched(tx, ids)
    for (const { from, into: named, evidence } of parts) {
      const into = home.get(named)!
      if (from === into || !open.has(from) || !open.has(into)) continue
      if (touched.has(from)) {
        const link = { fromId: from, toId: into, kind: 'caused_by' as const }
        // People may have said already that it is the other way round.
        if (!(await closesCircle(tx, link))) await linkTickets(tx, { ...link, why: evidence })
      } else {
        await mergeTickets(tx, { from, into, evidence })
        open.delete(from)
      }
    }
    await given.db.deleteFrom('gathering').where('ticket_id', '=', id).execute()
  })

/** Tickets about which a person has done something: they are theirs. */
async function readTouched(tx: Tx, ids: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select distinct ticket_id as id from activity
    where ticket_id = any(${ids}::uuid[]) and actor_kind = 'person'`.execute(tx.db)
  return new Set(rows.map(({ id }) => id))
}
