import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import type { Logger } from 'pino'
import { findBinaries, serverUser } from './embedded/binaries.ts'
import {
  dataArgument,
  ensureCluster,
  forgetStalePid,
  ownerName,
  serverEnvironment,
  servicePassword,
} from './embedded/cluster.ts'
import { freePorts } from './process/free-port.ts'
import { serviceUrlOf } from './service-role.ts'

export { runningPostgres } from './embedded/running.ts'

export type EmbeddedPostgres = {
  /** Connects as the service role, which cannot rewrite the record; `migrate` lets it in. */
  url: string
  /** Connects as the owner of everything, for migrations. */
  ownerUrl: string
  port: number
  pid: number
  /** Settles when the server has gone, however it went. */
  exited: Promise<void>
  stop: () => Promise<void>
}

// After kill -9 the old server's backends need a moment to notice, and recovery needs its time.
const startDeadlineMs = 60_000

/**
 * Starts a real PostgreSQL over the cluster in `dir`, made there when absent, on a loopback port.
 * Survives a previous kill -9. `port` keeps the same one over a restart; `settings` adds server parameters.
 */
export async function startEmbeddedPostgres(options: {
  dir: string
  log: Logger
  port?: number
  settings?: Record<string, string>
}): Promise<EmbeddedPostgres> {
  const { dir, log } = options
  const bin = await findBinaries()
  const { data, password } = ensureCluster(bin, dir)
  const deadline = Date.now() + startDeadlineMs
  for (let attempt = 1; ; attempt += 1) {
    forgetStalePid(data)
    // A start that loses its free port to someone else tries another.
    const [port = 0] = options.port ? [options.port] : await freePorts(1)
    const ownerUrl = `postgres://${ownerName}:${password}@127.0.0.1:${port}/tocsin`
    const server = launch(bin, data, { ...defaults, ...options.settings, port: String(port) }, log)
    if (await accepts(server, ownerUrl)) {
      await ensureDatabase(ownerUrl)
      const { pid, exited, stop } = server
      return { url: serviceUrlOf(ownerUrl, servicePassword(password)), ownerUrl, port, pid, exited, stop }
    }
    const words = server.lastWords.join('\n')
    if (Date.now() > deadline) throw new Error(`PostgreSQL does not start in ${dir}:\n${words}`)
    if (attempt === 1) log.info({ reason: words }, 'PostgreSQL cannot start yet, trying again')
    await pause(300)
  }
}

const defaults = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  // Our queries are short: compiling one costs more than running it.
  jit: 'off',
  // What is read is mostly in the system's cache already: handing each page to a worker took twice as long.
  io_method: 'sync',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: '',
}

type Server = Pick<EmbeddedPostgres, 'pid' | 'exited' | 'stop'> & { lastWords: string[] }

function launch(bin: string, data: string, settings: Record<string, string>, log: Logger): Server {
  const args = ['-D', dataArgument(data)]
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`)
  // Detached: a Ctrl-C in the terminal is for us, who stop the server after its clients.
  const options = { cwd: data, env: serverEnvironment, detached: true, ...serverUser } as const
  const child = spawn(join(bin, 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', (error) => {
      log.error({ err: error }, 'PostgreSQL cannot be executed')
      resolve()
    })
  })
  const lastWords: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (lastWords.push(line) > 5) lastWords.shift()
    logLine(line, log)
  })
  const pid = child.pid ?? 0
  const guard = pid > 0 ? guardAgainstOurDeath(pid) : undefined
  void exited.then(() => guard?.kill('SIGKILL'))
  return { pid, exited, lastWords, stop: () => stop(child, exited) }
}

/**
 * PostgreSQL does not watch its parent. A small shell does: it holds the reading end of a pipe from us, and
 * when we are gone, by whatever signal, it asks the server for a fast shutdown.
 */
function guardAgainstOurDeath(pid: number): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$0"', String(pid)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    ...serverUser,
  })
  guard.on('error', () => guard.stdin?.destroy())
  guard.stdin?.on('error', () => guard.stdin?.destroy())
  return guard
}

async function stop(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.kill('SIGINT')
  const slow = setTimeout(() => child.kill('SIGQUIT'), 8_000)
  await exited
  clearTimeout(slow)
}

function logLine(line: string, log: Logger): void {
  const [, level = 'LOG', text = line] =
    /^(LOG|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|STATEMENT):\s+(.*)$/.exec(line) ?? []
  // A FATAL ends one connection or one start, and reaches whoever asked for it.
  if (level === 'PANIC') log.error(text)
  else if (level === 'WARNING') log.warn(text)
  else log.debug(text)
}

/** True once a client gets in; false when the server has exited instead (refused, or still in use). */
async function accepts(server: Server, ownerUrl: string): Promise<boolean> {
  const fate = { gone: false }
  void server.exited.then(() => (fate.gone = true))
  const maintenance = ownerUrl.replace(/\/tocsin$/, '/postgres')
  while (!fate.gone) {
    const client = new Client({ connectionString: maintenance, connectionTimeoutMillis: 2_000 })
    client.on('error', () => undefined)
    const connected = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => undefined)
    if (connected) return true
    await pause(50)
  }
  return false
}

async function ensureDatabase(ownerUrl: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl.replace(/\/tocsin$/, '/postgres') })
  await client.connect()
  try {
    const found = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'tocsin'`)
    if (found.rowCount === 0) await client.query('CREATE DATABASE tocsin')
  } finally {
    await client.end()
  }
}
