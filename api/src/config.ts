import { readEnvironment, variables } from '@tocsin/db/process'

const { HOST, PORT, DATABASE_URL, TOCSIN_SECRET, TOCSIN_HOST, TOCSIN_PORT, TOCSIN_INGEST_PORT } = variables
const {
  TOCSIN_PUBLIC_URL,
  TOCSIN_INGEST_URL,
  TOCSIN_ANALYTICS_URL,
  TOCSIN_INTERNAL_TOKEN,
  TOCSIN_LOG_LEVEL,
  SMTP_URL,
} = variables

export interface ApiConfig {
  databaseUrl: string
  secret: string
  /** Where browsers reach the pages; mails and cookies follow it. */
  publicUrl: string
  /** Where senders reach the machines' door, for the configuration that people copy. */
  ingestUrl: string
  /** Where our processes reach the door themselves. */
  ingestInternalUrl: string
  analyticsUrl: string
  internalToken: string
  /** True where mail stays in the local mailbox. */
  localMail: boolean
  /** For the tests that people send to their own contact methods. */
  smtpUrl?: string
  webhookAllow?: string[]
  /** Whose X-Forwarded-For is believed: our pages' process, and the proxies before it. */
  trustedProxies: string[]
}

/** Parsed once at start; nothing else of this process reads the environment. */
export function readConfig(env = process.env): ApiConfig & { host: string; port: number; logLevel: string } {
  const read = readEnvironment(
    {
      HOST,
      PORT,
      DATABASE_URL,
      TOCSIN_SECRET,
      TOCSIN_HOST,
      TOCSIN_PORT,
      TOCSIN_INGEST_PORT,
      TOCSIN_PUBLIC_URL,
      TOCSIN_INGEST_URL,
      TOCSIN_ANALYTICS_URL,
      TOCSIN_INTERNAL_TOKEN,
      TOCSIN_LOG_LEVEL,
      SMTP_URL,
      TOCSIN_WEBHOOK_ALLOW: variables.TOCSIN_WEBHOOK_ALLOW,
      TRUSTED_PROXIES: variables.TRUSTED_PROXIES,
    },
    env,
  )
  const publicUrl = read.TOCSIN_PUBLIC_URL ?? `http://${read.TOCSIN_HOST}:${read.TOCSIN_PORT}`
  const ingest = new URL(publicUrl)
  ingest.port = String(read.TOCSIN_INGEST_PORT)
  return {
    host: read.HOST,
    port: read.PORT,
    logLevel: read.TOCSIN_LOG_LEVEL,
    databaseUrl: read.DATABASE_URL,
    secret: read.TOCSIN_SECRET,
    publicUrl,
    ingestUrl: ingest.origin,
    ingestInternalUrl: read.TOCSIN_INGEST_URL,
    analyticsUrl: read.TOCSIN_ANALYTICS_URL,
    internalToken: read.TOCSIN_INTERNAL_TOKEN,
    localMail: read.SMTP_URL === undefined,
    smtpUrl: read.SMTP_URL,
    webhookAllow: read.TOCSIN_WEBHOOK_ALLOW,
    trustedProxies: read.TRUSTED_PROXIES,
  }
}
