import { expect, test } from 'vitest'
import { writtenInstant } from './instant.ts'

test.each<[string, unknown, unknown]>([
  ['with UTC behind it', '2016-09-28 20:22:34 UTC', '2016-09-28T20:22:34Z'],
  ['with an offset behind it', '2016-09-28 20:22:34 +0200', '2016-09-28T20:22:34+0200'],
  ['as mail writes it, on a day that was another', 'Sat, 05 Jun 2016 15:10:09 GMT', '2016-06-05T15:10:09Z'],
  ['without a zone, in winter', '2026-01-15 08:00:00', '2026-01-15T07:00:00Z'],
  ['without a zone, in summer', '2026-07-15T08:00:00.25', '2026-07-15T06:00:00.25Z'],
  ['a zone that many share', '2026-01-15 08:00:00 CST', '2026-01-15 08:00:00 CST'],
  ['a day that never was', '2026-02-30 08:00:00', '2026-02-30 08:00:00'],
  ['RFC 3339', '2026-01-15T08:00:00Z', '2026-01-15T08:00:00Z'],
  ['a number', 1768464000, 1768464000],
  ['words', 'yesterday', 'yesterday'],
  ['nothing', null, null],
])('a time %s', (_name, written, expected) => {
  expect(writtenInstant(written, 'Europe/Rome')).toBe(expected)
})
