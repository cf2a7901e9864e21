import type { Generated } from 'kysely'
import type { Jsonb } from './column.ts'

export interface OncallTables {
  schedule: ScheduleTable
  schedule_version: ScheduleVersionTable
  schedule_override: ScheduleOverrideTable
}

export interface ScheduleTable {
  id: Generated<string>
  name: string
  team_id: string
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface ScheduleVersionTable {
  id: Generated<string>
  schedule_id: string
  version: number
  effective_from: Date
  zone: string
  rotations: Jsonb
  author_id: string | null
  created_at: Generated<Date>
}

export interface ScheduleOverrideTable {
  id: Generated<string>
  schedule_id: string
  person_id: string
  starts_at: Date
  ends_at: Date
  reason: string | null
  author_id: string | null
  cancelled_at: Date | null
  created_at: Generated<Date>
}
