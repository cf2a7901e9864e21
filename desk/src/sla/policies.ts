import type { Db, Priority, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import type { Percent } from './clock.ts'

export interface PriorityTarget {
  /** Milliseconds of working time; null: nothing is promised. */
  response_ms: number | null
  resolution_ms: number | null
  /** How often the requester hears something while the ticket is open. */
  update_ms?: number | null
  /** Counts by another calendar than the policy's. */
  calendar_id?: string | null
}
export type Targets = Partial<Record<Priority, PriorityTarget>>

/** Every condition that is given must hold; an absent one always does. */
export interface Conditions {
  priorities?: Priority[]
  /** The requester is in one of these groups. */
  group_ids?: string[]
  /** These categories, and what is below them. */
  category_ids?: string[]
  /** These organisations, and what belongs to them. */
  organisation_ids?: string[]
}

/** What one team owes the others: its own time on a ticket. */
export interface Ola {
  team_id: string
  /** null: the policy's calendar. */
  calendar_id: string | null
  targets_ms: Partial<Record<Priority, number>>
}

export type EscalationTargetName = 'response' | 'resolution' | 'update' | 'ola'

/** Whom a mark of a clock tells. 100 is the breach. */
export interface MarkEscalation {
  target: EscalationTargetName
  percent: Percent
  /** Pages by this policy. */
  escalation_policy_id: string | null
  /** Told by mail, without having to answer. */
  person_ids: string[]
  team_ids: string[]
}

export interface PolicyTerms {
  kinds: string[]
  /** Empty: every service. */
  serviceIds: string[]
  conditions: Conditions
  calendarId: string
  targets: Targets
  /** null: every pending reason pauses. */
  pauseReasons: string[] | null
  pauseStates: string[]
  olas: Ola[]
  escalations: MarkEscalation[]
}

export interface PolicyVersion extends PolicyTerms {
  id: string
  policyId: string
  name: string
  position: number
  version: number
  effectiveFrom: Date
  /** From when the policy has held, in whatever version. */
  since: Date
}

const columns = sql`v.id, v.policy_id as "policyId", p.name, p.position, v.version, v.effective_from as "effectiveFrom",
  (select min(f.effective_from) from sla_policy_version f where f.policy_id = v.policy_id) as since, v.kinds, v.service_ids as "serviceIds", v.conditions, v.calendar_id as "calendarId", v.targets,
  v.pause_reasons as "pauseReasons", v.pause_states as "pauseStates", v.olas, v.escalations`

/** The policies in force at an instant, in the order in which they are asked. */
export async function policiesInForce(db: Db | Transaction<Tables>, at: Date): Promise<PolicyVersion[]> {
  const { rows } = await sql<PolicyVersion>`
    select * from (
      select distinct on (v.policy_id) ${columns}
      from sla_policy_version v join sla_policy p on p.id = v.policy_id
      where p.archived_at is null and v.effective_from <= ${at}
      order by v.policy_id, v.version desc) newest
    order by position, name`.execute(db)
  return rows
}

/** Every version of one policy, newest first. */
export async function policyHistory(
  db: Db | Transaction<Tables>,
  policyId: string,
): Promise<PolicyVersion[]> {
  const { rows } = await sql<PolicyVersion>`
    select ${columns} from sla_policy_version v join sla_policy p on p.id = v.policy_id
    where p.id = ${policyId} order by v.version desc`.execute(db)
  return rows
}

export const pausesOf = ({ pauseReasons, pauseStates }: PolicyTerms) => ({
  reasons: pauseReasons,
  states: pauseStates,
})

/** Versions by their own id: what past decisions were made with. */
export async function policyVersions(
  db: Db | Transaction<Tables>,
  ids: string[],
): Promise<Map<string, PolicyVersion>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<PolicyVersion>`
    select ${columns} from sla_policy_version v join sla_policy p on p.id = v.policy_id
    where v.id = any(${[...new Set(ids)]}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}
