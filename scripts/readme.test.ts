import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { variables } from '@tocsin/db/process'
import { expect, it } from 'vitest'

const root = new URL('../', import.meta.url)
const readme = readFileSync(new URL('README.md', root), 'utf8')
const rows = [...readme.matchAll(/^\| `([A-Z_]+)` +\| ([^|]*)\|/gm)].map(([, name, shown]) => ({
  name: name!,
  shown: shown!.trim().replaceAll('`', ''),
}))

it('names every environment variable once, in the order of the code', () => {
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(variables))
})

it.each(rows)('shows the default of $name', ({ name, shown }) => {
  const { data } = variables[name as keyof typeof variables].safeParse(undefined)
  if (data === undefined || Array.isArray(data)) expect(shown).not.toMatch(/^[0-9.]+$/)
  else expect(shown).toBe(name === 'TOCSIN_DATA' ? relative(fileURLToPath(root), String(data)) : String(data))
})

it('links to nothing that is not there', () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path!)
  expect(links.filter((path) => !existsSync(new URL(path, root)))).toEqual([])
})
