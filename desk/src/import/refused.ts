import type { Db } from '@tocsin/db'
import { stringify } from 'csv-stringify/sync'
import { type RawBuilder, sql } from 'kysely'
import { found } from '../activity/index.ts'
import type { ImportState } from './life.ts'
import type { Mapping } from './mapping.ts'
import { REFUSED_BECAUSE, REFUSED_LINE } from './refused-columns.ts'
import type { Report } from './report.ts'

const ADDED = new Set([REFUSED_BECAUSE, REFUSED_LINE])

/** A row that was handed back. */
export interface RefusedRow {
  line: number
  field: string
  value: string
  message: string
  cells: string[]
}

/** Rows that cannot be read, and those that go with them because they tell of the same ticket. */
export const refusedRows = (id: RawBuilder<unknown>) => sql`(
  select position as line, cells, problem from import_row where import_id = ${id} and problem is not null) refused`

export async function readRefused(
  db: Db,
  id: string,
  { after, limit }: { after: number; limit: number },
): Promise<RefusedRow[]> {
  const { rows } = await sql<RefusedRow>`
    select line, cells, problem ->> 'field' as field, problem ->> 'value' as value, problem ->> 'message' as message
    from ${refusedRows(sql`${id}`)} where line > ${after} order by line limit ${limit}`.execute(db)
  return rows
}

/** The whole of them, a piece at a time, as a spreadsheet reads it and runs nothing of it: to be mended and imported. */
export async function* refusedCsv(db: Db, id: string): AsyncGenerator<string> {
  const { columns, mapping } = await importProgress(db, id)
  const csv = (rows: string[][], bom = false) => stringify(rows, { bom, escape_formulas: true })
  const places = [...columns.keys()].filter((place) => !ADDED.has(columns[place]!))
  const lines = typeof mapping?.number === 'object' && 'line' in mapping.number
  yield csv(
    [[...places.map((place) => columns[place]!), ...(lines ? [REFUSED_LINE] : []), REFUSED_BECAUSE]],
    true,
  )
  for (let after = 0; ;) {
    const rows = await readRefused(db, id, { after, limit: 1_000 })
    if (rows.length === 0) return
    yield csv(
      rows.map(({ line, cells, field, value, message }) => [
        ...places.map((place) => cells[place] ?? ''),
        ...(lines ? [cells[columns.indexOf(REFUSED_LINE)] ?? String(line)] : []),
        [field, value && `“${value}”`, message].filter(Boolean).join(' '),
      ]),
    )
    after = rows.at(-1)!.line
  }
}

export interface Progress {
  name: string
  state: ImportState
  columns: string[]
  mapping: Mapping | null
  report: Report
  refused: number
}

export async function importProgress(db: Db, id: string): Promise<Progress> {
  const { rows } = await sql<Progress>`
    select i.name, i.state, i.columns, i.mapping, i.report, (select count(*) from ${refusedRows(sql`i.id`)}) as refused
    from import i where i.id = ${id}`.execute(db)
  return found(rows[0], 'import')
}
