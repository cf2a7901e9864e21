import { expect, test } from 'vitest'
import { addDays, dateIn, instantOf, wallTime } from './zone.ts'

test.each([
  ['2026-11-22T09:00', 'Europe/Rome', '2026-11-22T08:00:00.000Z'],
  ['2026-07-01', 'Europe/Rome', '2026-06-30T22:00:00.000Z'],
  ['2026-03-29T02:30', 'Europe/Rome', '2026-03-29T01:30:00.000Z'],
  ['2026-11-22T09:00', 'Pacific/Kiritimati', '2026-11-21T19:00:00.000Z'],
  ['2026-11-01T12:00', 'America/New_York', '2026-11-01T17:00:00.000Z'],
])('%s in %s is %s', (wall, zone, instant) => {
  expect(new Date(instantOf(wall, zone)).toISOString()).toBe(instant)
})

test('wall times come back as they were', () => {
  const instant = Date.parse('2026-11-22T23:30:00Z')
  expect(wallTime(instant, 'Europe/Rome')).toBe('2026-11-23T00:30')
  expect(dateIn(instant, 'UTC')).toBe('2026-11-22')
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
})
