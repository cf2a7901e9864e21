import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { ownerName } from './cluster.ts'

/** The owner's URL of the embedded PostgreSQL that already runs over `dir`; undefined when none does. */
export async function runningPostgres(dir: string): Promise<string | undefined> {
  const pidFile = join(dir, 'data', 'postmaster.pid')
  if (!existsSync(pidFile)) return undefined
  const port = readFileSync(pidFile, 'utf8').split('\n')[3]?.trim()
  const password = readFileSync(join(dir, 'password'), 'utf8').trim()
  const url = `postgres://${ownerName}:${password}@127.0.0.1:${port}/tocsin`
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => undefined)
  // A pid file left by kill -9 names a port where nobody answers, or somebody who does not know us.
  const answers = await client.connect().then(
    () => true,
    () => false,
  )
  await client.end().catch(() => undefined)
  return answers ? url : undefined
}
