import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { type Decided, decideRoute, type Route } from './decide.ts'
import { ASKED, readFacts } from './facts.ts'
import { compileRoutes, latestRoutes, ROUTING, type RoutingRules } from './rules.ts'

/** A ticket about to open without a team, by its place among those that open with it. */
export interface Unrouted {
  key: number
  kind: string
  channel: string
  title: string
  impact: string
  urgency: string
  service_id: string | null
  ci_id: string | null
  category_id: string | null
  organisation_id: string | null
  requester_id: string | null
  language: string | null
}

/** The rules in force and the teams that there are, as every decision asks for them. */
export async function rulesInForce(db: Tx['db']): Promise<{ rules: RoutingRules; teams: Set<string> }> {
  const version = await ROUTING.newest(db)
  const rules = await latestRoutes(db, version, async () => compileRoutes(await ROUTING.read(db, version)))
  if (rules.live.length === 0) return { rules, teams: new Set() }
  const teams = await db.selectFrom('team').select('id').where('archived_at', 'is', null).execute()
  return { rules, teams: new Set(teams.map(({ id }) => id)) }
}

/** What the rules in force say of tickets about to open, by their place. */
export async function routeNew(tx: Tx, tickets: Unrouted[]): Promise<Map<number, Decided>> {
  if (tickets.length === 0) return new Map()
  const { rules, teams } = await rulesInForce(tx.db)
  if (rules.live.length === 0) return new Map()
  const given = JSON.stringify(tickets.map((ticket) => ({ ...ticket, created_at: tx.now })))
  const facts = await readFacts(
    tx.db,
    sql`select * from jsonb_to_recordset(${given}::jsonb) as x(key int, ${ASKED})`,
  )
  return new Map([...facts].map(([key, one]) => [Number(key), decideRoute(rules, one, teams)]))
}

/** What the rules in force say of a ticket on record, as it is now. */
export async function routeAgain(tx: Tx, ticketId: string): Promise<Route | null> {
  const { rules, teams } = await rulesInForce(tx.db)
  const facts = await readFacts(tx.db, sql`select t.*, t.id as key from ticket t where t.id = ${ticketId}`)
  const own = facts.get(ticketId)
  return own ? decideRoute(rules, own, teams).route : null
}

/** Keeps why tickets lie where they lie; a later decision replaces the earlier one. */
export async function keepRoutes(
  tx: Tx,
  routes: { ticketId: string; route: Route }[],
  askedBy: string | null = null,
): Promise<void> {
  if (routes.length === 0) return
  const rows = routes.map(({ ticketId, route }) => ({
    ticket_id: ticketId,
    version: route.version,
    rule: route.rule,
    place: route.place,
    team_id: route.teamId,
    matched: route.matched,
    needs: route.needs,
  }))
  await sql`
    insert into ticket_route (ticket_id, version, rule, place, team_id, matched, needs, author_id, routed_at)
    select ticket_id, version, rule, place, team_id, matched, needs, ${askedBy}::uuid, ${tx.now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(
      ticket_id uuid, version int, rule text, place int, team_id uuid, matched jsonb, needs jsonb)
    on conflict (ticket_id) do update set version = excluded.version, rule = excluded.rule, place = excluded.place,
      team_id = excluded.team_id, matched = excluded.matched, needs = excluded.needs, author_id = excluded.author_id,
      routed_at = excluded.routed_at`.execute(tx.db)
}
