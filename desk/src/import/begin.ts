import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { found } from '../activity/index.ts'
import type { FileForm } from './file/index.ts'
import type { Mapping } from './mapping.ts'
import { beginMapping, suggestMapping } from './ready/index.ts'

const LOOKED_AT = 100
const SHOWN = 5

export interface Begun {
  /** The first rows of the file. */
  sample: string[][]
  /** The ready mapping that fits. */
  suggested: string | null
  /** What to begin with: the ready one, else one by the names of the columns and by what stands in them. */
  guess: Mapping | null
}

/** What a file that was uploaded looks like, and a mapping to begin with. Throws `not_found`. */
export async function beginImport(db: Db, id: string): Promise<Begun> {
  const { rows } = await sql<{
    name: string
    columns: string[]
    form: FileForm
    at: Date
    sample: string[][]
  }>`
    select name, columns, form, created_at as at,
      coalesce((select jsonb_agg(r.cells) from (
        select cells from import_row where import_id = i.id and (problem is null or problem ->> 'field' = 'number')
        order by position limit ${LOOKED_AT}) r), '[]') as sample
    from import i where id = ${id} and cardinality(columns) > 0`.execute(db)
  const { name, columns, form, at, sample } = found(rows[0], 'import')
  const shown = { name, dates: form.dates, sample, at }
  return {
    sample: sample.slice(0, SHOWN),
    suggested: suggestMapping(columns, shown) ?? null,
    guess: beginMapping(columns, shown) ?? null,
  }
}
