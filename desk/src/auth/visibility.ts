import { type RawBuilder, sql } from 'kysely'
import { type Reader, scopeOf, teamsWith } from './reader.ts'

/**
 * The one predicate of ticket visibility, over a table aliased `t`. List, search, stream and export use it;
 * analytics gets the same scope as data (`analyticsScope`). Tickets without a team belong to every desk.
 */
export function ticketVisible(reader: Reader): RawBuilder<boolean> {
  const me = reader.person.id
  if (scopeOf(reader, 'ticket.read') === 'all') return sql<boolean>`true`
  const own = sql`t.requester_id = ${me} or t.reporter_id = ${me} or t.assignee_id = ${me}
    or exists (select from watcher w where w.ticket_id = t.id and w.person_id = ${me})`
  const teams = teamsWith(reader, 'ticket.read')
  if (teams.length === 0) return sql<boolean>`(${own})`
  const manages = teamsWith(reader, 'insight.read')
  return sql<boolean>`(${own}
    or (not t.confidential and (t.team_id is null or t.team_id = any(${teams}::uuid[])))
    or (t.confidential and t.team_id = any(${manages}::uuid[]))
    or exists (select from page g where g.ticket_id = t.id and g.recipient_id = ${me}))`
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
