import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Problem } from './read-row.ts'

/** Marks all rows of these tickets, so that nobody has to look for them ticket by ticket. */
export async function handBack(tx: Tx, id: string, problems: ReadonlyMap<string, Problem>): Promise<void> {
  if (problems.size === 0) return
  const { rows } = await sql<{ ticket: string; rows: number[] }>`
    select key as ticket, rows from import_item
    where import_id = ${id} and key = any(${[...problems.keys()]}::text[])`.execute(tx.db)
  const marks = rows.flatMap(({ ticket, rows: positions }) =>
    positions.map((position) => ({ position, problem: { ...problems.get(ticket)!, ticket } })),
  )
  await sql`
    update import_row r set problem = g.problem
    from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as g(position int, problem jsonb)
    where r.import_id = ${id} and r.position = g.position`.execute(tx.db)
}

/** Takes the marks away again, as another check may have other things to say. */
export async function takeBack(tx: Tx, id: string): Promise<void> {
  await sql`
    update import_row set problem = null where import_id = ${id} and problem is not null and problem ? 'ticket'`.execute(
    tx.db,
  )
}
