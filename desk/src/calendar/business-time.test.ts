import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { addWorking, holidaysBetween, spansBetween, workingMs } from './business-time.ts'
import { type Hours, MINUTE } from './hours.ts'

const HOUR = 60 * MINUTE
const at = (text: string) => new Date(Temporal.ZonedDateTime.from(text).epochMilliseconds)
const office: Hours = {
  zone: 'Europe/Rome',
  weekly: [1, 2, 3, 4, 5].flatMap((day) => [
    { day, from: '09:00', to: '13:00' },
    { day, from: '14:00', to: '18:00' },
  ]),
  holidays: [{ date: '2026-12-25', name: 'Christmas' }],
  always: false,
}
const always: Hours = { zone: 'Europe/Rome', weekly: [], holidays: [], always: true }
const nights = (zone: string): Hours => ({
  zone,
  weekly: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '01:00', to: '04:00' })),
  holidays: [],
  always: false,
})

describe('working time', () => {
  it.each([
    [
      'a lunch break does not count',
      office,
      '2026-11-23T12:00[Europe/Rome]',
      '2026-11-23T15:00[Europe/Rome]',
      2,
    ],
    ['a weekend does not count', office, '2026-11-20T17:00[Europe/Rome]', '2026-11-23T10:00[Europe/Rome]', 2],
    ['a holiday does not count', office, '2026-12-24T17:00[Europe/Rome]', '2026-12-28T10:00[Europe/Rome]', 2],
    [
      'always counts every hour, also a day of 23',
      always,
      '2026-03-29T00:00[Europe/Rome]',
      '2026-03-30T00:00[Europe/Rome]',
      23,
    ],
    [
      'a skipped hour never counts',
      nights('Europe/Rome'),
      '2026-03-29T00:00[Europe/Rome]',
      '2026-03-29T12:00[Europe/Rome]',
      2,
    ],
    [
      'a repeated hour counts twice',
      nights('Europe/Rome'),
      '2026-10-25T00:00[Europe/Rome]',
      '2026-10-25T12:00[Europe/Rome]',
      4,
    ],
    [
      'Lord Howe repeats half an hour',
      nights('Australia/Lord_Howe'),
      '2026-04-05T00:00[Australia/Lord_Howe]',
      '2026-04-05T12:00[Australia/Lord_Howe]',
      3.5,
    ],
    [
      'Apia skipped a whole day',
      nights('Pacific/Apia'),
      '2011-12-29T00:00[Pacific/Apia]',
      '2012-01-01T00:00[Pacific/Apia]',
      6,
    ],
  ])('%s', (_, hours, from, to, expected) => {
    expect(workingMs(hours, at(from), at(to)) / HOUR).toBe(expected)
  })

  it('is half-open: the last minute of a span ends it, the first begins it', () => {
    expect(addWorking(office, at('2026-11-23T14:00[Europe/Rome]'), 4 * HOUR)).toEqual(
      at('2026-11-23T18:00[Europe/Rome]'),
    )
    expect(addWorking(office, at('2026-11-23T18:00[Europe/Rome]'), MINUTE)).toEqual(
      at('2026-11-24T09:01[Europe/Rome]'),
    )
    expect(workingMs(office, at('2026-11-23T18:00[Europe/Rome]'), at('2026-11-24T09:00[Europe/Rome]'))).toBe(
      0,
    )
  })

  it('merges spans that touch and names the holiday', () => {
    const day: Hours = {
      ...office,
      weekly: [
        { day: 1, from: '00:00', to: '24:00' },
        { day: 2, from: '00:00', to: '06:00' },
      ],
    }
    const week = [
      ...spansBetween(day, +at('2026-11-23T00:00[Europe/Rome]'), +at('2026-11-30T00:00[Europe/Rome]')),
    ]
    expect(week).toEqual([
      { from: +at('2026-11-23T00:00[Europe/Rome]'), to: +at('2026-11-24T06:00[Europe/Rome]') },
    ])
    const [from, to] = [+at('2026-12-25T10:00[Europe/Rome]'), +at('2026-12-27T10:00[Europe/Rome]')]
    const end = +at('2026-12-26T00:00[Europe/Rome]')
    expect([...holidaysBetween(office, from, to)]).toEqual([{ from, to: end, name: 'Christmas' }])
  })

  it('answers the end of a century rather than never', () => {
    const never: Hours = { ...office, weekly: [] }
    expect(addWorking(never, new Date(0), HOUR).getUTCFullYear()).toBe(2070)
  })
})

