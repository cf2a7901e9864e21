import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { OPEN_STATES } from '../ticket/index.ts'
import type { Context } from './context.ts'
import { DEFAULT_RULE } from './match.ts'
import { type Claim, groupRow, type OpenTicket, STORM, type View } from './placement.ts'
import { type Edges, type Upstream, upstreamOf } from './upstream.ts'

interface Group {
  rule: string
  group_key: string
  ticket_id: string
  last_at: Date
}

/** A ticket that was opened on something lately. */
interface Recent {
  id: string
  integration_id: string
  opened_at: string
}

interface Near {
  upstream: Map<string, Upstream[]>
  /** By what they were opened on. */
  tickets: Map<string, Recent[]>
  seen: string
}

/**
 * What these claims may meet: the tickets of their groups, and what is open on what they depend on. The tickets
 * stay locked, so nobody ends one while alerts are joining; so do groups that several integrations share.
 */
export async function readView(
  tx: Tx,
  context: Context,
  claims: Claim[],
): Promise<{ view: View; seen: string }> {
  await lockShared(tx, claims)
  const groups = await readGroups(tx, claims)
  const { upstream, tickets, seen } = await readNear(tx, context, claims)
  const storm = await readStorm(tx, context)
  const paces = await readPaces(tx, claims)
  const ids = [
    ...groups.map((group) => group.ticket_id),
    ...[...tickets.values()].flatMap((recent) => recent.map(({ id }) => id)),
    ...(storm.ticket ? [storm.ticket] : []),
    ...paces.map(({ last }) => last),
    ...claims.flatMap(({ continues }) => continues ?? []),
  ]
  const open = await lockOpen(tx, [...new Set(ids)])
  const view = {
    now: tx.now.getTime(),
    groups: new Map(
      groups.map(({ rule, group_key, ticket_id, last_at }) => [
        `${rule} ${group_key}`,
        { ticket: ticket_id, open: open.has(ticket_id), lastAt: last_at.getTime() },
      ]),
    ),
    going: new Set(claims.flatMap(({ continues }) => (continues && open.has(continues) ? continues : []))),
    upstream,
    openOn: new Map([...tickets].map(([node, recent]) => [node, openTicketsOf(recent, open)])),
    storm: { ...storm, ticket: storm.ticket && open.has(storm.ticket) ? storm.ticket : null },
    pace: new Map(
      paces.map(({ rule, opened, last }) => [rule, { opened, last: open.has(last) ? last : null }]),
    ),
  }
  return { view, seen }
}

const openTicketsOf = (recent: Recent[], open: Set<string>): OpenTicket[] =>
  recent
    .filter(({ id }) => open.has(id))
    .map((one) => ({
      ticket: one.id,
      openedAt: Date.parse(one.opened_at),
      integrationId: one.integration_id,
    }))

// A batch may bring thousands of groups, and a transaction may hold far fewer locks.
const STRIPES = 1024

/** Two integrations' workers may meet in a group, or at a rule's limit: one after the other, in one order. */
async function lockShared(tx: Tx, claims: Claim[]): Promise<void> {
  const rows = claims.flatMap(({ match, ...claim }) => {
    const shared = match.rule !== DEFAULT_RULE && !match.own?.group_by.includes('integration')
    return [
      ...(shared ? [`${match.rule} ${groupRow({ match, ...claim })}`] : []),
      ...(match.own?.most_per_hour ? [`limit ${match.rule}`] : []),
    ]
  })
  if (rows.length === 0) return
  await sql`
    with keys as materialized (select distinct hashtext(row) & ${STRIPES - 1} as key
      from jsonb_array_elements_text(${JSON.stringify(rows)}::jsonb) as row order by key)
    select pg_advisory_xact_lock(hashtext('correlation'), key) from keys`.execute(tx.db)
}

async function readGroups(tx: Tx, claims: Claim[]): Promise<Group[]> {
  const asked = new Map(
    claims.map((claim) => {
      const row = { rule: claim.match.rule, group_key: groupRow(claim) }
      return [`${row.rule} ${row.group_key}`, row]
    }),
  )
  const { rows } = await sql<Group>`
    select g.rule, g.group_key, g.ticket_id, coalesce(g.last_at, g.opened_at) as last_at
    from correlation_group g
    where (g.rule, g.group_key) in (
      select rule, group_key from jsonb_to_recordset(${JSON.stringify([...asked.values()])}::jsonb) as a(rule text, group_key text))`.execute(
    tx.db,
  )
  return rows
}

/**
 * What the claims' nodes depend on, and what was opened there lately. The database gives the edges, each once: the
 * paths of thousands of nodes are found much faster beside it.
 */
