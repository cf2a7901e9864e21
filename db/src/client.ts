import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Tables } from './types.ts'

export type Db = Kysely<Tables>

const INT8 = 20
// bigint counts and milliseconds stay far below 2^53; identities too.
const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser

export interface ConnectOptions {
  /** Most connections of this process. */
  max?: number
  /** Shown in pg_stat_activity. */
  name?: string
  /** Told of idle connections that broke; they are replaced on next use. */
  onError?: (error: Error) => void
}

/** A pool of connections to the record. `destroy()` closes it. */
export function connect(url: string, options: ConnectOptions = {}): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.name ?? 'tocsin',
    connectionTimeoutMillis: 1500,
    keepAlive: true,
    types: { getTypeParser },
  })
  // Without listeners, a connection that Postgres closes would end the process: one that is idle in the pool, and
  // one held between two statements of a transaction, whose next statement then fails.
  pool.on('error', options.onError ?? (() => undefined))
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}
