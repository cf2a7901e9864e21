import type { Ref } from '#lib/api/types.ts'

export type ImportState = 'mapping' | 'checking' | 'checked' | 'running' | 'done' | 'cancelled'

export interface ImportLine extends Ref {
  state: ImportState
  rows: number
  items: number
  done: number
  author: Ref | null
  created_at: string
  started_at: string | null
  ended_at: string | null
}

export interface Moment {
  at: string
  verb: string
  state: string
}
export interface Sample {
  external_id: string
  kind: string
  state: string
  priority: string
  title: string
  team: string | null
  requester: string | null
  created_at: string
  resolved_at: string | null
  changes: number
  /** Absent in a report of an earlier version. */
  description?: string
  service?: string | null
  category?: string | null
  assignee?: string | null
  tags?: string[]
  story?: Moment[]
}

export interface Report {
  tickets?: number
  activities?: number
  refused?: number
  already?: number
  kinds?: Record<string, number>
  states?: Record<string, number>
  priorities?: Record<string, number>
  outcomes?: Record<string, number>
  first_created_at?: string | null
  last_created_at?: string | null
  unknown?: { field: string; value: string; count: number }[]
  unused_columns?: string[]
  dates?: { patterns: string[]; question: { example: string; taken: 'day' | 'month' } | null }
  new_names?: Record<string, number>
  matched_names?: Record<string, number>
  samples?: Sample[]
}

/** What the file showed when it was read. */
export interface FileForm {
  encoding: string
  delimiter: string
  header: boolean
  dates: { column: number; pattern: string; example: string; day?: 'first' | 'second' | 'unknown' }[]
}

export interface Import extends ImportLine {
  columns: string[]
  form: FileForm
  sample: string[][]
  suggested: string | null
  guess: Mapping | null
  mapping: Mapping | null
  report: Report
  refused_rows: number
}

export interface RefusedRow {
  line: number
  field: string
  value: string
  message: string
  cells: string[]
}

type OneSource =
  | string
  | { join: (string | string[])[]; with?: string }
  | { value: string }
  | { after: string | string[]; unit: string }
/** Where a value comes from: as the API has it. */
export type Source = OneSource | OneSource[]
export interface Coded {
  from: Source
  values: Record<string, unknown>
}
/** A mapping of the API; its fields are named in fields.ts. */
export type Mapping = Record<string, unknown> & {
  source: string
  rows: 'auto' | 'ticket' | 'update'
  zone: string
  dates: 'auto' | 'day-first' | 'month-first' | string[]
  missing: string[]
}
