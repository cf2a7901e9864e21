import { describe, expect, it } from 'vitest'
import { DateEvidence, formsOf } from './date-evidence.ts'
import { compilePattern } from './date-pattern.ts'
import { withoutOffset } from './date-shape.ts'

const shown = (texts: string[], say?: 'day' | 'month') => {
  const evidence = new DateEvidence(1)
  for (const text of texts) evidence.add([text])
  return formsOf(evidence.found(), new Set([0]), say)
}
/** What the forms that a file shows read out of one of its dates. */
const wall = (text: string, beside: string[] = []) => {
  const { patterns } = shown([text, ...beside])
  const walls = patterns.map((pattern) => compilePattern(pattern)(withoutOffset(text).text))
  const found = walls.find((one) => one !== undefined)
  return found === undefined ? undefined : new Date(found).toISOString().slice(0, 19)
}

describe('dates of a file', () => {
  it.each([
    ['29/2/2016 01:16', '2016-02-29T01:16:00'],
    ['12/Mar/24 3:04 PM', '2024-03-12T15:04:00'],
    ['03/14/2024 02:05:09 PM', '2024-03-14T14:05:09'],
    ['13.04.2024 15:04', '2024-04-13T15:04:00'],
    ['2024/03/12 9:05', '2024-03-12T09:05:00'],
    ['2024-03-12 9:05', '2024-03-12T09:05:00'],
    ['12 mars 2024 15:04', '2024-03-12T15:04:00'],
    ['12 juil. 2024 à 15:04', '2024-07-12T15:04:00'],
    ['1 février 2024', '2024-02-01T00:00:00'],
    ['12 giugno 2024 alle 09:30', '2024-06-12T09:30:00'],
    ['Sep 1, 2024, 4:00 PM', '2024-09-01T16:00:00'],
    ['Tue, 12 Mar 2024 09:05:00 +0100', '2024-03-12T09:05:00'],
    ['12. März 2024, 15:04', '2024-03-12T15:04:00'],
    ['45363.5', '2024-03-12T12:00:00'],
    ['1710255840', '2024-03-12T15:04:00'],
    ['1710255840.25', '2024-03-12T15:04:00'],
    ['45363,5', '2024-03-12T12:00:00'],
    ['13/03/2024 15.04', '2024-03-13T15:04:00'],
    ['13/03/2024 15.04.09', '2024-03-13T15:04:09'],
    ['13/3/2024 3:04 p. m.', '2024-03-13T15:04:00'],
    ['13/03/2024 15:04 (UTC+1)', '2024-03-13T15:04:00'],
    ['2024-03-12 15:04:05+01', '2024-03-12T15:04:05'],
    ['Fri Jan  2 15:04:05 2024', '2024-01-02T15:04:05'],
    ['Fri Jan 12 15:04:05 2024', '2024-01-12T15:04:05'],
    ['20240312', '2024-03-12T00:00:00'],
    ['20240312150405', '2024-03-12T15:04:05'],
    ['20240312T150405Z', '2024-03-12T15:04:05'],
  ])('%s', (text, instant) => expect(wall(text)).toBe(instant))

  it.each(['Printer 12', 'v1.2.3', '10.0.0.12', 'INC0012', '2024', '12:30', ''])('%s is none', (text) =>
    expect(shown([text]).patterns).toEqual([]),
  )

  it('one day above the twelfth tells the order of all', () => {
    expect(wall('03/04/2024 10:00', ['25/04/2024 10:00'])).toBe('2024-04-03T10:00:00')
    expect(wall('03/04/2024 10:00', ['04/25/2024 10:00'])).toBe('2024-03-04T10:00:00')
    expect(shown(['03/04/2024', '25/04/2024']).question).toBeNull()
  })

  it('where none does it is asked, and hours to twelve are a hint', () => {
    expect(shown(['03/04/2024 10:00'])).toEqual({
      patterns: ['d/M/yyyy H:mm'],
      question: { example: '03/04/2024 10:00', taken: 'day' },
    })
    expect(shown(['03/04/2024 10:00 AM']).question?.taken).toBe('month')
    expect(shown(['03/04/2024'], 'month')).toEqual({ patterns: ['M/d/yyyy'], question: null })
    expect(shown(['03.04.2024']).question).toBeNull()
  })

  it('what a file shows holds against what is said', () =>
    expect(shown(['25/04/2024'], 'month').patterns).toEqual(['d/M/yyyy']))

  it('numbers are dates only where there is nothing else', () =>
    expect(['45363', '20240312'].map((text) => shown([text, 'Printer']).patterns)).toEqual([[], []]))
})
