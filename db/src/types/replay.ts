import type { Generated } from 'kysely'
import type { Jsonb, JsonbOrNull } from './column.ts'

export interface ReplayTables {
  decision: DecisionTable
  decided_receipt: DecidedReceiptTable
  checkpoint: CheckpointTable
  checkpoint_row: CheckpointRowTable
  configuration_history: ConfigurationHistoryTable
  replay: ReplayTable
  replay_difference: ReplayDifferenceTable
}

export interface DecisionTable {
  id: Generated<string>
  at: Date
  kind: 'batch' | 'ageing'
  integration_id: string
  xid: Generated<string>
  seen: string
  placed_in: string | null
  overdue: Jsonb
  known: Jsonb
}

export interface DecidedReceiptTable {
  decision_id: string
  at: Date
  seq: number
  receipt_id: string
  received_at: Date
  events: Jsonb
}

export interface CheckpointTable {
  id: Generated<string>
  day: string
  at: Date
  seen: string
}

export interface CheckpointRowTable {
  checkpoint_id: string
  kind: 'alert' | 'ticket' | 'proposal'
  body: Jsonb
}

export interface ConfigurationHistoryTable {
  id: Generated<string>
  at: Generated<Date>
  xid: Generated<string>
  source: string
  before: JsonbOrNull
  after: JsonbOrNull
}

export interface ReplayTable {
  id: Generated<string>
  asked_by: string | null
  created_at: Date
  from_at: Date
  to_at: Date
  ruleset_version: number | null
  body: Jsonb
  state: Generated<'waiting' | 'running' | 'done' | 'failed' | 'cancelled'>
  lease_until: Date | null
  attempts: Generated<number>
  done_events: Generated<number>
  done_to: Date | null
  finished_at: Date | null
  error: string | null
  result: JsonbOrNull
}

export interface ReplayDifferenceTable {
  replay_id: string
  place: number
  alert_id: string | null
  at: Date
  body: Jsonb
}
