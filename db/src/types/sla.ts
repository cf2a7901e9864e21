import type { Generated } from 'kysely'
import type { DefaultJsonb, Jsonb, JsonbOrNull } from './column.ts'

export interface SlaTables {
  sla_policy: SlaPolicyTable
  sla_policy_version: SlaPolicyVersionTable
  sla_clock: SlaClockTable
  sla_mark: SlaMarkTable
  sla_escalation: SlaEscalationTable
  sla_recomputation: SlaRecomputationTable
  sla_what_if: SlaWhatIfTable
  sla_what_if_ticket: SlaWhatIfTicketTable
}

export interface SlaPolicyTable {
  id: Generated<string>
  name: string
  position: Generated<number>
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface SlaPolicyVersionTable {
  id: Generated<string>
  policy_id: string
  version: number
  effective_from: Date
  kinds: string[]
  service_ids: Generated<string[]>
  calendar_id: string
  targets: Jsonb
  conditions: DefaultJsonb
  pause_reasons: string[] | null
  pause_states: Generated<string[]>
  olas: DefaultJsonb
  escalations: DefaultJsonb
  author_id: string | null
  created_at: Generated<Date>
}

export interface SlaClockTable {
  id: Generated<string>
  ticket_id: string
  target: 'response' | 'resolution' | 'update' | `ola:${string}`
  team_id: string | null
  policy_version_id: string | null
  calendar_version_id: string | null
  target_ms: number | null
  imported: Generated<boolean>
  state: 'running' | 'paused' | 'met' | 'breached' | 'cancelled'
  elapsed_ms: Generated<number>
  counted_at: Date
  due_at: Date | null
  started_at: Date
  set_at: Date | null
  stopped_at: Date | null
  breached_at: Date | null
  why: JsonbOrNull
  missed: Generated<number>
  version: Generated<number>
}

export interface SlaMarkTable {
  clock_id: string
  percent: 50 | 75 | 90 | 100
  due_at: Date | null
  reached_at: Date | null
  told_due_at: Date | null
}

export interface SlaEscalationTable {
  id: Generated<string>
  clock_id: string
  percent: 50 | 75 | 90 | 100
  mark_due_at: Date
  due_at: Date
  decided_at: Date | null
  outcome: JsonbOrNull
}

export interface SlaRecomputationTable {
  id: Generated<string>
  cause: Jsonb
  about: JsonbOrNull
  author_id: string | null
  due_at: Date
  started_at: Date | null
  finished_at: Date | null
  last_ticket_id: string | null
  total: number | null
  done: Generated<number>
  changed: Generated<number>
  created_at: Generated<Date>
}

export interface SlaWhatIfTable {
  id: Generated<string>
  policy_id: string
  terms: Jsonb
  opened_from: Date
  opened_to: Date
  state: 'running' | 'done'
  reached_at: Date | null
  reached_id: string | null
  total: number
  done: Generated<number>
  report: DefaultJsonb
  author_id: string | null
  created_at: Date
  ended_at: Date | null
}

export interface SlaWhatIfTicketTable {
  what_if_id: string
  ticket_id: string
  target: string
  was: string
  becomes: string
  elapsed_ms: number
  target_ms: number
}
