import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { freePorts } from '@tocsin/db/process/free-port'
import { type Config, reachable } from './config.ts'

export type Process = {
  name: string
  /** Absolute path of its main module. */
  main: string
  /** MB of V8's young generation. */
  young: number
  env: Record<string, string | undefined>
  /** Where its `/readyz` answers. */
  url: string
}

// A small young generation where nothing is hot: V8's own 16 MB cost 160 MB over all processes (of 1.1 GB).
const table = [
  { name: 'engine', main: 'ingest/src/engine-main.ts', young: 4 },
  { name: 'ingest', main: 'ingest/src/main.ts', young: 8, port: 'TOCSIN_INGEST_PORT' },
  { name: 'api', main: 'api/src/main.ts', young: 2 },
  { name: 'analytics', main: 'analytics/src/main.ts', young: 2 },
  { name: 'ui', main: 'ui/build/index.js', young: 2, port: 'TOCSIN_PORT' },
] as const

const root = new URL('../../', import.meta.url)

/** What runs, with the environment by which the processes find the stores and each other. */
export async function planProcesses(
  config: Config,
  stores: { databaseUrl: string; secret: string },
): Promise<Process[]> {
  const loopback = await freePorts(table.length)
  const places = table.map(({ name, main, young, ...outside }, index) => {
    const open = 'port' in outside
    const host = open ? config.TOCSIN_HOST : '127.0.0.1'
    const port = open ? config[outside.port] : loopback[index]
    return {
      name,
      young,
      main: fileURLToPath(new URL(main, root)),
      host,
      port,
      url: `http://${reachable(host)}:${port}`,
    }
  })
  const urlOf = (name: string) => places.find((place) => place.name === name)?.url
  const shared = {
    ...config.inherited,
    NODE_ENV: 'production',
    TOCSIN_DATA: config.TOCSIN_DATA,
    TOCSIN_PUBLIC_URL: config.publicUrl,
    TOCSIN_SECRET: stores.secret,
    TOCSIN_INTERNAL_TOKEN: randomBytes(24).toString('base64url'),
    TOCSIN_API_URL: urlOf('api'),
    TOCSIN_ANALYTICS_URL: urlOf('analytics'),
    TOCSIN_INGEST_URL: urlOf('ingest'),
    DATABASE_URL: stores.databaseUrl,
    // Services cannot rewrite the record, so they are not given the key that could.
    DATABASE_OWNER_URL: undefined,
  }
  return places.map(({ host, port, ...place }) => ({
    ...place,
    env: { ...shared, ...own(place.name, config), HOST: host, PORT: String(port) },
  }))
}

function own(name: string, config: Config): Record<string, string> {
  // The pages hand each caller's address on to api, which hears from them over loopback alone.
  if (name === 'api') return { TRUSTED_PROXIES: [...config.TRUSTED_PROXIES, '127.0.0.1'].join(',') }
  if (name === 'ui') return { ORIGIN: config.publicUrl, BODY_SIZE_LIMIT: '512M', SHUTDOWN_TIMEOUT: '5' }
  return {}
}
