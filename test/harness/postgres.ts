import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { serviceUrlOf } from '@tocsin/db/service-role'
import { Client } from 'pg'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'

export type TestServer = {
  /** Owner of the server; its path is replaced by a database's name. */
  ownerUrl: string
  /** As the service role; its path too is replaced. */
  serviceUrl: string
  /** Every database of this run begins with it. */
  prefix: string
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestServer
  }
}

type Run = { server: Promise<TestServer>; users: number; end: () => Promise<void> }

// Each project of a run calls the setup, each with its own copy of this module: the process is what they share.
const runs = globalThis as typeof globalThis & { tocsinTestRun?: Run }

/** One PostgreSQL and one migrated template for the whole run; the tests clone the template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = (runs.tocsinTestRun ??= begin())
  run.users += 1
  project.provide('postgres', await run.server)
  return async () => {
    run.users -= 1
    if (run.users > 0) return
    delete runs.tocsinTestRun
    await run.end()
  }
}

function begin(): Run {
  const run: Run = { server: Promise.reject(new Error('not begun')), users: 0, end: async () => undefined }
  run.server.catch(() => undefined)
  run.server = start(run)
  return run
}

async function start(run: Run): Promise<TestServer> {
  const log = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }))
  const prefix = `tocsin_test_${randomBytes(4).toString('hex')}`
  const given = process.env.TEST_DATABASE_URL
  const { ownerUrl, stop } = given
    ? { ownerUrl: given, stop: () => dropAll(given, prefix) }
    : await embedded(log)
  run.end = stop

  const template = `${prefix}_template`
  await asOwner(ownerUrl, `CREATE DATABASE ${template}`)
  const templateUrl = new URL(ownerUrl)
  templateUrl.pathname = template
  // Always the same: a server used for several runs keeps the password of the first.
  const serviceUrl = serviceUrlOf(templateUrl.href, 'tocsin-test')
  await migrate(templateUrl.href, { log, serviceUrl })
  return { ownerUrl, serviceUrl, prefix }
}

async function embedded(log: pino.Logger): Promise<{ ownerUrl: string; stop: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'tocsin-test-postgres-'))
  // No test here survives a power cut, so none needs fsync; kill -9 loses nothing without it.
  const settings = { fsync: 'off', max_connections: '400' }
  const server = await startEmbeddedPostgres({ dir, log, settings })
  const stop = async () => {
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }
  return { ownerUrl: server.ownerUrl, stop }
}

async function dropAll(ownerUrl: string, prefix: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE starts_with(datname, $1)`,
    [prefix],
  )
  for (const { datname } of rows) await client.query(`DROP DATABASE ${datname} WITH (FORCE)`)
  await client.end()
}

async function asOwner(ownerUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query(sql)
  await client.end()
}
