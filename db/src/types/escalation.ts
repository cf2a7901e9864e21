import type { Generated } from 'kysely'
import type { Jsonb, JsonbOrNull } from './column.ts'

export interface EscalationTables {
  escalation_policy: EscalationPolicyTable
  escalation_policy_version: EscalationPolicyVersionTable
  escalation: EscalationTable
  escalation_step: EscalationStepTable
  page: PageTable
  shadow_ticket: ShadowTicketTable
  shadow_page: ShadowPageTable
  shadow_report: ShadowReportTable
}

export interface EscalationPolicyTable {
  id: Generated<string>
  name: string
  team_id: string | null
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface EscalationPolicyVersionTable {
  id: Generated<string>
  policy_id: string
  version: number
  effective_from: Date
  steps: Jsonb
  repeats: Generated<number>
  author_id: string | null
  created_at: Generated<Date>
}

export interface EscalationTable {
  id: Generated<string>
  ticket_id: string
  cycle: number
  policy_version_id: string
  state: 'running' | 'acknowledged' | 'finished' | 'stopped'
  started_at: Date
  ended_at: Date | null
  cause: JsonbOrNull
  beside: Generated<boolean>
}

export interface EscalationStepTable {
  escalation_id: string
  position: number
  due_at: Date
  decided_at: Date | null
  outcome: JsonbOrNull
}

export interface PageTable {
  id: Generated<string>
  ticket_id: string
  cycle: number
  step: number
  recipient_id: string
  why: Jsonb
  state: 'open' | 'acknowledged' | 'ended'
  created_at: Date
  acknowledged_at: Date | null
  ended_at: Date | null
  revision: Generated<number>
}

/** Opened by an integration in shadow: pages nobody until `left_at`. */
export interface ShadowTicketTable {
  ticket_id: string
  integration_id: string
  since: Date
  left_at: Date | null
}

export interface ShadowPageTable {
  id: Generated<string>
  ticket_id: string
  integration_id: string
  cycle: number
  step: number
  recipient_id: string
  why: Jsonb
  at: Date
  at_night: boolean
}

export interface ShadowReportTable {
  integration_id: string
  day: string
  due_at: Date
  person_id: string | null
  told_at: Date | null
}
