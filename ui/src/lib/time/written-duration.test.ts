import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDuration, writtenDuration } from './written-duration.ts'

const minutes = (text: string) => (readDuration(text) ?? NaN) / 60_000

describe('a length of time as people write it', () => {
  test.each<[string, number]>([
    ['10m', 10],
    ['4h', 240],
    ['1d 2h', 1560],
    ['1d2h', 1560],
    ['1h30', 90],
    ['1h 30m', 90],
    ['1:30', 90],
    ['1.5h', 90],
    ['1,5 h', 90],
    [' 2 Hours, 5 min. ', 125],
    ['90s', 1.5],
    ['1w', 7 * 1440],
    ['2 j 3 heures', 2 * 1440 + 180],
    ['2g 1 ora', 2 * 1440 + 60],
    ['3 giorni', 3 * 1440],
    ['0m', 0],
  ])('%s', (text, expected) => expect(minutes(text)).toBe(expected))

  test.each([
    '',
    '4',
    '4 5',
    'h',
    '4x',
    '2h 1d',
    '1h 1h',
    '-1h',
    '1h-2h',
    '1h30 20',
    '4h!',
    '1e3h',
    '٣h',
    '1:75',
  ])('“%s” is none', (text) => expect(readDuration(text)).toBeNull())

  test('is read again as it was written, to the millisecond', () => {
    const length = fc.oneof(
      fc.integer({ min: 0, max: 400 * 86_400_000 }),
      fc.integer({ min: 0, max: 100_000 }).map((count) => count * 60_000),
    )
    fc.assert(
      fc.property(length, fc.constantFrom('en', 'fr', 'it'), fc.boolean(), (ms, locale, days) => {
        expect(readDuration(writtenDuration(ms, locale, days))).toBe(ms)
      }),
      { numRuns: 500, seed: 5 },
    )
  })

  test('days are written where a calendar never closes, and hours where it does', () => {
    expect(writtenDuration(26 * 3_600_000, 'en', true)).toBe('1d 2h')
    expect(writtenDuration(26 * 3_600_000, 'fr', true)).toBe('1j 2h')
    expect(writtenDuration(26 * 3_600_000, 'en', false)).toBe('26h')
    expect(writtenDuration(600_000, 'en', false)).toBe('10m')
  })
})
