import { expect, test } from 'vitest'
import { writtenInstant } from './instant.ts'

test.each<[string, unknown, unknown]>([
  ['with UTC behind it', '2016-09-28 20:22:34 UTC', '2016-09-28T20:22:34Z'],
  ['with an offset behind it', '2016-09-28 20:22:34 +0200', '2016-09-28T20:22:34+0200'],
  ['as Go prints it', '2025-02-15 14:59:03.2665 +0000 UTC', '2025-02-15T14:59:03.2665+0000'],
  ['as Go prints its own', '2022-10-31 21:42:32 +0100 CET m=+20.6', '2022-10-31T21:42:32+0100'],
  ['as mail writes it, on a day that was another', 'Sat, 05 Jun 2016 15:10:09 GMT', '2016-06-05T15:10:09Z'],
  ['as date(1) writes it', 'Sat Oct  5 23:12:01 UTC 2024', '2024-10-05T23:12:01Z'],
  ['with dots in its date', '2025.08.20 17:45:41', '2025-08-20T15:45:41Z'],
  ['of an American desktop', '5/2/2026 1:07:55 PM (W. Europe Standard Time)', '2026-05-02T11:07:55Z'],
  ['at midnight there', '5/2/2026 12:07:55 AM', '2026-05-01T22:07:55Z'],
  ['in two halves and words', 'August 20, 2018 11:44 AM PDT', '2018-08-20T11:44:00-07:00'],
  ['of a day and a month in digits', '5/2/2026 13:07:55', '5/2/2026 13:07:55'],
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
