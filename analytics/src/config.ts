import { join } from 'node:path'
import { readEnvironment, variables } from '@tocsin/db/process'

export interface AnalyticsConfig {
  host: string
  port: number
  logLevel: string
  databaseUrl: string
  /** Absent: the embedded store in `folder`, which this process alone opens. */
  clickhouseUrl: string | undefined
  folder: string
  internalToken: string
}

/** Parsed once at start; nothing else of this process reads the environment. */
export function readConfig(env = process.env): AnalyticsConfig {
  const { HOST, PORT, DATABASE_URL, CLICKHOUSE_URL, TOCSIN_DATA, TOCSIN_INTERNAL_TOKEN, TOCSIN_LOG_LEVEL } =
    variables
  const read = readEnvironment(
    { HOST, PORT, DATABASE_URL, CLICKHOUSE_URL, TOCSIN_DATA, TOCSIN_INTERNAL_TOKEN, TOCSIN_LOG_LEVEL },
    env,
  )
  return {
    host: read.HOST,
    port: read.PORT,
    logLevel: read.TOCSIN_LOG_LEVEL,
    databaseUrl: read.DATABASE_URL,
    clickhouseUrl: read.CLICKHOUSE_URL,
    folder: join(read.TOCSIN_DATA, 'clickhouse'),
    internalToken: read.TOCSIN_INTERNAL_TOKEN,
  }
}
