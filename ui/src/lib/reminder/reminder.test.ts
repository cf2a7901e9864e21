import { expect, it } from 'vitest'
import { daysToMonday } from './reminder.ts'

it.each([
  ['Sunday', '2026-01-04T12:00Z', 1],
  ['Monday', '2026-01-05T12:00Z', 7],
  ['Tuesday', '2026-01-06T12:00Z', 6],
  ['Saturday', '2026-01-10T12:00Z', 2],
  ['Sunday in London, Monday in Auckland', '2026-01-04T20:00Z', 7],
])('%s', (_what, now, days) => {
  const zone = _what.includes('Auckland') ? 'Pacific/Auckland' : 'UTC'
  expect(daysToMonday(zone, Date.parse(now))).toBe(days)
})
