import type { Generated } from 'kysely'
import type { DefaultJsonb, Jsonb, JsonbOrNull } from './column.ts'

export interface ImportTables {
  import: ImportTable
  import_row: ImportRowTable
  import_item: ImportItemTable
  import_name: ImportNameTable
}

export interface ImportTable {
  id: Generated<string>
  name: string
  state: 'mapping' | 'checking' | 'checked' | 'running' | 'done' | 'cancelled'
  columns: string[]
  rows: number
  form: DefaultJsonb
  mapping: JsonbOrNull
  items: Generated<number>
  report: DefaultJsonb
  author_id: string | null
  created_at: Date
  started_at: Date | null
  ended_at: Date | null
  revision: Generated<number>
}

export interface ImportRowTable {
  import_id: string
  position: number
  cells: Jsonb
  problem: JsonbOrNull
}

export interface ImportItemTable {
  import_id: string
  key: string
  position: number
  rows: number[]
  done: Generated<boolean>
  ticket_id: string | null
  problem: JsonbOrNull
}

export interface ImportNameTable {
  import_id: string
  kind: 'person' | 'team' | 'service' | 'item' | 'category'
  value: string
  id: string | null
}
