import { createGunzip } from 'node:zlib'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Db } from '@tocsin/db'
import { parse } from 'csv-parse'
import { sql } from 'kysely'
import { type Actor, DeskError, record, transact } from '../activity/index.ts'
import { safeFileName } from '../ticket/index.ts'

export const MOST_ROWS = 1_000_000
export const MOST_BYTES = 512 * 1024 * 1024
const MOST_COLUMNS = 300
const MOST_CELL = 200_000
const BATCH_ROWS = 2_000
const BATCH_CHARS = 4_000_000
const GZIP = Buffer.from([0x1f, 0x8b])

export interface StagedFile {
  id: string
  columns: string[]
  rows: number
  /** Rows that are no rows: their count of cells is not the header's. */
  broken: number
}

/**
 * Keeps a CSV file, plain or gzipped, row by row as it arrives; nothing of it is held but the piece at hand. Comma,
 * semicolon or tab; UTF-8. Throws `invalid` or `too_large` and leaves nothing behind.
 */
export async function stageImport(
  db: Db,
  actor: Actor,
  file: { name: string; bytes: AsyncIterable<Buffer> },
): Promise<StagedFile> {
  const author = actor.kind === 'person' ? actor.id : null
  const name = safeFileName(file.name)
  const { rows: made } = await sql<{ id: string }>`
    insert into import (name, state, columns, rows, author_id, created_at)
    values (${name}, 'cancelled', '{}', 0, ${author}, tocsin_now()) returning id`.execute(db)
  const { id } = made[0]!
  try {
    const { columns, rows, broken } = await keepRows(db, id, file.bytes)
    return await transact(db, actor, async (tx) => {
      await sql`update import set state = 'mapping', columns = ${columns}, rows = ${rows} where id = ${id}`.execute(
        tx.db,
      )
      await record(tx, [
        {
          verb: 'create',
          subject: { kind: 'import', id },
          after: { rows, columns: columns.length },
          visibility: 'audit',
        },
      ])
      return { id, columns, rows, broken }
    })
  } catch (error) {
    await sql`delete from import_row where import_id = ${id}`.execute(db)
    await sql`delete from import where id = ${id}`.execute(db)
    throw error
  }
}

async function keepRows(db: Db, id: string, bytes: AsyncIterable<Buffer>) {
  let columns: string[] | undefined
  let [count, broken, chars] = [0, 0, 0]
  let batch: { position: number; cells: string[]; problem: unknown }[] = []
  const flush = async () => {
    if (batch.length === 0) return
    await sql`
      insert into import_row (import_id, position, cells, problem)
      select ${id}, position, cells, problem
      from jsonb_to_recordset(${JSON.stringify(batch)}::jsonb) as r(position int, cells jsonb, problem jsonb)`.execute(
      db,
    )
    batch = []
    chars = 0
  }
  for await (const { cells, line } of rowsOf(bytes)) {
    if (!columns) {
      columns = headerOf(cells)
      continue
    }
    if (++count > MOST_ROWS) throw new DeskError('too_large', `A file may have ${MOST_ROWS} rows at most.`)
    const problem = wrongRow(cells, columns)
    if (problem) broken++
    batch.push({ position: line, cells: cells.map((cell) => cell.slice(0, MOST_CELL)), problem })
    chars += cells.reduce((sum, cell) => sum + cell.length, 0)
    if (batch.length >= BATCH_ROWS || chars > BATCH_CHARS) await flush()
  }
  await flush()
  if (!columns) throw refused('is empty')
  if (count === 0) throw refused('has a header and no row')
  return { columns, rows: count, broken }
}

function headerOf(cells: string[]): string[] {
  const names = cells.map((name) => name.trim())
  if (names.length < 2) throw refused('has a single column: comma, semicolon and tab are understood')
  if (names.length > MOST_COLUMNS) throw refused(`has more than ${MOST_COLUMNS} columns`)
  if (names.every((name) => name === '')) throw refused('has no header')
  return names.map((name) => name.slice(0, 200))
}

function wrongRow(cells: string[], columns: string[]) {
  const long = cells.findIndex((cell) => cell.length > MOST_CELL)
  if (cells.length !== columns.length)
    return {
      field: '',
      value: '',
      message: `has ${cells.length} cells, and the header has ${columns.length}`,
    }
  return long < 0
    ? null
    : { field: columns[long], value: '', message: `is longer than ${MOST_CELL} characters` }
}

/** Rows of cells, each with the line on which it begins. */
async function* rowsOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<{ cells: string[]; line: number }> {
  const { head, rest } = await peek(bytes)
  const plain = head.subarray(0, 2).equals(GZIP) ? inflate(rest) : rest
  const { head: start, rest: whole } = await peek(plain)
  const parser = parse({
    delimiter: delimiterOf(start),
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // A quote that is not the first of its cell is a quote: exports are not always careful.
    relax_quotes: true,
    max_record_size: MOST_CELL * 4,
    info: true,
  })
  const feeding = pipeline(Readable.from(asText(whole)), parser).catch((error: unknown) =>
    parser.destroy(error as Error),
  )
  try {
    let line = 1
    for await (const { record: cells, info } of parser as AsyncIterable<{
      record: string[]
      info: { lines: number }
    }>) {
      yield { cells, line }
      line = info.lines + 1
    }
    await feeding
  } catch (error) {
    if (error instanceof DeskError) throw error
    throw refused(`cannot be read as CSV: ${(error as Error).message.slice(0, 200)}`)
  }
}

/** Strict UTF-8; NUL, which Postgres cannot keep, is replaced. */
async function* asText(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let length = 0
  for await (const piece of bytes) {
    length += piece.length
    if (length > MOST_BYTES)
      throw new DeskError('too_large', `A file may have ${MOST_BYTES / 1024 / 1024} MB at most.`)
    yield decode(() => decoder.decode(piece, { stream: true }))
  }
  yield decode(() => decoder.decode())
}

function decode(text: () => string): string {
  try {
    return text().replaceAll('\0', '\uFFFD')
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw refused('is not text in UTF-8')
  }
}

async function* inflate(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  const feeding = pipeline(Readable.from(bytes), gunzip).catch((error: unknown) =>
    gunzip.destroy(error as Error),
  )
  try {
    for await (const piece of gunzip) yield piece as Buffer
    await feeding
  } catch (error) {
    if (error instanceof DeskError) throw error
    throw refused('is not whole: it cannot be unzipped')
  }
}

async function peek(bytes: AsyncIterable<Buffer>) {
  const source = bytes[Symbol.asyncIterator]()
  const first = await source.next()
  const head: Buffer = first.done ? Buffer.alloc(0) : first.value
  async function* rest(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value
  }
  return { head, rest: rest() }
}

/** Which of the three stands most often in the first line. */
function delimiterOf(head: Buffer): string {
  const [line = ''] = head.toString('utf8').split(/\r?\n/, 1)
  const often = (delimiter: string) => line.split(delimiter).length
  return [',', ';', '\t'].toSorted((a, b) => often(b) - often(a))[0]!
}

const refused = (message: string) =>
  new DeskError('invalid', 'The file cannot be used.', { errors: [{ path: 'file', message }] })
