import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { durationWords, relativeWords, workingWords } from './relative.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const now = Date.UTC(2026, 10, 22, 12)

describe('a relative time', () => {
  test.each([
    [0, 'now'],
    [-20_000, 'now'],
    [-50_000, '1 min. ago'],
    [-5 * minute, '5 min. ago'],
    [3 * hour + 59 * minute, 'in 3 hr.'],
    [-day, 'yesterday'],
    [-40 * day, 'last mo.'],
    [-800 * day, '2 yr. ago'],
  ])('%i ms away reads %s', (distance, words) => {
    expect(relativeWords(now + distance, now, 'en')).toBe(words)
  })

  test('speaks French and Italian', () => {
    expect(relativeWords(now - day, now, 'fr')).toBe('hier')
    expect(relativeWords(now + 3 * hour, now, 'it')).toBe('tra 3 h')
  })

  test('never says that the past is ahead', () => {
    fc.assert(
      fc.property(fc.integer({ min: minute, max: 900 * day }), (distance) => {
        expect(relativeWords(now - distance, now, 'en')).not.toContain('in ')
        expect(relativeWords(now + distance, now, 'en')).not.toContain('ago')
      }),
      { seed: 7 },
    )
  })
})

describe('working time in words', () => {
  test.each([
    [90_000, '1 min'],
    [8 * hour, '8 h'],
    [28 * hour, '28 h'],
    [-25 * hour - 30 * minute, '25 h 30 min'],
    [350 * hour + 59 * minute, '350 h'],
  ])('%i ms read %s: it has no days', (ms, words) => {
    expect(workingWords(ms)).toBe(words)
  })
})

describe('a duration in words', () => {
  test.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [hour - 1, '59 min'],
    [2 * hour, '2 h'],
    [-(2 * hour + 5 * minute), '2 h 5 min'],
    [day + 3 * hour, '1 d 3 h'],
    [400 * day, '400 d'],
  ])('%i ms reads %s', (ms, words) => {
    expect(durationWords(ms)).toBe(words)
  })

  test('uses the days of each language', () => {
    expect([durationWords(2 * day, 'fr'), durationWords(2 * day, 'it')]).toEqual(['2 j', '2 g'])
  })
})
