import type { NotifyConfig } from '@tocsin/desk'
import { readEnvironment, variables } from '@tocsin/db/process'

const { TOCSIN_SMTP_IN_PORT, HOST, PORT, DATABASE_URL, TOCSIN_INTERNAL_TOKEN, TOCSIN_LOG_LEVEL } = variables
const { TOCSIN_PUBLIC_URL, TOCSIN_HOST, TOCSIN_PORT, TOCSIN_SECRET, SMTP_URL, TOCSIN_WEBHOOK_ALLOW } =
  variables

export interface DoorConfig {
  host: string
  port: number
  databaseUrl: string
  /** Where mail arrives; undefined: nowhere. */
  mailPort: number | undefined
  /** What api shows to have a body read without keeping it. */
  internalToken: string
  /** The secrets of senders that sign lie under it. */
  secret: string
  logLevel: string
}

/** The door's. Parsed once at start; nothing else of the process reads the environment. */
export function readDoorConfig(env = process.env): DoorConfig {
  const read = readEnvironment(
    { HOST, PORT, TOCSIN_SMTP_IN_PORT, DATABASE_URL, TOCSIN_INTERNAL_TOKEN, TOCSIN_SECRET, TOCSIN_LOG_LEVEL },
    env,
  )
  return {
    host: read.HOST,
    port: read.PORT,
    mailPort: read.TOCSIN_SMTP_IN_PORT,
    databaseUrl: read.DATABASE_URL,
    internalToken: read.TOCSIN_INTERNAL_TOKEN,
    secret: read.TOCSIN_SECRET,
    logLevel: read.TOCSIN_LOG_LEVEL,
  }
}

export interface EngineConfig {
  host: string
  port: number
  databaseUrl: string
  notify: NotifyConfig
  logLevel: string
}

/** The engine's, likewise. */
export function readEngineConfig(env = process.env): EngineConfig {
  const read = readEnvironment(
    {
      HOST,
      PORT,
      DATABASE_URL,
      TOCSIN_LOG_LEVEL,
      TOCSIN_PUBLIC_URL,
      TOCSIN_HOST,
      TOCSIN_PORT,
      TOCSIN_SECRET,
      SMTP_URL,
      TOCSIN_WEBHOOK_ALLOW,
    },
    env,
  )
  return {
    host: read.HOST,
    port: read.PORT,
    databaseUrl: read.DATABASE_URL,
    notify: {
      publicUrl: read.TOCSIN_PUBLIC_URL ?? `http://${read.TOCSIN_HOST}:${read.TOCSIN_PORT}`,
      secret: read.TOCSIN_SECRET,
      smtpUrl: read.SMTP_URL,
      webhookAllow: read.TOCSIN_WEBHOOK_ALLOW,
    },
    logLevel: read.TOCSIN_LOG_LEVEL,
  }
}
