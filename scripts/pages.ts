import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const ui = join(root, 'ui')
// Written last, so that a build which was cut off is none.
const stamp = join(ui, 'build/.complete')
const generated = new Set(['node_modules', 'build', '.svelte-kit', 'paraglide'])

/**
 * Builds the pages when their build is older than anything they are made of.
 * Throws with the builder's own words when it fails; `signal` ends it.
 */
export async function providePages(signal?: AbortSignal): Promise<void> {
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newestUnder(ui)) return
  process.stdout.write('Building the pages …\n')
  rmSync(join(ui, 'build'), { recursive: true, force: true })
  const watch = new URL('./supervisor/watch-parent.ts', import.meta.url)
  watch.searchParams.set('parent', String(process.pid))
  // A large nursery spares the collector a sixth of the build.
  const flags = ['--max-semi-space-size=64', '--import', watch.href]
  const vite = spawn(process.execPath, [...flags, 'node_modules/vite/bin/vite.js', 'build'], {
    cwd: ui,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  const [[code], said, complained] = await Promise.all([
    once(vite, 'close') as Promise<[number | null]>,
    text(vite.stdout),
    text(vite.stderr),
  ])
  if (code !== 0) throw new Error(`${said}\n${complained}\nThe pages could not be built.`)
  writeFileSync(stamp, '')
}

function newestUnder(folder: string): number {
  let newest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (generated.has(entry.name)) continue
    const path = join(folder, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestUnder(path) : statSync(path).mtimeMs)
  }
  return newest
}

if (import.meta.main) await providePages()
