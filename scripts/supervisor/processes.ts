import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { freePorts } from '@tocsin/db/process/free-port'
import { type Config, reachable } from './config.ts'

export type Process = {
  name: string
  /** Absolute path of its main module. */
  main: string
  /** How V8 keeps its heap. */
  flags: string[]
  env: Record<string, string | undefined>
  /** Where its `/readyz` answers. */
  url: string
}

// Where nothing is hot, V8 gives back what it does not use, rather than after minutes: 110 MB over three processes,
// most of it what the first copy of the figures left. The hot ones get a young generation below V8's own 16 MB.
const small = ['--max-semi-space-size=2', '--optimize-for-size']
const table = [
  { name: 'engine', main: 'ingest/src/engine-main.ts', flags: ['--max-semi-space-size=4'] },
  {
    name: 'ingest',
    main: 'ingest/src/main.ts',
    flags: ['--max-semi-space-size=8'],
    port: 'TOCSIN_INGEST_PORT',
  },
  { name: 'api', main: 'api/src/main.ts', flags: small },
  { name: 'analytics', main: 'analytics/src/main.ts', flags: small },
  { name: 'ui', main: 'ui/build/index.js', flags: small, port: 'TOCSIN_PORT' },
] as const

const root = new URL('../../', import.meta.url)

/** What runs, with the environment by which the processes find the stores and each other. */
export async function planProcesses(
  config: Config,
  stores: { databaseUrl: string; secret: string },
): Promise<Process[]> {
  const loopback = await freePorts(table.length)
  const places = table.map(({ name, main, flags, ...outside }, index) => {
    const open = 'port' in outside
    const host = open ? config.TOCSIN_HOST : '127.0.0.1'
    const port = open ? config[outside.port] : loopback[index]
    return {
      name,
      flags: [...flags],
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
