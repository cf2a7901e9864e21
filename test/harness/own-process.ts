import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { freePorts } from '@tocsin/db/process'
import { until } from './until.ts'

const MAINS = { ingest: 'ingest/src/main.ts', engine: 'ingest/src/engine-main.ts' } as const

export interface OwnProcess {
  url: string
  pid: () => number
  /** kill -9, and the same again on the same port. Settles once it answers. */
  killAndRestart: () => Promise<void>
  stop: () => Promise<void>
}

/** One of our processes as the supervisor runs it, over this database; `env` adds variables. */
export async function startProcess(
  name: keyof typeof MAINS,
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<OwnProcess> {
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  const start = async () => {
    child = spawn(process.execPath, [fileURLToPath(new URL(`../../${MAINS[name]}`, import.meta.url))], {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        DATABASE_URL: databaseUrl,
        TOCSIN_SECRET: randomBytes(24).toString('hex'),
        TOCSIN_INTERNAL_TOKEN: randomBytes(24).toString('hex'),
        TOCSIN_LOG_LEVEL: 'error',
        ...env,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await until(async () => (await fetch(`${url}/readyz`)).ok, {
      deadline: 40_000,
      every: 50,
      what: `${name} is ready`,
    })
  }
  const end = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exit = new Promise((resolve) => child!.once('exit', resolve))
    child.kill(signal)
    await exit
  }
  await start()
  return {
    url,
    pid: () => child!.pid!,
    killAndRestart: async () => {
      await end('SIGKILL')
      await start()
    },
    stop: () => end('SIGTERM'),
  }
}
