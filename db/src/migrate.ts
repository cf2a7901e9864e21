import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { Client } from 'pg'
import type { Logger } from 'pino'
import { admitService } from './service-role.ts'

type Migration = { name: string; sql: string; hash: string }

const folder = new URL('../migrations/', import.meta.url)
// Any number that nothing else locks on: replicas that start together take turns at it.
const lockKey = 7_065_830_117

/**
 * Brings the database up to this code: every file of db/migrations not yet applied, in order, each in its own
 * transaction. Safe to run from several processes at once. Throws when an applied file has changed since.
 * `serviceUrl`, when it logs in as another role than the owner, is let in as the service role.
 */
export async function migrate(
  ownerUrl: string,
  options: { log: Logger; serviceUrl?: string; from?: URL },
): Promise<void> {
  const client = new Client({ connectionString: ownerUrl, application_name: 'tocsin-migrate' })
  await client.connect()
  try {
    await client.query('SELECT pg_advisory_lock($1)', [lockKey])
    await applyNew(client, await readMigrations(options.from ?? folder), options.log)
    if (options.serviceUrl) await admitService(client, options.serviceUrl)
  } finally {
    await client.end()
  }
}

async function applyNew(client: Client, migrations: Migration[], log: Logger): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS migration (
      name text PRIMARY KEY,
      hash text NOT NULL,
      applied_at timestamptz(3) NOT NULL DEFAULT now()
    )`)
  const { rows } = await client.query<{ name: string; hash: string }>('SELECT name, hash FROM migration')
  const applied = new Map(rows.map((row) => [row.name, row.hash]))
  for (const migration of migrations) {
    const hash = applied.get(migration.name)
    if (hash === undefined) await apply(client, migration, log)
    else if (hash !== migration.hash) {
      throw new Error(
        `Migration ${migration.name} was changed after it was applied; write a new one instead.`,
      )
    }
  }
}

async function apply(client: Client, { name, sql, hash }: Migration, log: Logger): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query(sql)
    await client.query('INSERT INTO migration (name, hash) VALUES ($1, $2)', [name, hash])
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK')
    throw new Error(`Migration ${name} failed and left nothing behind`, { cause })
  }
  log.info({ migration: name }, 'migration applied')
}

async function readMigrations(from: URL): Promise<Migration[]> {
  const names = (await readdir(from)).filter((name) => name.endsWith('.sql')).toSorted()
  const misnamed = names.find((name) => !/^\d{4}-[a-z0-9]+(-[a-z0-9]+)+\.sql$/.test(name))
  if (misnamed) throw new Error(`Migration ${misnamed} is not named NNNN-verb-noun.sql.`)
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, from), 'utf8')
      return { name, sql, hash: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}
