import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, type Actor } from '../activity/index.ts'
import { type Capability, GRANTS, type Role, type Scope, widest } from './permission.ts'

export interface Reader {
  person: { id: string; name: string; email: string | null; locale: 'en' | 'fr' | 'it'; zone: string }
  administrator: boolean
  /** Roles held within teams. */
  teams: { id: string; role: Exclude<Role, 'employee' | 'administrator'> }[]
}

/** The person behind a sign-in or a key, with all their roles, in one query. Undefined once archived. */
export async function loadReader(
  db: Db | Transaction<Tables>,
  by: { authUserId: string } | { personId: string },
): Promise<Reader | undefined> {
  const match = 'authUserId' in by ? sql`p.auth_user_id = ${by.authUserId}` : sql`p.id = ${by.personId}`
  const { rows } = await sql<Reader['person'] & { administrator: boolean; teams: Reader['teams'] }>`
    select p.id, p.name, p.email, p.locale, p.zone,
           coalesce(bool_or(g.role = 'administrator'), false) as administrator,
           coalesce(jsonb_agg(jsonb_build_object('id', g.team_id, 'role', g.role)) filter (where t.id is not null), '[]') as teams
    from person p
    left join role_grant g on g.person_id = p.id
    left join team t on t.id = g.team_id and t.archived_at is null
    where ${match} and p.archived_at is null
    group by p.id`.execute(db)
  const row = rows[0]
  if (!row) return undefined
  const { administrator, teams, ...person } = row
  return { person, administrator, teams }
}

export const actorOf = (reader: Reader): Actor => ({ kind: 'person', id: reader.person.id })

export function rolesOf(reader: Reader): Set<Role> {
  const roles = new Set<Role>(['employee'])
  if (reader.administrator) roles.add('administrator')
  for (const team of reader.teams) roles.add(team.role)
  return roles
}

/** How far this reader may use the capability; undefined: not at all. */
export const scopeOf = (reader: Reader, capability: Capability): Scope | undefined =>
  widest(rolesOf(reader), capability)

/** The teams in which the reader holds the capability by a role there. */
export function teamsWith(reader: Reader, capability: Capability): string[] {
  return [...new Set(reader.teams.filter((team) => GRANTS[team.role][capability]).map((team) => team.id))]
}

/** True when the reader holds the capability everywhere, or within this team by a role there. */
export function mayInTeam(reader: Reader, capability: Capability, teamId: string | null): boolean {
  if (scopeOf(reader, capability) === 'all') return true
  return teamId !== null && teamsWith(reader, capability).includes(teamId)
}

/** Throws unless the reader holds the capability at all; rows are narrowed by the visibility predicate. */
export function demand(reader: Reader, capability: Capability): void {
  if (!scopeOf(reader, capability))
    throw new DeskError('forbidden', `Your roles do not include “${capability}”.`)
}

/** Throws unless the reader holds the capability everywhere or in this team. */
export function demandInTeam(reader: Reader, capability: Capability, teamId: string | null): void {
  if (!mayInTeam(reader, capability, teamId))
    throw new DeskError('forbidden', `Your roles do not include “${capability}” for this team.`)
}
