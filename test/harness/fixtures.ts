import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A folder of real messages or records outside this repository (`TOCSIN_FIXTURES`); undefined where absent. */
export function fixtures(name: string): string | undefined {
  const folder = resolve(root, process.env.TOCSIN_FIXTURES ?? '../shared', name)
  return existsSync(folder) ? folder : undefined
}
