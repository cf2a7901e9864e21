// How long `npm start` takes until the desk is ready, in a copy of this checkout that nobody has started yet: the
// first time, with the caches of npm and pnpm as they are, and the second.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { homedir, loadavg, tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freePorts } from '@tocsin/db/process'
import { tell } from './figures.ts'

const LIMITS_S = { first: 30, second: 5 }
const root = fileURLToPath(new URL('../../', import.meta.url))
// What a clone would not bring.
const made = new Set(['node_modules', '.runtime', '.data', '.git', 'build', '.svelte-kit', 'paraglide'])

export async function benchStart(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-start-'))
  try {
    await cp(root, folder, { recursive: true, filter: (path) => path === root || !made.has(basename(path)) })
    const first = await secondsToReady(folder)
    const second = await secondsToReady(folder)
    const load = `load average ${loadavg()[0]!.toFixed(1)} afterwards`
    const kept = tell(
      { figure: 'first start, warm caches', measured: first, unit: 's', most: LIMITS_S.first },
      load,
    )
    return tell({ figure: 'second start', measured: second, unit: 's', most: LIMITS_S.second }) && kept
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** As somebody would who has Node and npm and nothing of ours. */
async function secondsToReady(folder: string): Promise<number> {
  const [port, ingestPort] = await freePorts(2)
  const ours = dirname(process.execPath)
  const began = performance.now()
  const npm = spawn('npm', ['start'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH?.split(delimiter)
        .filter((path) => path !== ours || !ours.includes('.runtime'))
        .join(delimiter),
      HOME: homedir(),
      TOCSIN_PORT: String(port),
      TOCSIN_INGEST_PORT: String(ingestPort),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let took: number | undefined
  const lines = createInterface({ input: npm.stdout })
  lines.on('line', (line) => {
    if (!line.startsWith('Tocsin is ready at')) return
    took = performance.now() - began
    npm.kill('SIGTERM')
  })
  await once(npm, 'close')
  if (took === undefined) throw new Error('The copy did not start.')
  return Number((took / 1000).toFixed(1))
}

if (import.meta.main) process.exitCode = (await benchStart()) ? 0 : 1
