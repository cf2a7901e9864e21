// `npm run rebuild`: fills the figures' store anew from the record. A running desk does it itself, being the one
// process that may open the embedded store; with the desk stopped this program opens both stores for a while.
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect, type Db } from '@tocsin/db'
import { runningPostgres, startEmbeddedPostgres } from '@tocsin/db/embedded'
import { createLog, readEnvironment, variables } from '@tocsin/db/process'
import { createPipe } from './pipe/pipe.ts'
import { dropCursor, readCursor } from './pipe/place.ts'
import { reconcile } from './reconcile/reconcile.ts'
import { migrateStore } from './store/migrate.ts'
import { openStore } from './store/store.ts'

const { TOCSIN_DATA, DATABASE_URL, CLICKHOUSE_URL, TOCSIN_LOG_LEVEL } = variables
const config = readEnvironment({
  TOCSIN_DATA,
  DATABASE_URL: DATABASE_URL.optional(),
  CLICKHOUSE_URL,
  TOCSIN_LOG_LEVEL,
})
const log = createLog('rebuild', config.TOCSIN_LOG_LEVEL)
const PATIENCE_MS = 600_000

const dir = join(config.TOCSIN_DATA, 'postgres')
const running = config.DATABASE_URL ?? (await runningPostgres(dir))
if (running) await askTheDesk(running)
else await fillHere()

/** The desk's pipe notices that its cursor is gone, and puts it back when the store is full again. */
async function askTheDesk(url: string): Promise<void> {
  const db = connect(url, { max: 1, name: 'tocsin rebuild' })
  try {
    await dropCursor(db)
    log.info('asked the running desk to fill the figures anew')
    const place = await cursorBack(db)
    if (place === undefined) log.warn('no desk took it up; it will when it starts')
    else log.info({ place }, 'the figures are filled anew')
  } finally {
    await db.destroy()
  }
}

async function cursorBack(db: Db): Promise<number | undefined> {
  const end = performance.now() + PATIENCE_MS
  while (performance.now() < end) {
    const place = await readCursor(db)
    if (place !== undefined) return place
    await pause(500)
  }
  return undefined
}

async function fillHere(): Promise<void> {
  const postgres = await startEmbeddedPostgres({ dir, log })
  const db = connect(postgres.url, { max: 4, name: 'tocsin rebuild' })
  const store = openStore({ url: config.CLICKHOUSE_URL, folder: join(config.TOCSIN_DATA, 'clickhouse') })
  try {
    await migrateStore(store)
    const pipe = createPipe(db, store, log)
    const rows = await pipe.rebuild()
    const compared = await reconcile(pipe, store)
    log.info({ rows, differences: compared?.differences.length }, 'the figures are filled anew')
    if (compared && compared.differences.length > 0) process.exitCode = 1
  } finally {
    await store.close()
    await db.destroy()
    await postgres.stop()
  }
}
