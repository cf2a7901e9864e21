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
export const connect = (url: string, options: ConnectOptions = {}): Db =>
  new Kysely<Tables>({ dialect: new PostgresDialect({ pool: poolOf(url, options) }) })

export interface Prepared {
  /** Each connection plans a statement once under its name, and not each time that it is asked. */
  query: <Row>(name: string, text: string, values: unknown[]) => Promise<Row[]>
  destroy: () => Promise<void>
}

/** The same, for few statements that are asked a thousand times a second: planning them costs more than they do. */
export function connectPrepared(url: string, options: ConnectOptions = {}): Prepared {
  const pool = poolOf(url, options)
  return {
    query: async (name, text, values) => (await pool.query({ name, text, values })).rows,
    destroy: () => pool.end(),
  }
}

function poolOf(url: string, options: ConnectOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.name ?? 'tocsin',
    connectionTimeoutMillis: 1500,
    // Longer than most sweeps rest: a connection opened anew costs more than what they ask.
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    types: { getTypeParser },
  })
  // Without listeners, a connection that Postgres closes would end the process: one that is idle in the pool, and
  // one held between two statements of a transaction, whose next statement then fails.
  pool.on('error', options.onError ?? (() => undefined))
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
