import type { Ref } from '#lib/api/types.ts'

/** A table that people uploaded, and how it is matched. */
export interface Lookup extends Ref {
  field: string
  version: number
  column: string
  /** Those that become labels. */
  columns: string[]
  rows: number
  author: Ref | null
  published_at: string
}

export interface LookupRow {
  value: string
  labels: Record<string, string>
}
