import type { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { beginImport, DeskError, found, refusedRows } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Import, ImportLine } from './schema.ts'

type Line = z.infer<typeof ImportLine>

const LINE = sql`
  i.id, i.name, i.state, i.rows, i.items,
  (select coalesce(sum(n.value::int), 0)::int from jsonb_each_text(i.report) n
   where n.key in ('tickets', 'refused', 'already')) as done,
  case when p.id is not null then jsonb_build_object('id', p.id, 'name', p.name) end as author,
  i.created_at, i.started_at, i.ended_at`
// What is still being received has no columns yet.
const WHOLE = sql<boolean>`cardinality(i.columns) > 0`

export async function readImports(
  db: Db,
  { before, limit }: { before?: string; limit: number },
): Promise<Line[]> {
  const { rows } = await sql<Line>`
    select ${LINE} from import i left join person p on p.id = i.author_id
    where ${WHOLE} and ${before ? sql`i.id < ${before}` : sql`true`} order by i.id desc limit ${limit}`.execute(
    db,
  )
  return rows
}

export async function readImport(db: Db, id: string): Promise<z.infer<typeof Import>> {
  const { rows } = await sql<Omit<z.infer<typeof Import>, 'sample' | 'suggested' | 'guess'>>`
    select ${LINE}, i.columns, i.form, i.mapping, i.report,
      (select count(*) from ${refusedRows(sql`i.id`)}) as refused_rows
    from import i left join person p on p.id = i.author_id where i.id = ${id} and ${WHOLE}`.execute(db)
  return { ...found(rows[0], 'import'), ...(await beginImport(db, id)) }
}

const MOST_WORDS = 200

/** The words that a column holds, the most frequent first. Throws `invalid` for a column that the file does not have. */
export async function readWords(db: Db, id: string, column: string) {
  const { columns } = await readImport(db, id)
  const place = columns.indexOf(column)
  if (place < 0)
    throw new DeskError('invalid', 'The file has no such column.', {
      errors: [{ path: 'column', message: 'is not a column of the file' }],
    })
  const { rows } = await sql<{ value: string; count: number }>`
    select left(cells ->> ${sql.lit(place)}, 200) as value, count(*) as count from import_row
    where import_id = ${id} and cells ->> ${sql.lit(place)} <> '' group by 1 order by 2 desc, 1 limit ${MOST_WORDS}`.execute(
    db,
  )
  return rows
}
