import { spawnSync } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { serverUser } from './binaries.ts'

export const ownerName = 'tocsin'

/**
 * How the data folder is named to PostgreSQL. As `nobody` it may be unable to walk there by name (/root is
 * 0700), but the folder that it was started in needs no walking.
 */
export function dataArgument(data: string): string {
  return serverUser && process.platform === 'linux' ? '/proc/self/cwd' : data
}

/** Makes `dir/data` a cluster if it is none yet, and returns the owner's password kept beside it. */
export function ensureCluster(bin: string, dir: string): { data: string; password: string } {
  const data = join(dir, 'data')
  const passwordFile = join(dir, 'password')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  own(dir)
  if (!existsSync(data)) {
    writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
    own(passwordFile)
    initialise(bin, dir, data)
  }
  chmodSync(passwordFile, 0o600)
  return { data, password: readFileSync(passwordFile, 'utf8').trim() }
}

/** The service role's password follows from the owner's, and not the other way round: one secret to keep. */
export function servicePassword(ownerPassword: string): string {
  return createHmac('sha256', ownerPassword).update('tocsin_app').digest('base64url')
}

/**
 * A pid file left by kill -9 may name a pid that some other program has by now, which PostgreSQL would take
 * for a running server and refuse to start beside it. Where the system can tell us so, we remove the file.
 */
export function forgetStalePid(data: string): void {
  const pidFile = join(data, 'postmaster.pid')
  if (process.platform !== 'linux' || !existsSync(pidFile)) return
  const pid = readFileSync(pidFile, 'utf8').split('\n', 1)[0]
  if (workingFolder(pid) !== realpathSync(data)) rmSync(pidFile, { force: true })
}

function workingFolder(pid: string | undefined): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

/** Initialised beside and renamed when whole, so that a kill in between leaves no half cluster. */
function initialise(bin: string, dir: string, data: string): void {
  const half = join(dir, 'data.new')
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { mode: 0o700 })
  own(half)
  const args = ['-D', dataArgument(half), '--pwfile=../password', `--username=${ownerName}`]
  args.push('--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-instructions')
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8')
  const options = { cwd: half, env: serverEnvironment, encoding: 'utf8', ...serverUser } as const
  const run = spawnSync(join(bin, 'initdb'), args, options)
  if (run.status !== 0) throw new Error(`initdb failed: ${run.stderr || run.error?.message}`)
  renameSync(half, data)
}

export const serverEnvironment = { LC_ALL: 'C', TZ: 'UTC' }

function own(path: string): void {
  if (serverUser) chownSync(path, serverUser.uid, serverUser.gid)
}
