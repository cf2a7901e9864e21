import type { Generated } from 'kysely'
import type { DefaultJsonb, Jsonb } from './column.ts'

export interface AutomationTables {
  automation_ruleset: AutomationRulesetTable
  automation_firing: AutomationFiringTable
  automation_schedule: AutomationScheduleTable
  automation_occurrence: AutomationOccurrenceTable
  automation_reach: AutomationReachTable
  automation_date: AutomationDateTable
  automation_opened: AutomationOpenedTable
  automation_quiet: AutomationQuietTable
  automation_watch: AutomationWatchTable
  automation_trial: AutomationTrialTable
  automation_trial_hit: AutomationTrialHitTable
}

export interface AutomationRulesetTable {
  version: number
  body: Jsonb
  note: string | null
  author_id: string | null
  effective_from: Date
  created_at: Date
}

export interface AutomationFiringTable {
  id: Generated<string>
  rule: string
  version: number
  place: number
  kind: 'activity' | 'sla' | 'unchanged' | 'schedule' | 'before'
  occasion: string
  ticket_id: string
  activity_id: string | null
  chain: Generated<string[]>
  matched: Jsonb
  state: 'waiting' | 'done' | 'failed' | 'cut'
  reason: string | null
  outcome: DefaultJsonb
  due_at: Date
  attempts: Generated<number>
  created_at: Date
  ended_at: Date | null
}

export interface AutomationScheduleTable {
  rule: string
  terms: Jsonb
  next_at: Date | null
  attempts: Generated<number>
}

export interface AutomationOccurrenceTable {
  id: Generated<string>
  rule: string
  version: number
  place: number
  at: Date
  missed: Generated<number>
  state: 'running' | 'done' | 'failed'
  reason: string | null
  reached_id: string | null
  looked: Generated<number>
  acted: Generated<number>
  capped: Generated<boolean>
  attempts: Generated<number>
  opened_id: string | null
  created_at: Date
  ended_at: Date | null
}

export interface AutomationReachTable {
  rule: string
  terms: Jsonb
  reached_at: Date
}

export interface AutomationDateTable {
  rule: string
  ticket_id: string
  at: Date
}

export interface AutomationOpenedTable {
  ticket_id: string
  chain: string[]
}

export interface AutomationQuietTable {
  ticket_id: string
  since: Date
}

export interface AutomationWatchTable {
  rule: string
  minutes: number
  reached_at: Date
}

export interface AutomationTrialTable {
  id: Generated<string>
  body: Jsonb
  from_at: Date
  to_at: Date
  state: 'running' | 'done' | 'failed'
  reached_id: string | null
  total: number
  done: Generated<number>
  counts: DefaultJsonb
  author_id: string | null
  created_at: Date
  ended_at: Date | null
}

export interface AutomationTrialHitTable {
  trial_id: string
  rule: string
  occasion: string
  place: number
  ticket_id: string
  at: Date
  verb: string
  cut: string | null
  matched: Jsonb
}
