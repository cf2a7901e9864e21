// How long `npm start` takes until the desk is ready, in a copy of this checkout that nobody has started yet: the
// first time, with the caches of npm and pnpm as they are, and the second.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, homedir, loadavg, tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freePorts } from '@tocsin/db/process'
import { tell } from './figures.ts'
import { cpuOf } from './processes.ts'

const LIMITS_S = { first: 30, second: 5 }
const root = fileURLToPath(new URL('../../', import.meta.url))
// What a clone would not bring.
const made = new Set(['node_modules', '.runtime', '.data', '.git', 'build', '.svelte-kit', 'paraglide'])

export async function benchStart(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-bench-start-'))
  try {
    await cp(root, folder, { recursive: true, filter: (path) => path === root || !made.has(basename(path)) })
    const first = await secondsToReady(folder)
    const kept = tell(
      { figure: 'first start, warm caches', ...first.took, most: LIMITS_S.first },
      first.detail,
    )
    const second = await secondsToReady(folder)
    return tell({ figure: 'second start', ...second.took, most: LIMITS_S.second }, second.detail) && kept
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** As somebody would who has Node and npm and nothing of ours. */
async function secondsToReady(folder: string) {
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
  let cpu = 0
  const lines = createInterface({ input: npm.stdout })
  lines.on('line', (line) => {
    if (!line.startsWith('Tocsin is ready at')) return
    took = performance.now() - began
    cpu = cpuOf(npm.pid!)
    npm.kill('SIGTERM')
  })
  await once(npm, 'close')
  if (took === undefined) throw new Error('The copy did not start.')
  return {
    took: { measured: Number((took / 1000).toFixed(1)), unit: 's' },
    // The floor of any machine with as many cores, and how busy this one was with other things.
    detail: `${(cpu / 1000).toFixed(0)} s of CPU on ${availableParallelism()} cores, load average ${loadavg()[0]!.toFixed(1)}`,
  }
}

if (import.meta.main) process.exitCode = (await benchStart()) ? 0 : 1
