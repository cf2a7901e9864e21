import { expect, test } from 'vitest'
import { repeatWords, ruleOf } from './recurrence.ts'

const rule = (repeat: Parameters<typeof ruleOf>[0], start = '2026-11-22T22:00', lastDay = '2026-12-31') =>
  ruleOf(repeat, start, lastDay, 'Europe/Rome')

test('a simple choice is a rule that ends with the last day, in the zone', () => {
  expect(rule('daily')).toBe('FREQ=DAILY;UNTIL=20261231T225900Z')
  expect(rule('weekdays')).toBe('FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261231T225900Z')
  expect(rule('weekly')).toBe('FREQ=WEEKLY;BYDAY=SU;UNTIL=20261231T225900Z')
  expect(rule('monthly')).toBe('FREQ=MONTHLY;BYDAY=4SU;UNTIL=20261231T225900Z')
  expect(rule('monthly', '2026-11-02T22:00', '2027-07-01')).toBe(
    'FREQ=MONTHLY;BYDAY=1MO;UNTIL=20270701T215900Z',
  )
})

test('the fifth weekday of a month is its last', () => {
  expect(rule('monthly', '2026-11-29T22:00')).toBe('FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20261231T225900Z')
})

test('without a last day it has no end, which nobody takes for “once”', () => {
  expect(rule('weekly', '2026-11-22T22:00', '')).toBe('FREQ=WEEKLY;BYDAY=SU')
})

test('once, or by a rule of their own, it is none', () => {
  expect(rule('once')).toBeNull()
  expect(rule('own')).toBeNull()
})

test.each([
  ['FREQ=DAILY;UNTIL=20261231T225900Z', 'Every day'],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=8', 'Monday to Friday'],
  ['FREQ=WEEKLY;BYDAY=SU;COUNT=8', 'Every Sunday'],
  ['FREQ=MONTHLY;BYDAY=2TU;UNTIL=20261231T225900Z', 'Every month, on the second Tuesday'],
  ['FREQ=MONTHLY;BYDAY=-1TU;UNTIL=20261231T225900Z', 'Every month, on the last Tuesday'],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;COUNT=8', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;COUNT=8'],
  ['FREQ=YEARLY;COUNT=2', 'FREQ=YEARLY;COUNT=2'],
])('%s is told as “%s”', (rule, words) => {
  expect(repeatWords(rule, 'en')).toBe(words)
})
