import { readEnvironment, variables } from '@tocsin/db/process'

const { HOST, PORT, DATABASE_URL, TOCSIN_INTERNAL_TOKEN, TOCSIN_LOG_LEVEL } = variables

export interface DoorConfig {
  host: string
  port: number
  databaseUrl: string
  /** What api shows to have a body read without keeping it. */
  internalToken: string
  logLevel: string
}

/** Parsed once at start; nothing else of this process reads the environment. */
export function readConfig(env = process.env): DoorConfig {
  const read = readEnvironment({ HOST, PORT, DATABASE_URL, TOCSIN_INTERNAL_TOKEN, TOCSIN_LOG_LEVEL }, env)
  return {
    host: read.HOST,
    port: read.PORT,
    databaseUrl: read.DATABASE_URL,
    internalToken: read.TOCSIN_INTERNAL_TOKEN,
    logLevel: read.TOCSIN_LOG_LEVEL,
  }
}
