import { connect } from '@tocsin/db'
import { createLog, health, serveHttp, stopInOrder } from '@tocsin/db/process'
import { Hono } from 'hono'
import { sql } from 'kysely'
import { Registry } from 'prom-client'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { keepFigures } from './keeper.ts'
import { createPipe } from './pipe/pipe.ts'
import { migrateStore } from './store/migrate.ts'
import { openStore } from './store/store.ts'

const config = readConfig()
const log = createLog('analytics', config.logLevel)
const registry = new Registry()
const stopping = stopInOrder(log)

const db = connect(config.databaseUrl, {
  name: 'tocsin analytics',
  max: 4,
  onError: (error) => log.warn({ err: error }, 'a connection to Postgres broke'),
})
stopping.closing('database', () => db.destroy())

// Statements of one connection run one after another, so that questions never wait behind the pipe.
const [pipeStore, questions] = [1, 2].map(() =>
  openStore({ url: config.clickhouseUrl, folder: config.folder }),
) as [ReturnType<typeof openStore>, ReturnType<typeof openStore>]
stopping.closing('store', async () => {
  await pipeStore.close()
  await questions.close()
})

const pipe = createPipe(db, pipeStore, log)
const keeper = await keepFigures({
  db,
  databaseUrl: config.databaseUrl,
  pipe,
  store: pipeStore,
  prepare: () => migrateStore(pipeStore),
  log,
  registry,
})
stopping.closing('pipe', () => keeper.close())

const checks = { database: () => sql`select 1`.execute(db), store: () => questions.ping() }
const root = new Hono()
root.route('/', health({ name: 'analytics', checks, registry }))
root.route('/', createApp({ store: questions, pipe, keeper, token: config.internalToken, log, registry }))
const listening = await serveHttp(root, config.host, config.port)
stopping.closing('http', () => listening.close())
log.info({ url: listening.url }, 'listening')
