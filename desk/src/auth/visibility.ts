import { type RawBuilder, sql } from 'kysely'
import { type Reader, scopeOf, teamsWith } from './reader.ts'

/**
 * The one predicate of ticket visibility, over a table aliased `t`. List, search, stream and export use it;
 * analytics gets the same scope as data (`analyticsScope`). Tickets without a team belong to every desk.
 * `team`: the only one that is asked for, when there is one.
 */
export function ticketVisible(reader: Reader, team?: string): RawBuilder<boolean> {
  const me = reader.person.id
  if (scopeOf(reader, 'ticket.read') === 'all') return sql<boolean>`true`
  if (!seesByTeam(reader, team)) return named(reader)
  const teams = teamsWith(reader, 'ticket.read')
  const manages = teamsWith(reader, 'insight.read')
  return sql<boolean>`(t.requester_id = ${me} or t.reporter_id = ${me} or t.assignee_id = ${me}
    or (not t.confidential and (t.team_id is null or t.team_id = any(${teams}::uuid[])))
    or (t.confidential and t.team_id = any(${manages}::uuid[]))
    or exists (select from watcher w where w.ticket_id = t.id and w.person_id = ${me})
    or exists (select from page g where g.ticket_id = t.id and g.recipient_id = ${me}))`
}

/** Whether a role in a team lets the reader see tickets; with `team`, tickets of that one. */
export function seesByTeam(reader: Reader, team?: string): boolean {
  if (scopeOf(reader, 'ticket.read') === 'all') return true
  const teams = teamsWith(reader, 'ticket.read')
  return team === undefined ? teams.length > 0 : teams.includes(team)
}

/** What is visible without any team: every arm has an index, so that it is found and not met by walking. */
function named(reader: Reader): RawBuilder<boolean> {
  const me = reader.person.id
  return sql<boolean>`(t.requester_id = ${me} or t.reporter_id = ${me} or t.assignee_id = ${me}
    or t.id = any(${toldOf(reader)}))`
}

/** Ids of tickets that the reader watches or, at a desk, was paged for. */
function toldOf(reader: Reader): RawBuilder<string[]> {
  const me = reader.person.id
  const paged = sql`union all select g.ticket_id from page g where g.recipient_id = ${me}`
  return sql<string[]>`array(select w.ticket_id from watcher w where w.person_id = ${me}
    ${seesByTeam(reader) ? paged : sql``})`
}

/**
 * Tickets with these words (a tsquery) as the index holds them for this reader: all that `ticketVisible` lets
 * through and little else. To be asked beside it, never instead of it.
 */
export function searchedInScope(reader: Reader, words: RawBuilder<unknown>): RawBuilder<boolean> {
  const held = sql`search_in_scope(t.search, t.team_id, t.requester_id, t.reporter_id, t.assignee_id)`
  if (scopeOf(reader, 'ticket.read') === 'all') return sql<boolean>`${held} @@ ${words}`
  const teams = seesByTeam(reader) ? ['', ...teamsWith(reader, 'ticket.read')] : []
  const scope = [`/p${reader.person.id}`, ...teams.map((id) => `/t${id}`)]
    .map((one) => `'${one}'`)
    .join(' | ')
  return sql<boolean>`(${held} @@ (${words} && ${scope}::tsquery)
    or (t.id = any(${toldOf(reader)}) and t.search @@ ${words}))`
}

/** Works on the ticket as those at the desk do (not merely its requester), over a table aliased `t`. */
export function ticketWorkable(reader: Reader): RawBuilder<boolean> {
  const me = reader.person.id
  if (scopeOf(reader, 'ticket.answer') === 'all') return sql<boolean>`true`
  const teams = teamsWith(reader, 'ticket.answer')
  if (teams.length === 0) return sql<boolean>`false`
  return sql<boolean>`(t.team_id is null or t.team_id = any(${teams}::uuid[]) or t.assignee_id = ${me}
    or exists (select from page g where g.ticket_id = t.id and g.recipient_id = ${me}))`
}

/** Alerts, over a table aliased `a`: by their integration's or service's team, or through a visible ticket. */
export function alertVisible(reader: Reader): RawBuilder<boolean> {
  const scope = scopeOf(reader, 'alert.read')
  if (scope === 'all') return sql<boolean>`true`
  if (!scope) return sql<boolean>`false`
  const teams = teamsWith(reader, 'alert.read')
  return sql<boolean>`(
    exists (select from integration i left join service s on s.id = a.service_id
            where i.id = a.integration_id
              and (coalesce(s.team_id, i.team_id) is null or coalesce(s.team_id, i.team_id) = any(${teams}::uuid[])))
    or exists (select from ticket t where t.id = a.ticket_id and ${ticketVisible(reader)}))`
}

export interface AnalyticsScope {
  all: boolean
  /** Teams whose figures the reader may see. */
  teams: string[]
}

export function analyticsScope(reader: Reader): AnalyticsScope {
  return { all: scopeOf(reader, 'insight.read') === 'all', teams: teamsWith(reader, 'insight.read') }
}

/**
 * Tickets that the reader answers for as a manager, over a table aliased `t`: a part of those visible, and the same
 * for everybody who manages the same teams, so that they can share what is counted.
 */
export function ticketSupervised(reader: Reader): RawBuilder<boolean> {
  const { all, teams } = analyticsScope(reader)
  if (all) return sql<boolean>`true`
  return sql<boolean>`(t.team_id = any(${teams}::uuid[]) or (t.team_id is null and not t.confidential))`
}
