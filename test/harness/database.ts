import { randomBytes } from 'node:crypto'
import { connect, type Db } from '@tocsin/db'
import { Client } from 'pg'
import { inject } from 'vitest'

export type TestDatabase = {
  /** As the service role, the way the services connect. */
  url: string
  /** As the owner, for what only tests may do. */
  ownerUrl: string
  db: Db
  drop: () => Promise<void>
}

/**
 * A migrated, empty database of its own, cloned from the run's template in about 50 ms.
 * Ask once per file and drop it in `afterAll`; the run's end takes what was left.
 */
export async function database(): Promise<TestDatabase> {
  const server = inject('postgres')
  const name = `${server.prefix}_${randomBytes(5).toString('hex')}`
  await asOwner(server.ownerUrl, `CREATE DATABASE ${name} TEMPLATE ${server.prefix}_template`)

  const ownerUrl = new URL(server.ownerUrl)
  ownerUrl.pathname = name
  const url = new URL(server.serviceUrl)
  url.pathname = name
  const db = connect(url.href, { name: 'tocsin-test' })
  const drop = async () => {
    await db.destroy()
    await asOwner(server.ownerUrl, `DROP DATABASE ${name} WITH (FORCE)`)
  }
  return { url: url.href, ownerUrl: ownerUrl.href, db, drop }
}

/** Runs one statement as the owner of the database behind `ownerUrl`. */
export async function asOwner(ownerUrl: string, sql: string, values: unknown[] = []): Promise<void> {
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(sql, values)
  } finally {
    await client.end()
  }
}
