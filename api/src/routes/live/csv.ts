import { stringify } from 'csv-stringify/sync'
import type { Context } from 'hono'
import type { Env } from '../../context.ts'

/** A file as a spreadsheet reads it: a byte order mark, and no cell that a spreadsheet would run. */
export function csvFile(c: Context<Env>, name: string, rows: unknown[][], columns: string[]) {
  return c.body(stringify([columns, ...rows], { bom: true, escape_formulas: true }), 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${name}.csv"`,
  })
}
