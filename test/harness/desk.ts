import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freePorts } from '@tocsin/db/process'

export type RunningDesk = {
  app: string
  ingest: string
  dataFolder: string
  supervisor: ChildProcess
  /** Every line printed so far. */
  lines: string[]
  /** Stops it as Ctrl-C would; the data folder stays. */
  stop: () => Promise<void>
  /** Stops it and removes its data. */
  remove: () => Promise<void>
}

const main = fileURLToPath(new URL('../../scripts/supervisor/main.ts', import.meta.url))

/**
 * The whole product as `npm start` runs it, on ports and a data folder of its own, once it is ready.
 * Empty unless `demo`; `env` adds environment variables, `dataFolder` continues on an earlier one's data.
 */
export async function startDesk(
  options: { demo?: boolean; env?: Record<string, string>; dataFolder?: string; deadline?: number } = {},
): Promise<RunningDesk> {
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'tocsin-test-desk-')))
  const [port, ingestPort] = await freePorts(2)
  const watch = new URL('../../scripts/supervisor/watch-parent.ts', import.meta.url)
  watch.searchParams.set('parent', String(process.pid))
  const supervisor = spawn(
    process.execPath,
    ['--import', watch.href, main, ...(options.demo ? [] : ['--empty'])],
    {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        TOCSIN_DATA: dataFolder,
        TOCSIN_PORT: String(port),
        TOCSIN_INGEST_PORT: String(ingestPort),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const lines: string[] = []
  const ended = new Promise<void>((resolve) => supervisor.once('exit', () => resolve()))
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: supervisor.stdout }).on('line', (line) => {
      lines.push(line)
      if (line.startsWith('Tocsin is ready at ')) resolve()
    })
    createInterface({ input: supervisor.stderr }).on('line', (line) => lines.push(line))
  })
  const stop = async () => {
    if (supervisor.exitCode === null && supervisor.signalCode === null) supervisor.kill('SIGTERM')
    await ended
  }
  const remove = async () => {
    await stop()
    await rm(dataFolder, { recursive: true, force: true })
  }
  await Promise.race([ready, failsAt(ended, options.deadline ?? 60_000)]).catch(async (error: unknown) => {
    await stop()
    throw new Error(`The desk did not start.\n${lines.slice(-40).join('\n')}`, { cause: error })
  })
  const [app, ingest] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${ingestPort}`]
  return { app, ingest, dataFolder, supervisor, lines, stop, remove }
}

async function failsAt(ended: Promise<void>, deadline: number): Promise<never> {
  const late = new Promise<string>((resolve) =>
    setTimeout(resolve, deadline, `not ready in ${deadline} ms`).unref(),
  )
  throw new Error(await Promise.race([ended.then(() => 'it ended'), late]))
}
