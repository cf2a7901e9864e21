import type { Generated } from 'kysely'
import type { Jsonb } from './column.ts'

export interface CorrelationTables {
  ruleset: RulesetTable
  correlation_group: CorrelationGroupTable
  correlated_ticket: CorrelatedTicketTable
  proposal: ProposalTable
  recovery: RecoveryTable
  gathering: GatheringTable
}

export interface RulesetTable {
  version: number
  body: Jsonb
  note: string | null
  author_id: string | null
  effective_from: Date
  created_at: Generated<Date>
}

export interface CorrelationGroupTable {
  rule: string
  group_key: string
  ticket_id: string
  opened_at: Date
  last_at: Date | null
}

export interface CorrelatedTicketTable {
  ticket_id: string
  rule: string
  rule_version: number
  integration_id: string
  node_id: string | null
  service_id: string | null
  resolve_on: Generated<'first' | 'last' | 'all' | 'never'>
  storm: Generated<boolean>
  opened_at: Date
}

export interface ProposalTable {
  id: Generated<string>
  alert_id: string
  episode: number
  rule: string
  rule_version: number
  evidence: Jsonb
  state: Generated<'open' | 'accepted' | 'declined' | 'lapsed'>
  ticket_id: string | null
  decided_by: string | null
  decided_at: Date | null
  created_at: Date
}

export interface RecoveryTable {
  ticket_id: string
  due_at: Date
  alert_id: string | null
  created_at: Date
}

export interface GatheringTable {
  ticket_id: string
  due_at: Date
}