async function readNear(tx: Tx, { rules, seen }: Context, claims: Claim[]): Promise<Near> {
  const { same_ci, service_map } = rules.set.beside
  const nodes = [...new Set(claims.flatMap(({ node }) => node ?? []))]
  if (nodes.length === 0 || !(same_ci.on || service_map.on))
    return { upstream: new Map(), tickets: new Map(), seen }
  const minutes = Math.max(same_ci.window_minutes, service_map.window_minutes)
  const { rows } = await sql<{
    seen: string
    edges: Edges | null
    tickets: Record<string, Recent[]> | null
  }>`
    with recursive edge(node, on_node) as not materialized (
      select ci_id, depends_on_id from ci_dependency
      union all select service_id, depends_on_id from service_dependency
      union all select service_id, id from configuration_item where service_id is not null and archived_at is null
    ), step(node, on_node) as (
      select e.node, e.on_node from edge e where ${service_map.on} and e.node = any(${nodes}::uuid[])
      union
      select e.node, e.on_node from step s join edge e on e.node = s.on_node
    ), recent as (
      select c.node_id, jsonb_agg(jsonb_build_object('id', c.ticket_id, 'integration_id', c.integration_id,
                                                     'opened_at', c.opened_at) order by c.opened_at desc) as tickets
      from correlated_ticket c join ticket t on t.id = c.ticket_id and t.state = any(${[...OPEN_STATES]})
      where c.opened_at >= ${tx.now}::timestamptz - make_interval(mins => ${minutes})
        and (c.node_id = any(${nodes}::uuid[]) or c.node_id in (select on_node from step))
      group by c.node_id
    )
    select pg_current_snapshot()::text as seen,
           (select jsonb_object_agg(node, above) from (
              select node, jsonb_agg(on_node) as above from step group by node) e) as edges,
           (select jsonb_object_agg(node_id, tickets) from recent) as tickets`.execute(tx.db)
  const near = rows[0]!
  const tickets = new Map(Object.entries(near.tickets ?? {}))
  const asking = new Set(nodes)
  const counts = (node: string) => asking.has(node) || tickets.has(node)
  const upstream = new Map(nodes.map((node) => [node, upstreamOf(near.edges ?? {}, node, counts)]))
  return {
    upstream: new Map([...upstream].filter(([, above]) => above.length > 0)),
    tickets,
    seen: near.seen,
  }
}

async function readStorm(tx: Tx, { rules, integrationId }: Context): Promise<View['storm']> {
  const { on, window_minutes } = rules.set.beside.storm
  if (!on) return { opened: 0, before: 0, services: new Set(), ticket: null }
  const { rows } = await sql<{
    opened: number
    before: number
    services: string[] | null
    ticket: string | null
  }>`
    with since as materialized (select ${tx.now}::timestamptz - make_interval(mins => ${window_minutes}) as at),
    storm as materialized (
      select ticket_id, opened_at from correlation_group
      where rule = ${STORM} and group_key = ${integrationId} and last_at >= (select at from since)
    )
    select count(*) filter (where not c.storm and c.opened_at >= s.at)::int as opened,
           count(*) filter (where not c.storm and c.opened_at >= s.at and c.opened_at <= (select opened_at from storm))::int as before,
           array_agg(distinct c.service_id) filter (where c.service_id is not null) as services,
           (select ticket_id from storm) as ticket
    from correlated_ticket c, since s where c.integration_id = ${integrationId}
      and c.opened_at >= coalesce((select opened_at from storm) - make_interval(mins => ${window_minutes}), s.at)`.execute(
    tx.db,
  )
  const { opened, before, services, ticket } = rows[0]!
  return { opened, before, services: new Set(services), ticket }
}

/** What the rules with a limit of their own have opened within the last hour. */
async function readPaces(tx: Tx, claims: Claim[]): Promise<{ rule: string; opened: number; last: string }[]> {
  const limited = new Set(claims.flatMap(({ match }) => (match.own?.most_per_hour ? [match.rule] : [])))
  if (limited.size === 0) return []
  const { rows } = await sql<{ rule: string; opened: number; last: string }>`
    select rule, count(*)::int as opened, (array_agg(ticket_id order by opened_at desc, ticket_id desc))[1] as last
    from correlated_ticket
    where rule = any(${[...limited]}) and not storm and opened_at > ${tx.now}::timestamptz - interval '1 hour'
    group by rule`.execute(tx.db)
  return rows
}

async function lockOpen(tx: Tx, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const { rows } = await sql<{ id: string; state: string }>`
    select id, state from ticket where id = any(${ids}::uuid[]) order by id for update`.execute(tx.db)
  const open: readonly string[] = OPEN_STATES
  return new Set(rows.filter(({ state }) => open.includes(state)).map(({ id }) => id))
}
