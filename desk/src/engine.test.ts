import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as desk from './index.ts'

const source = readFileSync(new URL('./engine.ts', import.meta.url), 'utf8')

it('runs every sweep that the desk has', () => {
  const sweeps = Object.keys(desk).filter((name) => /^sweep[A-Z]/.test(name))
  expect(sweeps.length).toBeGreaterThan(20)
  expect(sweeps.filter((name) => !source.includes(`${name}(`))).toEqual([])
})
