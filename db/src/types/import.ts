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
  /** While the file is received: when whoever receives it is no longer believed to be alive. */
  receiving_until: Date | null
  /** By which the same command finds it again. */
  resume_key: string | null
  /** Names by account id, where the file has both of a person. */
  accounts: DefaultJsonb
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
