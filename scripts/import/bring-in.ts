import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from '@tocsin/db'
import {
  beginImport,
  cancelImport,
  checkImport,
  DeskError,
  type ImportMapping,
  importProgress,
  mapImport,
  refusedCsv,
  stageImport,
  startImport,
  sweepImports,
  SYSTEM,
  transact,
  type Tx,
  unfinishedImport,
} from '@tocsin/desk'
import { Told } from './failure.ts'
import { mappingFor, type Said } from './mapping.ts'

export interface Command extends Said {
  file: string
  mapping: ImportMapping | undefined
  header: boolean | undefined
  dryRun: boolean
  signal: AbortSignal
}

/** Brings the file in, from where an earlier command of the same words has left off. */
export async function bringIn(db: Db, command: Command): Promise<void> {
  const id = await begin(db, command)
  await follow(db, id, { word: 'checked', at: 'checking', ask: checkImport }, command.signal)
  const { question } = (await importProgress(db, id)).report.dates
  if (question)
    console.log(
      `“${question.example}”: the ${question.taken} was read first, for nothing in the file says so. Say --day-first or --month-first.`,
    )
  if (!command.dryRun)
    await follow(db, id, { word: 'imported', at: 'running', ask: startImport }, command.signal)
  await tell(db, id, command)
  // Nothing will ever ask for the rows of a trial again.
  if (command.dryRun) await transact(db, SYSTEM, (tx) => cancelImport(tx, id))
}

/** The import of this command: what the same words began and did not end, else the file, read and mapped. */
async function begin(db: Db, command: Command): Promise<string> {
  const resumeKey = await keyOf(command)
  const left = await unfinishedImport(db, resumeKey)
  if (left && left.state !== 'mapping') {
    console.log(`Going on with what was begun at ${left.created_at.toISOString()}.`)
    return left.id
  }
  const { id, columns } = left
    ? { id: left.id, columns: (await importProgress(db, left.id)).columns }
    : await read(db, command, resumeKey)
  try {
    const mapping = mappingFor(columns, command.mapping, command, await beginImport(db, id))
    await transact(db, SYSTEM, (tx) => mapImport(tx, id, mapping))
  } catch (error) {
    // Somebody with the same words is at it already.
    if (isConflict(error)) return id
    await transact(db, SYSTEM, (tx) => cancelImport(tx, id))
    throw error
  }
  return id
}

/** Of the file and of all that was said about it: a trial ends with nothing kept, so none goes on as the import, or ends it. */
async function keyOf({ file, mapping, header, zone, order, dryRun, signal }: Command): Promise<string> {
  const hash = createHash('sha256')
  hash.update(JSON.stringify({ file: basename(file), mapping, header, zone, order, dryRun }))
  try {
    for await (const piece of createReadStream(file, { signal })) hash.update(piece as Buffer)
  } catch (error) {
    return stopped('Stopped; nothing was read.')(error)
  }
  return hash.digest('hex')
}

async function read(db: Db, { file, header, signal }: Command, resumeKey: string) {
  const bytes = createReadStream(file, { signal })
  const given = { name: basename(file), bytes, header, resumeKey }
  const staged = await stageImport(db, SYSTEM, given).catch(stopped('Stopped; what was read of it is gone.'))
  const { rows, columns, form } = staged
  const divided = form.delimiter === '\t' ? 'tab' : form.delimiter
  console.log(`${rows} rows, ${columns.length} columns, ${form.encoding}, divided by ${divided}`)
  if (!form.header) console.log(`No header: the columns are ${columns[0]} to ${columns.at(-1)!}.`)
  return staged
}

const stopped =
  (words: string) =>
  (error: unknown): never => {
    throw (error as Error).name === 'AbortError' ? new Told(words) : error
  }

const isConflict = (error: unknown) => error instanceof DeskError && error.code === 'conflict'

interface Stage {
  word: string
  /** The state in which it is under way. */
  at: 'checking' | 'running'
  ask: (tx: Tx, id: string) => Promise<void>
}

/** Works beside the engines of a running desk: whichever is free takes the next batch. */
async function follow(db: Db, id: string, { word, at, ask }: Stage, signal: AbortSignal): Promise<void> {
  const first = await importProgress(db, id)
  // An engine, or whoever gave the same command, may have come to its end in the meantime.
  if (first.state === 'cancelled') throw new Told('It was cancelled meanwhile.')
  if (first.state === 'done' || (at === 'checking' && ['checked', 'running'].includes(first.state))) return
  if (first.state !== at)
    try {
      await transact(db, SYSTEM, (tx) => ask(tx, id))
    } catch (error) {
      if (!isConflict(error)) throw error
      return follow(db, id, { word, at, ask }, signal)
    }
  const before = first.state === at ? first.report.activities : 0
  const began = performance.now()
  for (let shown = 0; ;) {
    const { state, report } = await importProgress(db, id)
    const count = report.tickets + report.already + report.refused
    if (state === 'cancelled')
      throw new Told(
        `It was cancelled in the pages; ${at === 'running' ? `the ${report.tickets} tickets that it had brought stay` : 'nothing was imported'}.`,
      )
    if (state !== at) {
      const seconds = (performance.now() - began) / 1000
      const rate = Math.round((report.activities - before) / seconds)
      console.log(`${word}: ${count} tickets in ${seconds.toFixed(1)} s (${rate} activities/s)`)
      return
    }
    if (signal.aborted)
      throw new Told(
        `Stopped: ${count} tickets ${word} so far. The same command goes on where it was; a desk that runs goes on meanwhile.`,
      )
    if (count >= shown + 5_000) console.log(`${word} so far: ${(shown = count)} tickets`)
    if ((await sweepImports(db)) === 0) await pause(100)
  }
}

async function tell(db: Db, id: string, { file, dryRun }: Command): Promise<void> {
  const { report, refused: handedBack } = await importProgress(db, id)
  for (const { field, value, count } of report.unknown)
    console.log(`not known: ${field} “${value}” (${count} rows)`)
  if (handedBack > 0) {
    const refused = `${file.replace(/(\.csv)?(\.gz)?$/, '')}-refused.csv`
    await pipeline(Readable.from(refusedCsv(db, id)), createWriteStream(refused))
    console.log(`${handedBack} rows were handed back, with their reasons: ${refused}`)
  }
  const { tickets, activities, already, first_created_at: first, last_created_at: last } = report
  console.log(
    `${dryRun ? 'Would import' : 'Imported'} ${tickets} tickets with ${activities} activities` +
      (first ? `, opened ${first.slice(0, 10)} to ${last!.slice(0, 10)}` : '') +
      (already > 0 ? `; ${already} were here already` : ''),
  )
}
