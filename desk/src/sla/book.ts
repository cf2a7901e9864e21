import type { Db, Priority, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { type CalendarVersion, calendarsInForce } from '../calendar/index.ts'
import { type Asked, choosePolicy, type WhyPolicy } from './choose.ts'
import { policiesInForce, type PolicyVersion } from './policies.ts'
import type { Target } from './runs.ts'

export interface Promised {
  target: Target
  targetMs: number
  policy: PolicyVersion
  calendar: CalendarVersion
  why: WhyPolicy
}

/** What decides about a ticket's promise, as its row has it. */
export interface Facets {
  kind: string
  priority: Priority
  serviceId: string | null
  teamId: string | null
  categoryId: string | null
  organisationId: string | null
  requesterId: string | null
}

/** The book of what is promised at one instant: ask it for any number of tickets. */
export interface PromiseBook {
  promises: (ticket: Facets) => Promised[]
  /** The policy that covers a ticket, among those that there were at an instant. */
  policyFor: (ticket: Facets, at: Date) => PolicyVersion | undefined
}

/** Opens the book for tickets of these requesters: their groups are read once, and only where a policy asks. */
export async function openBook(
  db: Db | Transaction<Tables>,
  at: Date,
  requesterIds: (string | null)[],
): Promise<PromiseBook> {
  const policies = await policiesInForce(db, at)
  const calendars = await calendarsInForce(db, at)
  const asks = (condition: 'group_ids' | 'category_ids' | 'organisation_ids') =>
    policies.some((policy) => policy.conditions[condition]?.length)
  const groups = asks('group_ids') ? await groupsOf(db, requesterIds) : new Map<string, string[]>()
  const categories = asks('category_ids') ? await parentsOf(db, 'category') : new Map<string, string | null>()
  const organisations = asks('organisation_ids')
    ? await parentsOf(db, 'organisation')
    : new Map<string, string | null>()
  const asked = (ticket: Facets): Asked => ({
    ...ticket,
    groupIds: groups.get(ticket.requesterId ?? '') ?? [],
    categoryIds: upwards(categories, ticket.categoryId),
    organisationIds: upwards(organisations, ticket.organisationId),
  })
  return {
    promises: (ticket) => promisesOf(policies, calendars, asked(ticket)),
    policyFor: (ticket, then) =>
      choosePolicy(
        policies.filter(({ since }) => since <= then),
        asked(ticket),
      )?.policy,
  }
}

/** What the first policy that covers a ticket promises; a null target promises nothing. */
export function promisesOf(
  policies: PolicyVersion[],
  calendars: Map<string, CalendarVersion>,
  asked: Asked,
): Promised[] {
  const choice = choosePolicy(policies, asked)
  if (!choice) return []
  const { policy, why } = choice
  const wanted = policy.targets[asked.priority]
  const ola = policy.olas.find((one) => one.team_id === asked.teamId)
  const promise = (
    target: Target,
    targetMs: number | null | undefined,
    calendarId: string | null | undefined,
  ) => {
    const calendar = calendars.get(calendarId ?? policy.calendarId)
    return targetMs && calendar ? [{ target, targetMs, policy, calendar, why }] : []
  }
  return [
    ...promise('response', wanted?.response_ms, wanted?.calendar_id),
    ...promise('resolution', wanted?.resolution_ms, wanted?.calendar_id),
    ...promise('update', wanted?.update_ms, wanted?.calendar_id),
    ...(ola ? promise(`ola:${ola.team_id}`, ola.targets_ms[asked.priority], ola.calendar_id) : []),
  ]
}

async function groupsOf(
  db: Db | Transaction<Tables>,
  requesterIds: (string | null)[],
): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ person_id: string; groups: string[] }>`
    select m.person_id, array_agg(m.group_id order by m.group_id) as groups
    from people_group_member m join people_group g on g.id = m.group_id and g.archived_at is null
    where m.person_id = any(${[...new Set(requesterIds.filter((id) => id !== null))]}::uuid[])
    group by m.person_id`.execute(db)
  return new Map(rows.map((row) => [row.person_id, row.groups]))
}

async function parentsOf(
  db: Db | Transaction<Tables>,
  table: 'category' | 'organisation',
): Promise<Map<string, string | null>> {
  const { rows } = await sql<{ id: string; parent_id: string | null }>`
    select id, parent_id from ${sql.table(table)}`.execute(db)
  return new Map(rows.map((row) => [row.id, row.parent_id]))
}

/** A node and what is above it, nearest first; a loop in the data ends where it began. */
function upwards(parents: Map<string, string | null>, id: string | null): string[] {
  const path: string[] = []
  for (let at = id; at !== null && !path.includes(at); at = parents.get(at) ?? null) path.push(at)
  return path
}
