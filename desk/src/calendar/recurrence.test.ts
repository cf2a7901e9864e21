import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { recurrenceOf, type Recurring, wrongRecurrence } from './recurrence.ts'

const HOUR = 3_600_000
const recurring = (over: Partial<Recurring> = {}): Recurring => ({
  starts_at: '2026-03-27T01:30:00.000Z',
  zone: 'Europe/Rome',
  rrule: 'FREQ=DAILY',
  ...over,
})
const at = (iso: string) => Date.parse(iso)
const times = (over: Partial<Recurring>, from: string, to: string) =>
  recurrenceOf(recurring(over))!
    .between(at(from) - 1, at(to))
    .map((time) => new Date(time).toISOString().slice(0, 16))

describe('the times of what recurs', () => {
  it('keep their time of the day, and a time that the spring night skips comes an hour later', () => {
    expect(times({}, '2026-03-27T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-27T01:30', // 02:30 in winter
      '2026-03-28T01:30',
      '2026-03-29T01:30', // 02:30 is skipped: 03:30 in summer
      '2026-03-30T00:30', // 02:30 in summer
    ])
  })

  it('come once in an autumn night that has them twice', () => {
    expect(times({}, '2026-10-24T00:00Z', '2026-10-26T12:00Z')).toEqual([
      '2026-10-24T00:30',
      '2026-10-25T00:30', // the first of two
      '2026-10-26T01:30',
    ])
  })

  it.each<[string, Partial<Recurring>, string[]]>([
    [
      'half an hour later, where the clocks move by that',
      { zone: 'Australia/Lord_Howe', starts_at: '2026-10-02T15:40:00Z' }, // 02:10; 02:00 becomes 02:30
      ['2026-10-02T15:40', '2026-10-03T15:40', '2026-10-04T15:10', '2026-10-05T15:10'],
    ],
    [
      'the last working day of each month',
      {
        starts_at: '2026-10-01T07:00:00Z', // 09:00 in summer
        rrule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      },
      ['2026-10-30T08:00', '2026-11-30T08:00'],
    ],
    [
      'several hours of a weekday',
      { starts_at: '2026-10-02T07:00:00Z', rrule: 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=9,17;COUNT=3' },
      ['2026-10-02T07:00', '2026-10-02T15:00', '2026-10-09T07:00'],
    ],
    [
      'up to an instant, and with it',
      { starts_at: '2026-10-23T07:00:00Z', rrule: 'FREQ=DAILY;UNTIL=20261026T080000Z' },
      ['2026-10-23T07:00', '2026-10-24T07:00', '2026-10-25T08:00', '2026-10-26T08:00'],
    ],
  ])('%s', (_, over, expected) =>
    expect(times(over, '2026-10-01T00:00Z', '2026-12-01T00:00Z').slice(0, expected.length + 1)).toEqual(
      expected.length < 4 || over.rrule ? expected : [...expected, expect.any(String)],
    ),
  )

  it('are found from any instant, years after the first', () => {
    const weekly = recurrenceOf(
      recurring({ starts_at: '2001-01-01T08:00:00Z', rrule: 'FREQ=WEEKLY;INTERVAL=2' }),
    )!
    const next = weekly.next(at('2026-07-01T00:00Z'))!
    expect((next - at('2001-01-01T08:00Z') + HOUR) % (14 * 24 * HOUR)).toBe(0)
    expect(recurrenceOf(recurring({ rrule: 'FREQ=DAILY;COUNT=3' }))!.next(at('2026-04-01T00:00Z'))).toBeNull()
  })

  it('are those that a walk over every day finds, and next leaves none of them out', () => {
    const zones = ['Europe/Rome', 'Australia/Lord_Howe', 'America/New_York', 'Pacific/Apia', 'UTC']
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 1439 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
        fc.integer({ min: 0, max: 720 }),
        (zone, minute, weekdays, offset) => {
          const names = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
          const first = Temporal.PlainDate.from('2026-01-05').add({ days: offset })
          const clock = { hour: Math.floor(minute / 60), minute: minute % 60 }
          const begun = first.toPlainDateTime(clock).toZonedDateTime(zone)
          // A first time that its zone does not have is another time of the day.
          fc.pre(begun.hour === clock.hour && begun.minute === clock.minute)
          const recurrence = recurrenceOf({
            starts_at: begun.toInstant().toString(),
            zone,
            rrule: `FREQ=WEEKLY;BYDAY=${weekdays.map((day) => names[day - 1]).join(',')}`,
          })!
          const slow: number[] = []
          for (let day = 0; day < 60; day++) {
            const date = first.add({ days: day })
            if (weekdays.includes(date.dayOfWeek))
              slow.push(date.toPlainDateTime(clock).toZonedDateTime(zone).epochMilliseconds)
          }
          const from = begun.epochMilliseconds - 1
          const to = first.add({ days: 59 }).toPlainDateTime({ hour: 23, minute: 59 }).toZonedDateTime(zone)
          expect(recurrence.between(from, to.epochMilliseconds)).toEqual(slow)
          const walked: number[] = []
          for (
            let time = recurrence.next(from);
            time !== null && walked.length < slow.length;
            time = recurrence.next(time)
          )
            walked.push(time)
          expect(walked).toEqual(slow)
        },
      ),
      { numRuns: 60, seed: 7 },
    )
  })
})

