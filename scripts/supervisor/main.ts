import { setTimeout as pause } from 'node:timers/promises'
import { migrate } from '@tocsin/db/migrate'
import { createLog, type Logger } from '@tocsin/db/process/log'
import { stopInOrder } from '@tocsin/db/process/stop'
import { providePages } from '../pages.ts'
import { keepRunning } from './child.ts'
import { config } from './config.ts'
import { loadDemoIfEmpty } from './demo.ts'
import { claimable } from './ports.ts'
import { keepPostgres } from './postgres.ts'
import { present } from './print.ts'
import { planProcesses } from './processes.ts'
import { allReady } from './ready.ts'
import { provideSecret } from './secret.ts'

const log = createLog('tocsin', config.TOCSIN_LOG_LEVEL, {
  write: (line) => process.stdout.write(present('tocsin', line.trimEnd(), process.stdout.isTTY)),
})
// Longer than any child's own, so that PostgreSQL is never left before its clients.
const stopping = stopInOrder(log, 20_000)

try {
  await start()
} catch (error) {
  log.debug({ err: error }, 'start failed')
  // Whoever stops it half-way is told nothing of what that cut off.
  if (!stopping.signal.aborted) {
    process.stderr.write(`\n${wordsOf(error)}\n`)
    process.exitCode = 1
    process.kill(process.pid, 'SIGTERM')
  }
}

async function start(): Promise<void> {
  await claimable(config.TOCSIN_HOST, config.TOCSIN_PORT, 'TOCSIN_PORT')
  await claimable(config.TOCSIN_HOST, config.TOCSIN_INGEST_PORT, 'TOCSIN_INGEST_PORT')
  const secret = provideSecret(config.TOCSIN_SECRET, config.TOCSIN_DATA)

  // The longest part of a first start: everything else happens beside it.
  const pages = config.buildPages ? providePages(stopping.signal) : Promise.resolve()
  pages.catch(() => undefined)
  const { url, ownerUrl } = await openRecord(log)
  await migrateWhenReachable(ownerUrl, url)
  if (!config.DATABASE_URL && !config.empty) {
    const { TOCSIN_DATA: dataFolder, publicUrl: appUrl, ingestUrl } = config
    await loadDemoIfEmpty({ ownerUrl, dataFolder, appUrl, ingestUrl })
  }
  if (stopping.signal.aborted) return

  const processes = await planProcesses(config, { databaseUrl: url, secret })
  const children: ReturnType<typeof keepRunning>[] = []
  stopping.closing('processes', () => Promise.all(children.map((child) => child.stop())))
  for (const plan of processes) {
    if (plan.name === 'ui') await pages
    if (stopping.signal.aborted) return
    children.push(keepRunning(plan, log))
  }
  await allReady(processes, log, stopping.signal)
  if (!stopping.signal.aborted) process.stdout.write(`Tocsin is ready at ${config.publicUrl}\n`)
}

async function openRecord(logger: Logger): Promise<{ url: string; ownerUrl: string }> {
  const { DATABASE_URL: given, DATABASE_OWNER_URL: owner } = config
  if (given) return { url: given, ownerUrl: owner ?? given }
  const postgres = await keepPostgres(config.TOCSIN_DATA, logger)
  stopping.closing('PostgreSQL', postgres.stop)
  return postgres
}

/** A server of the operator's own may start beside us and need a while. */
async function migrateWhenReachable(ownerUrl: string, serviceUrl: string): Promise<void> {
  const end = performance.now() + 60_000
  for (;;) {
    try {
      return await migrate(ownerUrl, { log, serviceUrl })
    } catch (error) {
      if (!isUnreachable(error) || performance.now() > end || stopping.signal.aborted) throw error
      log.warn({ reason: wordsOf(error) }, 'the database cannot be reached yet')
      await pause(1_000)
    }
  }
}

// No answer at all, or PostgreSQL's "starting up", "shutting down" and "too many clients".
function isUnreachable(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'ECONNRESET',
    '57P03',
    '57P01',
    '53300',
  ].includes(code)
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Tocsin could not start.'
  const words =
    error instanceof AggregateError && error.message === '' ? String(error.errors[0]) : error.message
  return error.cause instanceof Error ? `${words}: ${error.cause.message}` : words
}
