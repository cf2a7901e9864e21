import { connect } from '@tocsin/db'
import { createLog, health, serveHttp, stopInOrder } from '@tocsin/db/process'
import { runSweeps } from '@tocsin/desk/engine'
import { sql } from 'kysely'
import { Registry } from 'prom-client'
import { readEngineConfig } from './config.ts'
import { runWorker } from './worker.ts'

const { host, port, databaseUrl, notify, logLevel } = readEngineConfig()
const log = createLog('engine', logLevel)
const registry = new Registry()
const stopping = stopInOrder(log)
const { signal } = stopping

const onError = (error: Error) => log.warn({ err: error }, 'a connection to Postgres broke')
const db = connect(databaseUrl, { name: 'tocsin engine', max: 10, onError })
// A storm in the queue must not take the connections of what wakes people.
const queue = connect(databaseUrl, { name: 'tocsin worker', max: 2, onError })
stopping.closing('database', () => Promise.all([db.destroy(), queue.destroy()]))

const working = Promise.all([
  runWorker({ db: queue, databaseUrl, log, registry, signal }),
  runSweeps({ db, databaseUrl, log, registry, signal, config: notify }),
])
stopping.closing('work', () => working)

const checks = { database: () => sql`select 1`.execute(db) }
const listening = await serveHttp(health({ name: 'engine', checks, registry }), host, port)
stopping.closing('http', () => listening.close())
log.info({ url: listening.url }, 'listening')
