import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { type Actor, DeskError, record, transact } from '../activity/index.ts'
import { safeFileName } from '../ticket/index.ts'
import { type CsvRow, DateEvidence, type FileForm, MOST_CELL, openFile, unusable } from './file/index.ts'
import { REFUSED_BECAUSE } from './refused-columns.ts'

export const MOST_ROWS = 1_000_000
export const MOST_BYTES = 512 * 1024 * 1024
const BATCH_ROWS = 2_000
const BATCH_CHARS = 4_000_000
/** Between two batches; a file that comes more slowly is given up. */
const PATIENCE = sql`interval '1 hour'`

export interface StagedFile {
  id: string
  columns: string[]
  rows: number
  /** Rows that are no rows: their count of cells is not the header's. */
  broken: number
  form: FileForm
}

/**
 * Keeps a CSV file, plain or gzipped, row by row as it arrives; nothing of it is held but the piece at hand. What it is
 * encoded in and divided by, whether it has a header and how it writes its dates is found out. Throws `invalid` or
 * `too_large` and leaves nothing behind.
 */
export async function stageImport(
  db: Db,
  actor: Actor,
  file: { name: string; bytes: AsyncIterable<Buffer>; header?: boolean; resumeKey?: string },
): Promise<StagedFile> {
  const author = actor.kind === 'person' ? actor.id : null
  const name = safeFileName(file.name)
  const { rows: made } = await sql<{ id: string }>`
    insert into import (name, state, columns, rows, author_id, created_at, receiving_until, resume_key)
    values (${name}, 'cancelled', '{}', 0, ${author}, tocsin_now(), tocsin_now() + ${PATIENCE}, ${file.resumeKey ?? null})
    returning id`.execute(db)
  const { id } = made[0]!
  try {
    const { columns, rows, broken, form } = await keepRows(db, id, file)
    return await transact(db, actor, async (tx) => {
      const { numAffectedRows } = await sql`
        update import set state = 'mapping', columns = ${columns}, rows = ${rows}, form = ${JSON.stringify(form)}::jsonb,
          receiving_until = null
        where id = ${id} and receiving_until > tocsin_now()`.execute(tx.db)
      if (numAffectedRows === 0n) throw tooSlow()
      await record(tx, [
        {
          verb: 'create',
          subject: { kind: 'import', id },
          after: { rows, columns: columns.length },
          visibility: 'audit',
        },
      ])
      return { id, columns, rows, broken, form }
    })
  } catch (error) {
    await sql`
      with rows as (delete from import_row where import_id = ${id}) delete from import where id = ${id}`.execute(
      db,
    )
    throw error
  }
}

const tooSlow = () => new DeskError('conflict', 'The upload stood still for too long: send the file again.')

async function keepRows(db: Db, id: string, file: { bytes: AsyncIterable<Buffer>; header?: boolean }) {
  const { layout, encoding, rows } = await openFile(file.bytes, { most: MOST_BYTES, header: file.header })
  const { columns, delimiter, header } = layout
  const again = columns.includes(REFUSED_BECAUSE)
  const dates = new DateEvidence(columns.length)
  let [count, broken, chars] = [0, 0, 0]
  let batch: { position: number; cells: string[]; problem: unknown }[] = []
  const flush = async () => {
    if (batch.length === 0) return
    const { numAffectedRows } = await sql`
      with alive as (
        update import set receiving_until = tocsin_now() + ${PATIENCE}
        where id = ${id} and receiving_until > tocsin_now() returning id)
      insert into import_row (import_id, position, cells, problem)
      select alive.id, position, cells, problem
      from alive, jsonb_to_recordset(${JSON.stringify(batch)}::jsonb) as r(position int, cells jsonb, problem jsonb)`.execute(
      db,
    )
    if (numAffectedRows === 0n) throw tooSlow()
    batch = []
    chars = 0
  }
  for await (const row of rows) {
    // Spreadsheets leave rows of nothing but delimiters.
    if (!row.cut && row.cells.every((cell) => cell.trim() === '')) continue
    if (++count > MOST_ROWS) throw new DeskError('too_large', `A file may have ${MOST_ROWS} rows at most.`)
    // What a spreadsheet would have run was made inert when it was handed back.
    if (again) row.cells = row.cells.map((cell) => cell.replace(/^'(?=[=+\-@\t\r])/, ''))
    const problem = wrongRow(row, columns)
    if (problem) broken++
    else dates.add(row.cells)
    const cells = row.cells.slice(0, columns.length)
    batch.push({ position: row.line, cells, problem })
    chars += cells.reduce((sum, cell) => sum + cell.length, 0)
    if (batch.length >= BATCH_ROWS || chars > BATCH_CHARS) await flush()
  }
  await flush()
  if (count === 0) throw unusable('has a header and no row')
  return {
    columns,
    rows: count,
    broken,
    form: { encoding: encoding(), delimiter, header, dates: dates.found() },
  }
}

/** Why a row is none. What is missing or too much at its end, where nothing stands anyway, is put right. */
function wrongRow(row: CsvRow, columns: string[]) {
  const { cells, count } = row
  if (row.cut) {
    const long = cells.findIndex((cell) => cell.length >= MOST_CELL)
    return { field: columns[long] ?? '', value: '', message: `is longer than ${MOST_CELL} characters` }
  }
  const beyond = cells.slice(columns.length)
  if (count > columns.length && count === cells.length && beyond.every((cell) => cell.trim() === ''))
    return null
  if (count < columns.length && columns.slice(count).every((name) => name === '')) {
    row.cells.push(...columns.slice(count))
    return null
  }
  return count === columns.length
    ? null
    : { field: '', value: '', message: `has ${count} cells, and the header has ${columns.length}` }
}
