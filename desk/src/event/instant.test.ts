import { expect, test } from 'vitest'
import { millisecondsOf, readInstant } from './instant.ts'

const now = new Date('2026-11-22T12:00:00Z')

test.each<[unknown, string | null | undefined]>([
  ['2026-03-02T04:11:09Z', '2026-03-02T04:11:09Z'],
  ['2026-03-02 04:11:09.5z', '2026-03-02T04:11:09.5Z'],
  ['2026-03-02T04:11:09.326990857Z', '2026-03-02T04:11:09.326990Z'],
  ['2026-03-02T00:11:09.1-05:00', '2026-03-02T05:11:09.1Z'],
  ['2026-03-02T00:11:09+0530', '2026-03-01T18:41:09Z'],
  ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
  ['2026-11-23T11:59:59Z', '2026-11-23T11:59:59Z'],
  ['0001-01-01T00:00:00Z', null],
  ['1970-01-01T00:00:00Z', null],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  [new Date('2026-11-24T00:00:00Z'), undefined],
  ['', null],
  [null, null],
  [undefined, null],
  ['2026-11-24T00:00:00Z', undefined],
  ['2025-02-29T00:00:00Z', undefined],
  ['2026-02-30T00:00:00Z', undefined],
  ['2026-01-01T24:00:00Z', undefined],
  ['2022-010-30T11:22:40Z', undefined],
  ['+294277-01-01T00:00:00Z', undefined],
  ['infinity', undefined],
  ['2026-03-02T04:11:09', undefined],
  [1_772_424_669, '2026-03-02T04:11:09.000Z'],
  [1_772, undefined],
])('%s is %s', (value, expected) => {
  expect(readInstant(value, now)).toBe(expected)
})

test('milliseconds are cut', () => {
  expect(millisecondsOf('2026-03-02T04:11:09.326990Z')).toBe(Date.parse('2026-03-02T04:11:09.326Z'))
  expect(millisecondsOf('2026-03-02T04:11:09.5Z')).toBe(Date.parse('2026-03-02T04:11:09.500Z'))
  expect(millisecondsOf('2026-03-02T04:11:09Z')).toBe(Date.parse('2026-03-02T04:11:09Z'))
})
