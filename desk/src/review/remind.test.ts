import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nextReminder } from './remind.ts'

const DAY = 24 * 3_600_000
const at = (ms: number) => new Date(Date.UTC(2026, 0, 5) + ms)

it.each([
  ['a week after the last', 1000, 7],
  ['in the rhythm of the first, after a desk stood still', 20 * DAY, 21],
  ['strictly later', 7 * DAY, 14],
])('comes %s', (_name, now, days) => {
  expect(nextReminder(at(0), at(now))).toEqual(at(days * DAY))
})

it('is the first of the weeks that lies ahead', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * DAY }), (now) => {
      let week = at(0)
      while (week <= at(now)) week = new Date(week.getTime() + 7 * DAY)
      expect(nextReminder(at(0), at(now))).toEqual(week)
    }),
  )
})
