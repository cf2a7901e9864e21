import type { Generated } from 'kysely'
import type { Jsonb } from './column.ts'

export interface ClockTables {
  clock_offset: ClockOffsetTable
  setting: SettingTable
}

export interface ClockOffsetTable {
  only_row: Generated<boolean>
  shift: string
}

export interface SettingTable {
  key: string
  value: Jsonb
  updated_at: Generated<Date>
}
