// npm run import -- FILE --mapping MAPPING.json: brings the history of another desk into this one. MAPPING is a file or
// the name of a ready mapping (servicenow, jira, …); without one, the ready mapping that fits the columns is taken, else
// one by their names. --dry-run only says what would become of it; --zone is the zone of the file's times; --day-first
// and --month-first say what 03/04/2024 means; --no-header: the first line is a ticket, --header: it names the columns.
// Rows that cannot be read are
// written to FILE-refused.csv with their reasons. The same command goes on with what an earlier one left unfinished.
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '@tocsin/db'
import { runningPostgres, startEmbeddedPostgres } from '@tocsin/db/embedded'
import { createLog, readEnvironment, variables } from '@tocsin/db/process'
import { READY_MAPPINGS } from '@tocsin/desk'
import { bringIn } from './bring-in.ts'
import { plainly, Told } from './failure.ts'
import { readMapping } from './mapping.ts'

const USAGE = `Usage: npm run import -- FILE [--mapping MAPPING.json|${Object.keys(READY_MAPPINGS).join('|')}] [--zone ZONE] [--day-first|--month-first] [--header|--no-header] [--dry-run]`

const stop = new AbortController()
// Once each: whoever asks a second time does not want to wait for the batch at hand.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

try {
  await run()
} catch (error) {
  const words = plainly(error)
  if (words === undefined) throw error
  if (words) console.error(words)
  process.exitCode = stop.signal.aborted ? 130 : 1
}

async function run(): Promise<void> {
  const { file, ...given } = readArguments()
  const mapping = given.mapping === undefined ? undefined : readMapping(given.mapping)
  const { TOCSIN_DATA, DATABASE_URL, TOCSIN_LOG_LEVEL } = variables
  const config = readEnvironment({ TOCSIN_DATA, DATABASE_URL: DATABASE_URL.optional(), TOCSIN_LOG_LEVEL })
  const dir = join(config.TOCSIN_DATA, 'postgres')
  const running = config.DATABASE_URL ?? (await runningPostgres(dir))
  if (!running && !existsSync(dir))
    throw new Told(
      `There is no desk in ${config.TOCSIN_DATA} yet: start it once with \`npm start -- --empty\`.`,
    )
  const own = running ? undefined : await startEmbeddedPostgres({ dir, log: createLog('import', 'warn') })
  const db = connect(running ?? own!.url, { max: 4, name: 'tocsin import' })
  try {
    await bringIn(db, {
      ...given,
      header: given.header ?? mapping?.header,
      file,
      mapping,
      signal: stop.signal,
    })
  } finally {
    await db.destroy()
    await own?.stop()
  }
}

function readArguments() {
  const { values, positionals } = argumentsGiven()
  const [file] = positionals
  if (
    !file ||
    positionals.length > 1 ||
    (values['day-first'] && values['month-first']) ||
    (values.header && values['no-header'])
  )
    throw new Told(USAGE)
  if (!existsSync(file)) throw new Told(`${file} is not there.`)
  if (statSync(file).isDirectory()) throw new Told(`${file} is a folder: name the file in it.`)
  const order: 'day-first' | 'month-first' | undefined = values['day-first']
    ? 'day-first'
    : values['month-first']
      ? 'month-first'
      : undefined
  return {
    file,
    mapping: values.mapping,
    zone: values.zone,
    order,
    header: values['no-header'] ? false : values.header ? true : undefined,
    dryRun: values['dry-run'],
  }
}

function argumentsGiven() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        mapping: { type: 'string' },
        zone: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        'day-first': { type: 'boolean', default: false },
        'month-first': { type: 'boolean', default: false },
        'no-header': { type: 'boolean', default: false },
        header: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new Told(`${(error as Error).message}\n${USAGE}`, { cause: error })
  }
}
