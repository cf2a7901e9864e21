import { describe, expect, it } from 'vitest'
import { isZone, periodBefore, readInstant, slicesOf } from './period.ts'

const rome = 'Europe/Rome'
const at = (text: string) => new Date(text)
const span = (from: string, to: string) => ({ from: readInstant(from, rome), to: readInstant(to, rome) })

describe('a period', () => {
  it.each([
    ['2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', '2026-03-29T22:00:00.000Z'],
    ['2026-10', '2026-09-30T22:00:00.000Z'],
    ['2026-10-25T02:30:00+01:00', '2026-10-25T01:30:00.000Z'],
  ])('%s begins in Rome at %s', (text, instant) => {
    expect(readInstant(text, rome).toISOString()).toBe(instant)
  })

  it.each(['yesterday', '2026-13-01', '2026-02-30', '29.3.2026', ''])('“%s” is none', (text) => {
    expect(() => readInstant(text, rome)).toThrow(RangeError)
  })

  it('has days of 23 and 25 hours where the clocks change', () => {
    const hours = (period: { from: Date; to: Date }) => (+period.to - +period.from) / 3_600_000
    expect(slicesOf(span('2026-03-28', '2026-03-31'), 'day', rome).map(hours)).toEqual([24, 23, 24])
    expect(slicesOf(span('2026-10-24', '2026-10-27'), 'day', rome).map(hours)).toEqual([24, 25, 24])
  })

  it('is cut at its ends, not before', () => {
    const slices = slicesOf(
      { from: at('2026-10-14T09:30:00Z'), to: at('2026-10-27T00:00:00Z') },
      'week',
      rome,
    )
    expect(slices.map(({ key, from, to }) => [key, from.toISOString(), to.toISOString()])).toEqual([
      ['2026-10-12', '2026-10-14T09:30:00.000Z', '2026-10-18T22:00:00.000Z'],
      ['2026-10-19', '2026-10-18T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
      ['2026-10-26', '2026-10-25T23:00:00.000Z', '2026-10-27T00:00:00.000Z'],
    ])
  })

  it('skips the day that Apia skipped', () => {
    const period = { from: at('2011-12-29T10:00:00Z'), to: at('2012-01-01T10:00:00Z') }
    expect(slicesOf(period, 'day', 'Pacific/Apia').map(({ key }) => key)).toEqual([
      '2011-12-29',
      '2011-12-31',
      '2012-01-01',
    ])
  })

  it('of too many points is refused in words', () => {
    expect(() => slicesOf(span('2000-01-01', '2026-01-01'), 'day', rome)).toThrow(/more than 1100 points/)
  })
})

describe('the period before', () => {
  const later = at('2030-01-01T00:00:00Z')
  it.each([
    ['a month', '2026-03', '2026-04', '2026-02', '2026-03'],
    ['a quarter over the change of the clocks', '2026-04', '2026-07', '2026-01', '2026-04'],
    ['a week with a day of 25 hours', '2026-10-19', '2026-10-26', '2026-10-12', '2026-10-19'],
    ['a day after one of 23 hours', '2026-03-30', '2026-03-31', '2026-03-29', '2026-03-30'],
  ])('%s: the same in the calendar', (_what, from, to, earlierFrom, earlierTo) => {
    expect(periodBefore(span(from, to), later, rome)).toEqual(span(earlierFrom, earlierTo))
  })

  it('any other: the same length', () => {
    const asked = { from: at('2026-03-29T00:10:00Z'), to: at('2026-03-29T06:10:00Z') }
    expect(periodBefore(asked, later, rome)).toEqual({ from: at('2026-03-28T18:10:00Z'), to: asked.from })
  })

  it('a month that still runs: as much of the one before', () => {
    const { from, to } = periodBefore(span('2026-11', '2026-12'), readInstant('2026-11-22', rome), rome)
    expect([from, to]).toEqual([readInstant('2026-10', rome), readInstant('2026-10-22', rome)])
  })
})

it.each([
  ['Europe/Rome', true],
  ['UTC', true],
  ['+02:00', false],
  ['Mars/Olympus', false],
  ["UTC'; drop table ticket_fact", false],
])('%s is a zone: %s', (name, is) => {
  expect(isZone(name)).toBe(is)
})