describe('what recurs is refused', () => {
  it.each<[string, Partial<Recurring>, string | undefined]>([
    ['daily', {}, undefined],
    ['once', { starts_at: '2026-03-27T01:30:00.777Z', rrule: 'FREQ=DAILY;COUNT=1' }, undefined],
    ['a zone that is none', { zone: 'Mars/Olympus' }, 'zone'],
    ['an offset', { zone: '+01:00' }, 'zone'],
    ['words', { rrule: 'every Sunday' }, 'rrule'],
    ['an hour that no day has', { rrule: 'FREQ=DAILY;BYHOUR=25' }, 'rrule'],
    ['a day that no month has', { rrule: 'FREQ=MONTHLY;BYMONTHDAY=32' }, 'rrule'],
    ['the 0th of a month', { rrule: 'FREQ=MONTHLY;BYMONTHDAY=0' }, 'rrule'],
    ['a 13th month', { rrule: 'FREQ=YEARLY;BYMONTH=13' }, 'rrule'],
    ['a part that there is not', { rrule: 'FREQ=DAILY;BYMOON=1' }, 'rrule'],
    ['a part of something else', { rrule: 'FREQ=DAILY;EXDATE=20260101' }, 'rrule'],
    ['a name that objects have', { rrule: 'FREQ=DAILY;CONSTRUCTOR=1' }, 'rrule'],
    ['a part twice', { rrule: 'FREQ=DAILY;FREQ=WEEKLY' }, 'rrule'],
    ['so often as a word says', { rrule: 'FREQ=DAILY;COUNT=x' }, 'rrule'],
    ['never at all', { rrule: 'FREQ=DAILY;COUNT=0' }, 'rrule'],
    ['two ends', { rrule: 'FREQ=DAILY;COUNT=2;UNTIL=20270101T000000Z' }, 'rrule'],
    ['an end on 31 February', { rrule: 'FREQ=DAILY;UNTIL=20270231T000000Z' }, 'rrule'],
    ['steps of nothing', { rrule: 'FREQ=DAILY;INTERVAL=0' }, 'rrule'],
    ['steps of a million years', { rrule: 'FREQ=YEARLY;INTERVAL=1000000' }, 'rrule'],
    ['steps of more than any number', { rrule: 'FREQ=DAILY;INTERVAL=99999999999999999999' }, 'rrule'],
    ['no time at all', { starts_at: 'tomorrow' }, 'starts_at'],
    ['the longest steps', { rrule: 'FREQ=YEARLY;INTERVAL=1000' }, undefined],
    ['29 February', { starts_at: '2028-02-29T08:00:00Z', rrule: 'FREQ=YEARLY' }, undefined],
    ['the last Friday, spelt in small letters', { rrule: 'freq=monthly;byday=-1fr' }, undefined],
    [
      'all that a rule has',
      { rrule: 'FREQ=YEARLY;BYMONTH=3,9;BYDAY=MO,2TU;BYSETPOS=1,-1;WKST=SU;INTERVAL=2' },
      undefined,
    ],
    ['two lines', { rrule: 'FREQ=DAILY\nRDATE:20260101T000000Z' }, 'rrule'],
    ['every second', { rrule: 'FREQ=SECONDLY' }, 'rrule'],
    ['every hour', { rrule: 'FREQ=HOURLY' }, 'rrule'],
    ['each minute of a day', { rrule: 'FREQ=DAILY;BYMINUTE=0,30' }, 'rrule'],
    ['a day that there is not', { rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }, 'rrule'],
    ['what had ended before it began', { rrule: 'FREQ=DAILY;UNTIL=20200101T000000Z' }, 'rrule'],
  ])('%s', (_, over, path) => expect(wrongRecurrence(recurring(over))?.path).toBe(path))
})