// A due time months away must not walk minutes, so the fast way is held against one that does.
describe('working time against an oracle that asks the wall clock of every minute', () => {
  const instants = fc
    .constantFrom(
      '2026-03-28T20:00Z[Europe/Warsaw]',
      '2026-10-24T20:00Z[Europe/Warsaw]',
      '2026-03-08T02:00Z[America/Chicago]',
      '2026-11-01T02:00Z[America/Chicago]',
      '2026-04-04T10:00Z[Australia/Lord_Howe]',
      '2026-10-03T10:00Z[Australia/Lord_Howe]',
      '2011-12-29T20:00Z[Pacific/Apia]',
      '2010-11-06T20:00Z[America/St_Johns]',
      '2018-02-17T20:00Z[America/Sao_Paulo]',
      '2026-11-20T00:00Z[Asia/Kathmandu]',
      '2026-02-28T00:00Z[UTC]',
    )
    .map((text) => {
      const [instant, zone] = text.slice(0, -1).split('[') as [string, string]
      return { zone, start: Date.parse(instant) }
    })
  const clock = fc
    .integer({ min: 0, max: 96 })
    .map((q) => `${String(Math.floor(q / 4)).padStart(2, '0')}:${String((q % 4) * 15).padStart(2, '0')}`)
  const weekly = fc
    .array(
      fc.record({
        day: fc.integer({ min: 1, max: 7 }),
        cuts: fc.uniqueArray(clock, { minLength: 2, maxLength: 6 }),
      }),
      { maxLength: 7 },
    )
    .map((days) => {
      const perDay = new Map(days.map(({ day, cuts }) => [day, cuts.toSorted()]))
      return [...perDay].flatMap(([day, cuts]) =>
        cuts.flatMap((from, i) => (i % 2 === 0 && cuts[i + 1] ? [{ day, from, to: cuts[i + 1]! }] : [])),
      )
    })
  const situation = fc.record({
    where: instants,
    weekly,
    always: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    holidayIn: fc.option(fc.integer({ min: 0, max: 3 })),
    offset: fc.integer({ min: 0, max: 24 * 60 }),
    minutes: fc.integer({ min: 0, max: 3 * 24 * 60 }),
    ask: fc.double({ min: 0, max: 1, noNaN: true }),
  })

  function worked(hours: Hours, minute: number): boolean {
    if (hours.always) return true
    const wall = Temporal.Instant.fromEpochMilliseconds(minute).toZonedDateTimeISO(hours.zone)
    const time = wall.toPlainTime().toString({ smallestUnit: 'minute' })
    if (hours.holidays.some((holiday) => holiday.date === wall.toPlainDate().toString())) return false
    return hours.weekly.some((span) => span.day === wall.dayOfWeek && span.from <= time && time < span.to)
  }

  it('differs nowhere', () => {
    fc.assert(
      fc.property(situation, ({ where, weekly: spans, always: around, holidayIn, offset, minutes, ask }) => {
        const from = where.start + offset * MINUTE
        const local = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(where.zone)
        const holidays =
          holidayIn === null
            ? []
            : [{ date: local.add({ days: holidayIn }).toPlainDate().toString(), name: 'A day off' }]
        const hours: Hours = { zone: where.zone, weekly: spans, holidays, always: around }
        const to = from + minutes * MINUTE

        const counted: number[] = []
        for (let minute = from; minute < to; minute += MINUTE) if (worked(hours, minute)) counted.push(minute)
        expect(workingMs(hours, new Date(from), new Date(to))).toBe(counted.length * MINUTE)

        const wanted = Math.floor(ask * counted.length)
        if (wanted === 0) return
        const due = addWorking(hours, new Date(from), wanted * MINUTE)
        expect(due.getTime()).toBe(counted[wanted - 1]! + MINUTE)
      }),
      process.env.TOCSIN_SOAK ? { numRuns: 1000 } : { seed: 20261122, numRuns: 60 },
    )
  })
})
