import type { Generated } from 'kysely'
import type { Jsonb } from './column.ts'

export interface SupervisionTables {
  handling: HandlingTable
  breach_past: BreachPastTable
  breach_odds: BreachOddsTable
  forecast: ForecastTable
  usual_quiet: UsualQuietTable
  stalled: StalledTable
}

export interface HandlingTable {
  id: Generated<string>
  target: 'response' | 'resolution'
  kind: string
  priority: string | null
  service_id: string | null
  n: number
  median_ms: number
  spread: number[]
  computed_at: Date
}

export interface BreachPastTable {
  id: Generated<string>
  target: 'response' | 'resolution'
  kind: string
  priority: string | null
  team_id: string | null
  service_id: string | null
  broke: number
  survived: number[]
  computed_at: Date
}

export interface BreachOddsTable {
  clock_id: string
  ticket_id: string
  due_at: Date
  used: number
  odds: number | null
  groups: Jsonb
  model: number
  computed_at: Date
  clock_version: Generated<number>
  priority: string | null
  team_id: string | null
  service_id: string | null
  next_at: Generated<Date>
}

export interface ForecastTable {
  model: number
  clock_id: string
  ticket_id: string
  target: string
  team_id: string | null
  made_at: Date
  odds: number
  groups: Jsonb
  back_test: Generated<boolean>
  outcome: 'kept' | 'broken' | 'void' | null
  scored_at: Date | null
}

export interface UsualQuietTable {
  id: Generated<string>
  kind: string
  waiting: boolean
  priority: string | null
  n: number
  usual_ms: number
  computed_at: Date
}

export interface StalledTable {
  ticket_id: string
  revision: number
  code: 'nobody' | 'overslept' | 'untouched' | 'waiting'
  since: Date
  allowed_ms: number | null
  n: number | null
  found_at: Date
}
