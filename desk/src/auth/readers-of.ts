import { type RawBuilder, sql } from 'kysely'
import { type Capability, GRANTS, type Role } from './permission.ts'

const rolesWith = (capability: Capability): Role[] =>
  (Object.keys(GRANTS) as Role[]).filter(
    (role) => role !== 'employee' && role !== 'administrator' && GRANTS[role][capability],
  )

/** Over `person p`: holds a role with the capability, in a team that this says. */
const inTeam = (capability: Capability, which: RawBuilder<boolean>): RawBuilder<boolean> => sql<boolean>`
  exists (select from role_grant g join team h on h.id = g.team_id and h.archived_at is null
    where g.person_id = p.id and g.role = any(${rolesWith(capability)}::text[]) and ${which})`

const administers = sql<boolean>`exists (select from role_grant g where g.person_id = p.id and g.role = 'administrator')`
const paged = sql<boolean>`exists (select from page g where g.ticket_id = t.id and g.recipient_id = p.id)`

/**
 * `ticketVisible` asked of people rather than of one reader: who may see a `ticket t`, over `person p`. A test holds the
 * two equal.
 */
export const seenBy: RawBuilder<boolean> = sql<boolean>`coalesce(${administers}
  or p.id in (t.requester_id, t.reporter_id, t.assignee_id)
  or exists (select from watcher w where w.ticket_id = t.id and w.person_id = p.id)
  or (${inTeam('ticket.read', sql<boolean>`true`)} and ${paged})
  or (not t.confidential and ${inTeam('ticket.read', sql<boolean>`(t.team_id is null or g.team_id = t.team_id)`)})
  or (t.confidential and ${inTeam('insight.read', sql<boolean>`g.team_id = t.team_id`)}), false)`

/** The same of `ticketWorkable`: who works on it as those at the desk do. To be asked beside `seenBy`. */
export const workedBy: RawBuilder<boolean> = sql<boolean>`coalesce(${administers}
  or (${inTeam('ticket.answer', sql<boolean>`true`)} and (t.team_id is null or t.assignee_id = p.id or ${paged}))
  or ${inTeam('ticket.answer', sql<boolean>`g.team_id = t.team_id`)}, false)`
