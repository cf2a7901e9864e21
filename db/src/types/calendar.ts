import type { Generated } from 'kysely'
import type { DefaultJsonb, Jsonb } from './column.ts'

export interface CalendarTables {
  calendar: CalendarTable
  calendar_version: CalendarVersionTable
}

export interface CalendarTable {
  id: Generated<string>
  name: string
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface CalendarVersionTable {
  id: Generated<string>
  calendar_id: string
  version: number
  effective_from: Date
  zone: string
  weekly: Jsonb
  holidays: DefaultJsonb
  always: Generated<boolean>
  author_id: string | null
  created_at: Generated<Date>
}
