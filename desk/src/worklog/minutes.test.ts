import { expect, it } from 'vitest'
import { minutesOf } from './minutes.ts'

const start = new Date('2026-01-05T09:00:00Z')
const after = (ms: number) => minutesOf(start, new Date(start.getTime() + ms))

it.each([
  ['at once', 0, 1],
  ['a second', 1_000, 1],
  ['a whole minute', 60_000, 1],
  ['a minute and a bit', 60_001, 2],
  ['a day', 24 * 3_600_000, 1440],
  ['a clock that was forgotten', 72 * 3_600_000, 1440],
  ['a clock that was put back', -5_000, 1],
])('%s', (_what, ms, minutes) => {
  expect(after(ms)).toBe(minutes)
})
