import { connect } from '@tocsin/db'
import { createLog, health, serveHttp, stopInOrder } from '@tocsin/db/process'
import { createCredentials } from '@tocsin/desk'
import { sql } from 'kysely'
import { Registry } from 'prom-client'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'

const { host, port, logLevel, ...config } = readConfig()
const log = createLog('api', logLevel)
const registry = new Registry()
const stopping = stopInOrder(log)

const db = connect(config.databaseUrl, {
  name: 'tocsin api',
  max: 12,
  onError: (error) => log.warn({ err: error }, 'a connection to Postgres broke'),
})
stopping.closing('database', () => db.destroy())

const credentials = createCredentials({
  db,
  secret: config.secret,
  publicUrl: config.publicUrl,
  trustedOrigins: [config.publicUrl],
})
const checks = { database: () => sql`select 1`.execute(db) }
// The probes go into the door, not beside it: what is at no address is answered as the door answers it.
const app = createApp({ db, credentials, config, log, registry, signal: stopping.signal })
app.route('/', health({ name: 'api', checks, registry }))

const listening = await serveHttp(app, host, port)
stopping.closing('http', () => listening.close())
log.info({ url: listening.url }, 'listening')
