// npm run import -- FILE --mapping MAPPING.json: brings the history of another desk into this one. MAPPING is a file or
// the name of a ready mapping (servicenow, jira, …); without one, the ready mapping that fits the columns is taken, else
// one by their names. --dry-run only says what would become of it; --zone is the zone of the file's times; --day-first
// and --month-first say what 03/04/2024 means; --no-header: the first line is a ticket. Rows that cannot be read are
// written to FILE-refused.csv with their reasons.
import { createReadStream, createWriteStream, existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { connect, type Db } from '@tocsin/db'
import { runningPostgres, startEmbeddedPostgres } from '@tocsin/db/embedded'
import { createLog, readEnvironment, variables } from '@tocsin/db/process'
import {
  beginMapping,
  cancelImport,
  checkImport,
  DeskError,
  ImportMapping,
  importProgress,
  mapImport,
  READY_MAPPINGS,
  refusedCsv,
  stageImport,
  startImport,
  suggestMapping,
  sweepImports,
  SYSTEM,
  transact,
  type Tx,
} from '@tocsin/desk'
import { z } from 'zod'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mapping: { type: 'string' },
    zone: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    'day-first': { type: 'boolean', default: false },
    'month-first': { type: 'boolean', default: false },
    'no-header': { type: 'boolean', default: false },
  },
})
const [file] = positionals
if (!file || positionals.length > 1 || (values['day-first'] && values['month-first']))
  fail(
    `Usage: npm run import -- FILE [--mapping MAPPING.json|${Object.keys(READY_MAPPINGS).join('|')}] [--zone ZONE] [--day-first|--month-first] [--no-header] [--dry-run]`,
  )
if (!existsSync(file)) fail(`${file} is not there.`)
const mapping = values.mapping === undefined ? undefined : readMapping(values.mapping)

const { TOCSIN_DATA, DATABASE_URL, TOCSIN_LOG_LEVEL } = variables
const config = readEnvironment({ TOCSIN_DATA, DATABASE_URL: DATABASE_URL.optional(), TOCSIN_LOG_LEVEL })
const dir = join(config.TOCSIN_DATA, 'postgres')
const running = config.DATABASE_URL ?? (await runningPostgres(dir))
if (!running && !existsSync(dir))
  fail('There is no desk here yet: start it once with `npm start -- --empty`.')
const own = running ? undefined : await startEmbeddedPostgres({ dir, log: createLog('import', 'warn') })
const db = connect(running ?? own!.url, { max: 4, name: 'tocsin import' })
try {
  await bringIn(db, file, mapping)
} catch (error) {
  if (!(error instanceof DeskError)) throw error
  console.error(error.message)
  for (const { path, message } of error.details.errors ?? []) console.error(`  ${path}: ${message}`)
  process.exitCode = 1
} finally {
  await db.destroy()
  await own?.stop()
}

async function bringIn(record: Db, path: string, given: ImportMapping | undefined): Promise<void> {
  const { id, rows, columns, form } = await stageImport(record, SYSTEM, {
    name: basename(path),
    bytes: createReadStream(path),
    header: values['no-header'] ? false : undefined,
  })
  const divided = form.delimiter === '\t' ? 'tab' : form.delimiter
  console.log(`${rows} rows, ${columns.length} columns, ${form.encoding}, divided by ${divided}`)
  if (!form.header) console.log(`No header: the columns are ${columns[0]} to ${columns.at(-1)!}.`)
  try {
    await transact(record, SYSTEM, (tx) => mapImport(tx, id, mappingFor(columns, given)))
  } catch (error) {
    await transact(record, SYSTEM, (tx) => cancelImport(tx, id))
    throw error
  }
  await follow(record, id, 'checked', checkImport)
  const { question } = (await importProgress(record, id)).report.dates
  if (question)
    console.log(
      `“${question.example}”: the ${question.taken} was read first, for nothing in the file says so. Say --day-first or --month-first.`,
    )
  if (!values['dry-run']) await follow(record, id, 'imported', startImport)
  const refused = `${path.replace(/(\.csv)?(\.gz)?$/, '')}-refused.csv`
  const { report, refused: handedBack } = await importProgress(record, id)
  for (const { field, value, count } of report.unknown)
    console.log(`not known: ${field} “${value}” (${count} rows)`)
  if (handedBack > 0) {
    await pipeline(Readable.from(refusedCsv(record, id)), createWriteStream(refused))
    console.log(`${handedBack} rows were handed back, with their reasons: ${refused}`)
  }
  // Nothing will ever ask for the rows of a trial again.
  if (values['dry-run']) await transact(record, SYSTEM, (tx) => cancelImport(tx, id))
  const { tickets, activities, already, first_created_at: first, last_created_at: last } = report
  console.log(
    `${values['dry-run'] ? 'Would import' : 'Imported'} ${tickets} tickets with ${activities} activities` +
      (first ? `, opened ${first.slice(0, 10)} to ${last!.slice(0, 10)}` : '') +
      (already > 0 ? `; ${already} were here already` : ''),
  )
}

/** The mapping that was given, else the one that the columns suggest. */
function mappingFor(columns: string[], given: ImportMapping | undefined): ImportMapping {
  const mapping = given ?? beginMapping(columns)
  if (!mapping)
    throw new DeskError('invalid', 'No mapping fits these columns. Write one: docs/import.md says how.', {
      errors: columns.map((column, place) => ({ path: `column ${place + 1}`, message: column })),
    })
  if (!given) console.log(`Mapping: ${suggestMapping(columns) ?? 'by the names of the columns'}`)
  const order = values['day-first'] ? 'day-first' : values['month-first'] ? 'month-first' : undefined
  return { ...mapping, ...(values.zone && { zone: values.zone }), ...(order && { dates: order }) }
}

/** Works beside the engines of a running desk: whichever is free takes the next batch. */
async function follow(record: Db, id: string, word: string, begin: (tx: Tx, id: string) => Promise<void>) {
  await transact(record, SYSTEM, (tx) => begin(tx, id))
  const began = performance.now()
  for (let shown = 0; ;) {
    const { state, report } = await importProgress(record, id)
    const count = report.tickets + report.already + report.refused
    if (!['checking', 'running'].includes(state)) {
      const seconds = (performance.now() - began) / 1000
      console.log(
        `${word}: ${count} tickets in ${seconds.toFixed(1)} s (${Math.round(report.activities / seconds)} activities/s)`,
      )
      return
    }
    if (count >= shown + 5_000) console.log(`${word} so far: ${(shown = count)} tickets`)
    if ((await sweepImports(record)) === 0) await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function readMapping(given: string): ImportMapping {
  const ready = READY_MAPPINGS[given]
  const text = ready ? JSON.stringify(ready) : existsSync(given) ? readFileSync(given, 'utf8') : undefined
  if (text === undefined) fail(`${given} is neither a file nor a ready mapping.`)
  try {
    return ImportMapping.parse(JSON.parse(text))
  } catch (error) {
    if (error instanceof z.ZodError) fail(`${given}:\n${z.prettifyError(error)}`)
    if (error instanceof SyntaxError) fail(`${given} is not JSON: ${error.message}`)
    throw error
  }
}

function fail(text: string): never {
  console.error(text)
  process.exit(1)
}
