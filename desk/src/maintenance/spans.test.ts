import { describe, expect, test } from 'vitest'
import { spansBefore, spansOf } from './spans.ts'

const window = (over: Partial<Parameters<typeof spansOf>[0]> = {}) => ({
  starts_at: new Date('2026-03-27T21:00:00Z'),
  ends_at: new Date('2026-03-27T23:00:00Z'),
  zone: 'Europe/Rome',
  rrule: null,
  ...over,
})
const told = (over: Parameters<typeof window>[0]) =>
  spansOf(window(over)).map(({ startsAt, endsAt }) => [
    new Date(startsAt).toISOString().slice(0, 16),
    new Date(endsAt).toISOString().slice(0, 16),
  ])

describe('the spans of a window', () => {
  test('once', () => {
    expect(told({})).toEqual([['2026-03-27T21:00', '2026-03-27T23:00']])
  })

  test('a recurring one keeps its wall time when the clocks change', () => {
    expect(told({ rrule: 'FREQ=DAILY;COUNT=4' })).toEqual([
      ['2026-03-27T21:00', '2026-03-27T23:00'],
      ['2026-03-28T21:00', '2026-03-28T23:00'],
      ['2026-03-29T20:00', '2026-03-29T22:00'],
      ['2026-03-30T20:00', '2026-03-30T22:00'],
    ])
  })

  test('one whose time a spring night skips comes as much later', () => {
    const starts_at = new Date('2026-03-28T01:30:00Z')
    const ends_at = new Date('2026-03-28T02:30:00Z')
    expect(told({ starts_at, ends_at, rrule: 'FREQ=DAILY;COUNT=3' })).toEqual([
      ['2026-03-28T01:30', '2026-03-28T02:30'],
      ['2026-03-29T01:30', '2026-03-29T02:30'],
      ['2026-03-30T00:30', '2026-03-30T01:30'],
    ])
  })

  test('one by the hour misses none of an autumn night', () => {
    const starts_at = new Date('2026-10-24T23:00:00Z')
    const ends_at = new Date('2026-10-24T23:10:00Z')
    expect(
      told({ starts_at, ends_at, rrule: 'FREQ=HOURLY;UNTIL=20261025T020000Z' }).map(([start]) => start),
    ).toEqual(['2026-10-24T23:00', '2026-10-25T00:00', '2026-10-25T01:00', '2026-10-25T02:00'])
  })

  test('the last working day of each month, on both sides of the change of the clocks', () => {
    const starts_at = new Date('2026-01-30T21:00:00Z')
    const ends_at = new Date('2026-01-30T22:00:00Z')
    const rrule = 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3'
    expect(told({ starts_at, ends_at, rrule }).map(([start]) => start)).toEqual([
      '2026-01-30T21:00',
      '2026-02-27T21:00',
      '2026-03-31T20:00',
    ])
  })

  test('the second Sunday of each month', () => {
    const starts_at = new Date('2026-01-11T01:00:00Z')
    const ends_at = new Date('2026-01-11T03:00:00Z')
    expect(told({ starts_at, ends_at, rrule: 'FREQ=MONTHLY;BYDAY=2SU;UNTIL=20260401T000000Z' })).toEqual([
      ['2026-01-11T01:00', '2026-01-11T03:00'],
      ['2026-02-08T01:00', '2026-02-08T03:00'],
      ['2026-03-08T01:00', '2026-03-08T03:00'],
    ])
  })

  test.each([
    ['it never ends', { rrule: 'FREQ=DAILY' }, 'rrule'],
    ['no rule at all', { rrule: 'every Sunday;COUNT=2' }, 'rrule'],
    ['every second', { rrule: 'FREQ=SECONDLY;COUNT=5' }, 'rrule'],
    ['too often', { rrule: 'FREQ=DAILY;COUNT=500' }, 'rrule'],
    ['over years', { rrule: 'FREQ=YEARLY;COUNT=9' }, 'rrule'],
    ['over itself', { rrule: 'FREQ=HOURLY;COUNT=3' }, 'rrule'],
    ['it ends before it starts', { ends_at: new Date('2026-03-27T20:00:00Z') }, 'ends_at'],
    ['it lasts too long', { ends_at: new Date('2026-05-27T20:00:00Z') }, 'ends_at'],
    ['a zone that is none', { zone: 'Mars/Olympus' }, 'zone'],
  ])('refused: %s', (_name, over, path) => {
    expect(() => spansOf(window(over))).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ errors: [expect.objectContaining({ path })] }),
      }),
    )
  })
})

describe('the days before', () => {
  const from = Date.parse('2026-03-24T12:00:00Z')
  const to = Date.parse('2026-03-31T12:00:00Z')
  const before = (over: Parameters<typeof window>[0]) =>
    spansBefore(window(over), from, to).map(({ startsAt, endsAt }) => [
      new Date(startsAt).toISOString().slice(0, 16),
      new Date(endsAt).toISOString().slice(0, 16),
    ])

  test('one that is planned once would have lasted throughout', () => {
    expect(before({})).toEqual([['2026-03-24T12:00', '2026-03-31T12:00']])
  })

  test('one that recurs, at its wall times, on both sides of the change of the clocks', () => {
    const starts_at = new Date('2026-04-04T21:00:00Z')
    const ends_at = new Date('2026-04-04T23:00:00Z')
    expect(before({ starts_at, ends_at, rrule: 'FREQ=WEEKLY;BYDAY=SA,SU;COUNT=4' })).toEqual([
      ['2026-03-28T22:00', '2026-03-29T00:00'],
      ['2026-03-29T21:00', '2026-03-29T23:00'],
    ])
  })

  test('on the last Sunday of a month', () => {
    const starts_at = new Date('2026-04-26T01:00:00Z')
    const ends_at = new Date('2026-04-26T03:00:00Z')
    expect(before({ starts_at, ends_at, rrule: 'FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20260901T000000Z' })).toEqual([
      ['2026-03-29T01:00', '2026-03-29T03:00'],
    ])
  })

  test('cut at both ends', () => {
    const starts_at = new Date('2026-04-01T11:00:00Z')
    const ends_at = new Date('2026-04-01T13:00:00Z')
    const spans = before({ starts_at, ends_at, rrule: 'RRULE:FREQ=DAILY;UNTIL=20260901T000000Z' })
    expect(spans).toHaveLength(8)
    expect([spans[0], spans.at(-1)]).toEqual([
      ['2026-03-24T12:00', '2026-03-24T14:00'],
      ['2026-03-31T11:00', '2026-03-31T12:00'],
    ])
  })
})
