import { stringify } from 'csv-stringify/sync'
import type { Kpi } from './schema.ts'

const FIRST = ['key', 'label', 'at', 'value', 'n'] as const

/** The series as a spreadsheet reads it: a byte order mark, and no cell that a spreadsheet would run. */
export function csvOf({ series, unit }: Kpi): string {
  const beside = [...new Set(series.flatMap((point) => Object.keys(point)))].filter(
    (column) => column !== 'filter' && !FIRST.includes(column as (typeof FIRST)[number]),
  )
  const rows = series.map((point) => [
    ...FIRST.map((column) => point[column]),
    unit,
    ...beside.map((column) => point[column] ?? ''),
  ])
  return stringify([[...FIRST, 'unit', ...beside], ...rows], { bom: true, escape_formulas: true })
}
