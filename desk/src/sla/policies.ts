import type { Db, Priority, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { type CalendarVersion, calendarsInForce } from '../calendar/index.ts'
import type { Target } from './clock.ts'

export interface PriorityTarget {
  /** Milliseconds of working time; null: nothing is promised. */
  response_ms: number | null
  resolution_ms: number | null
  /** Counts by another calendar than the policy's. */
  calendar_id?: string | null
}
export type Targets = Partial<Record<Priority, PriorityTarget>>

export interface PolicyVersion {
  id: string
  policyId: string
  name: string
  position: number
  version: number
  effectiveFrom: Date
  kinds: string[]
  /** Empty: every service. */
  serviceIds: string[]
  calendarId: string
  targets: Targets
}

const columns = sql`v.id, v.policy_id as "policyId", p.name, p.position, v.version, v.effective_from as "effectiveFrom",
  v.kinds, v.service_ids as "serviceIds", v.calendar_id as "calendarId", v.targets`

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

export interface Promised {
  target: Target
  targetMs: number
  policy: PolicyVersion
  calendar: CalendarVersion
}

export interface Asked {
  kind: string
  serviceId: string | null
  priority: Priority
}

/** The book of what is promised at one instant: ask it for any number of tickets. */
export interface PromiseBook {
  promises: (ticket: Asked) => Promised[]
}

/** The first policy in order that covers kind and service decides; a null target promises nothing. */
export async function openBook(db: Db | Transaction<Tables>, at: Date): Promise<PromiseBook> {
  const [policies, calendars] = [await policiesInForce(db, at), await calendarsInForce(db, at)]
  return {
    promises: ({ kind, serviceId, priority }) => {
      const policy = choosePolicy(policies, kind, serviceId)
      const wanted = policy?.targets[priority]
      const calendar = policy && calendars.get(wanted?.calendar_id ?? policy.calendarId)
      if (!policy || !wanted || !calendar) return []
      const { response_ms: response, resolution_ms: resolution } = wanted
      return [
        ...(response ? [{ target: 'response' as const, targetMs: response, policy, calendar }] : []),
        ...(resolution ? [{ target: 'resolution' as const, targetMs: resolution, policy, calendar }] : []),
      ]
    },
  }
}

export const choosePolicy = (
  inOrder: PolicyVersion[],
  kind: string,
  serviceId: string | null,
): PolicyVersion | undefined =>
  inOrder.find(
    (policy) =>
      policy.kinds.includes(kind) &&
      (policy.serviceIds.length === 0 || (serviceId !== null && policy.serviceIds.includes(serviceId))),
  )
