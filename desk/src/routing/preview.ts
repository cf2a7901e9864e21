import type { Db } from '@tocsin/db'
import { type RawBuilder, sql } from 'kysely'
import { tryCondition, type Tried } from '../ruleset/index.ts'
import { decideRoute } from './decide.ts'
import { readFacts, type RoutingFacts } from './facts.ts'
import { compileRouting, compileRoutes, type RoutingBody } from './rules.ts'

interface Named {
  id: string
  name: string
}
export interface RoutedTicket {
  number: string
  title: string
  /** Where it lies now. */
  team: Named | null
}

interface Specimen extends RoutedTicket {
  id: string
  facts: RoutingFacts
}

/** The latest tickets as the rules see them, as they are now. `where` narrows over `ticket t`. */
async function readSpecimens(db: Db, where: RawBuilder<boolean>, limit: number): Promise<Specimen[]> {
  const { rows } = await sql<Omit<Specimen, 'facts'>>`
    select t.id, t.number, t.title, case when m.id is not null then jsonb_build_object('id', m.id, 'name', m.name) end as team
    from (select * from ticket t where ${where} order by t.created_at desc, t.id desc limit ${limit}) t
    left join team m on m.id = t.team_id order by t.created_at desc, t.id desc`.execute(db)
  const ids = rows.map(({ id }) => id)
  const facts = await readFacts(
    db,
    sql`select t.*, t.id as key from ticket t where t.id = any(${ids}::uuid[])`,
  )
  return rows.map((row) => ({ ...row, facts: facts.get(row.id)! }))
}

/** A condition over the latest tickets. */
export async function checkCondition(
  db: Db,
  when: string,
  { where, limit }: { where: RawBuilder<boolean>; limit: number },
): Promise<{ error: string | null; results: (Tried & { ticket: RoutedTicket })[] }> {
  const specimens = await readSpecimens(db, where, limit)
  const { error, results } = tryCondition(
    compileRouting,
    when,
    specimens.map(({ facts }) => facts),
  )
  return {
    error,
    results: results.map((result, index) => {
      const { number, title, team } = specimens[index]!
      return { ...result, ticket: { number, title, team } }
    }),
  }
}

export interface PreviewedRoute {
  ticket: RoutedTicket
  /** null: no rule holds, and the ticket goes where it would without any. */
  rule: { id: string; name: string; place: number } | null
  team: Named | null
  matched: Record<string, string>
}

/** Where the latest tickets would have gone under these rules. Nothing is changed. */
export async function previewRouting(
  db: Db,
  body: RoutingBody,
  { where, limit }: { where: RawBuilder<boolean>; limit: number },
): Promise<PreviewedRoute[]> {
  const rules = compileRoutes({ ...body, version: 0 })
  const specimens = await readSpecimens(db, where, limit)
  const teams = await db.selectFrom('team').select(['id', 'name']).where('archived_at', 'is', null).execute()
  const teamOf = new Map(teams.map((team) => [team.id, team]))
  const names = new Map(body.rules.map(({ id, name }) => [id, name]))
  return specimens.map(({ number, title, team, facts }) => {
    const { route } = decideRoute(rules, facts, new Set(teamOf.keys()))
    return {
      ticket: { number, title, team },
      rule: route && { id: route.rule, name: names.get(route.rule)!, place: route.place },
      team: route && teamOf.get(route.teamId)!,
      matched: route?.matched ?? {},
    }
  })
}

const DAYS = 30

/** How many tickets each rule routed in the last 30 days. */
export async function readRouted(db: Db): Promise<{ rule: string; routed: number }[]> {
  const { rows } = await sql<{ rule: string; routed: number }>`
    select rule, count(*) as routed from ticket_route
    where routed_at >= (select tocsin_now()) - make_interval(days => ${DAYS}) group by rule`.execute(db)
  return rows
}

export interface ToldRoute {
  rule: { id: string; name: string; place: number; version: number; when: string }
  team: Named
  matched: Record<string, string>
  routed_at: string
  /** Whoever asked for the rules again; null: at its opening. */
  asked_by: Named | null
}

/** Why tickets lie where they lie, as JSON over `ticket t`: the rule as its version says it. */
export const ROUTE_TOLD = sql<ToldRoute | null>`(
  select jsonb_build_object(
    'rule', jsonb_build_object('id', r.rule, 'place', r.place, 'version', r.version,
      'name', v.body #>> array['rules', (r.place - 1)::text, 'name'],
      'when', v.body #>> array['rules', (r.place - 1)::text, 'when']),
    'team', jsonb_build_object('id', m.id, 'name', m.name), 'matched', r.matched, 'routed_at', r.routed_at,
    'asked_by', case when p.id is not null then jsonb_build_object('id', p.id, 'name', p.name) end)
  from ticket_route r join routing_ruleset v on v.version = r.version join team m on m.id = r.team_id
  left join person p on p.id = r.author_id where r.ticket_id = t.id)`
