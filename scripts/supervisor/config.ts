import { readEnvironment, variables } from '@tocsin/db/process/config'

const environment = readEnvironment({
  TOCSIN_DATA: variables.TOCSIN_DATA,
  TOCSIN_HOST: variables.TOCSIN_HOST,
  TOCSIN_PORT: variables.TOCSIN_PORT,
  TOCSIN_INGEST_PORT: variables.TOCSIN_INGEST_PORT,
  TOCSIN_PUBLIC_URL: variables.TOCSIN_PUBLIC_URL,
  TOCSIN_SECRET: variables.TOCSIN_SECRET.optional(),
  TOCSIN_LOG_LEVEL: variables.TOCSIN_LOG_LEVEL,
  TRUSTED_PROXIES: variables.TRUSTED_PROXIES,
  DATABASE_URL: variables.DATABASE_URL.optional(),
  DATABASE_OWNER_URL: variables.DATABASE_OWNER_URL,
})

/** An address to reach a service that listens on `host`, which may mean every interface. */
export function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

export const config = {
  ...environment,
  publicUrl:
    environment.TOCSIN_PUBLIC_URL ??
    `http://${reachable(environment.TOCSIN_HOST)}:${environment.TOCSIN_PORT}`,
  ingestUrl: `http://${reachable(environment.TOCSIN_HOST)}:${environment.TOCSIN_INGEST_PORT}`,
  /** Open the first-administrator page instead of loading the demo organisation. */
  empty: process.argv.includes('--empty'),
  /** Bring the pages up to date first; `npm start` asks for it. */
  buildPages: process.argv.includes('--build-pages'),
  /** What the children inherit; what concerns them is added by name. */
  inherited: process.env,
}

export type Config = typeof config
