import { describe, expect, it } from 'vitest'
import { DeskError } from '../activity/index.ts'
import { type IcalInput, previewIcal } from './ical.ts'

const read = (text: string, more: Partial<IcalInput> = {}) =>
  previewIcal({ text, fromYear: 2025, toYear: 2028, holidays: [], replace: false, ...more })
const file = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n')
const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:1@x', ...lines, 'END:VEVENT']
const datesOf = (...lines: string[]) => read(file(...event(...lines))).holidays.map(({ date }) => date)

describe('holidays from iCal, as they are exported', () => {
  it('by Google: a DATE per year, folded lines, escaped commas', () => {
    const text = file(
      'PRODID:-//Google Inc//Google Calendar 70.9054//EN',
      'X-WR-CALNAME:Holidays in Italy',
      ...event(
        'DTSTART;VALUE=DATE:20260405',
        'DTEND;VALUE=DATE:20260406',
        'DTSTAMP:20261101T101010Z',
        'DESCRIPTION:Observance\\nTo hide observances\\, go to Google Calendar Setting',
        ' s > Holidays in Italy',
        'STATUS:CONFIRMED',
        'SUMMARY:Easter Sunday\\, Pas',
        ' qua',
        'TRANSP:TRANSPARENT',
      ),
      ...event('DTSTART;VALUE=DATE:20270328', 'SUMMARY:Easter Sunday'),
      ...event('DTSTART;VALUE=DATE:20200412', 'SUMMARY:Easter Sunday'),
    )
    expect(read(text)).toEqual({
      holidays: [
        { date: '2026-04-05', name: 'Easter Sunday, Pasqua' },
        { date: '2027-03-28', name: 'Easter Sunday' },
      ],
      added: [
        { date: '2026-04-05', name: 'Easter Sunday, Pasqua' },
        { date: '2027-03-28', name: 'Easter Sunday' },
      ],
      removed: [],
      known: 0,
      outside: 1,
      skipped: [],
    })
  })

  it('by Outlook: midnights in a zone of its own, marked as lasting all day', () => {
    const text = file(
      'METHOD:PUBLISH',
      'BEGIN:VTIMEZONE',
      'TZID:W. Europe Standard Time',
      'BEGIN:STANDARD',
      'DTSTART:16011028T030000',
      'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
      'END:STANDARD',
      'END:VTIMEZONE',
      ...event(
        'SUMMARY;LANGUAGE=de:Weihnachten',
        'DTSTART;TZID="W. Europe Standard Time":20261225T000000',
        'DTEND;TZID="W. Europe Standard Time":20261227T000000',
        'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE',
        'BEGIN:VALARM',
        'SUMMARY:Reminder',
        'TRIGGER:-PT15M',
        'END:VALARM',
      ),
    )
    expect(read(text)).toMatchObject({
      holidays: [
        { date: '2026-12-25', name: 'Weihnachten' },
        { date: '2026-12-26', name: 'Weihnachten' },
      ],
      skipped: [],
    })
  })

  it('by Apple: LF, yearly from long ago, a day moved by an event of its own and one cancelled', () => {
    const text = file(
      'CALSCALE:GREGORIAN',
      ...event(
        'DTSTART;VALUE=DATE:19700501',
        'DURATION:P1D',
        'RRULE:FREQ=YEARLY',
        'SUMMARY;X-APPLE-UNIVERSAL-ID="a;b:c":Labour Day',
      ),
      ...event(
        'RECURRENCE-ID;VALUE=DATE:20260501',
        'DTSTART;VALUE=DATE:20260504',
        'SUMMARY:Labour Day moved',
      ),
      ...event('RECURRENCE-ID;VALUE=DATE:20270501', 'DTSTART;VALUE=DATE:20270501', 'STATUS:CANCELLED'),
    ).replaceAll('\r\n', '\n')
    expect(read(text).holidays).toEqual([
      { date: '2025-05-01', name: 'Labour Day' },
      { date: '2026-05-04', name: 'Labour Day moved' },
      { date: '2028-05-01', name: 'Labour Day' },
    ])
  })

  it.each<[string, string[], string[]]>([
    [
      'the fourth Thursday of November',
      ['DTSTART;VALUE=DATE:20251127', 'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH'],
      ['2025-11-27', '2026-11-26', '2027-11-25', '2028-11-23'],
    ],
    ['leap days only', ['DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY'], ['2028-02-29']],
    [
      'until a day, which is still one',
      ['DTSTART;VALUE=DATE:20250106', 'RRULE:FREQ=YEARLY;UNTIL=20270106'],
      ['2025-01-06', '2026-01-06', '2027-01-06'],
    ],
    [
      'so many times, from before the years asked for',
      ['DTSTART;VALUE=DATE:20230106', 'RRULE:FREQ=YEARLY;COUNT=4'],
      ['2025-01-06', '2026-01-06'],
    ],
    [
      'the days that are named, less those that are excepted',
      [
        'DTSTART;VALUE=DATE:20250420',
        'RDATE;VALUE=DATE:20260405,20270328',
        'RDATE;VALUE=DATE:20280416',
        'EXDATE;VALUE=DATE:20270328',
      ],
      ['2025-04-20', '2026-04-05', '2028-04-16'],
    ],
    [
      'several days over the end of a year',
      ['DTSTART;VALUE=DATE:20241230', 'DTEND;VALUE=DATE:20250103', 'RRULE:FREQ=YEARLY;COUNT=2'],
      ['2025-01-01', '2025-01-02', '2025-12-30', '2025-12-31', '2026-01-01', '2026-01-02'],
    ],
  ])('%s', (_, lines, dates) => expect(datesOf(...lines)).toEqual(dates))
})

describe('what a file does to a list', () => {
  const holidays = [
    { date: '2024-12-25', name: 'Christmas' },
    { date: '2026-12-25', name: 'Christmas, ours' },
    { date: '2026-12-31', name: 'Closed' },
  ]
  const text = file(
    ...event('DTSTART;VALUE=DATE:20261225', 'SUMMARY:Christmas Day'),
    ...event('DTSTART;VALUE=DATE:20260101', 'SUMMARY:New Year'),
    ...event('DTSTART;VALUE=DATE:20260101', 'SUMMARY:Capodanno'),
  )
  const newYear = { date: '2026-01-01', name: 'New Year, Capodanno' }

  it('adds what is new and leaves what has a name there', () => {
    expect(read(text, { holidays })).toMatchObject({
      holidays: [holidays[0], newYear, holidays[1], holidays[2]],
      added: [newYear],
      removed: [],
      known: 1,
    })
  })

  it('takes off what the file does not have, in its years only, where that is asked for', () => {
    expect(read(text, { holidays, replace: true })).toMatchObject({
      holidays: [holidays[0], newYear, holidays[1]],
      removed: [holidays[2]],
    })
  })
})

describe('events that cannot be read', () => {
  const good = event('DTSTART;VALUE=DATE:20260101', 'SUMMARY:New Year')
  it.each<[string, string[], number, string]>([
    ['a time of the day', ['DTSTART:20260101T100000Z'], 10, 'time of the day'],
    ['a date that is none', ['DTSTART;VALUE=DATE:20260230'], 10, 'no date'],
    ['a date that is words', ['SUMMARY:x', 'DTSTART;VALUE=DATE:soon'], 11, 'no date'],
    ['no date', ['SUMMARY:x'], 8, 'no DTSTART'],
    [
      'an end before the start',
      ['DTSTART;VALUE=DATE:20260102', 'DTEND;VALUE=DATE:20260101'],
      11,
      'before DTSTART',
    ],
    ['a season', ['DTSTART;VALUE=DATE:20260102', 'DTEND;VALUE=DATE:20260401'], 11, 'more than 62 days'],
    ['a rule that is none', ['DTSTART;VALUE=DATE:20260102', 'RRULE:FREQ=YEARLY;BYDAY=XX'], 11, 'RFC 5545'],
    ['a rule of hours', ['DTSTART;VALUE=DATE:20260102', 'RRULE:FREQ=HOURLY'], 11, 'must recur'],
    ['every day for ever', ['DTSTART;VALUE=DATE:20260102', 'RRULE:FREQ=DAILY'], 11, 'without an end'],
    ['no step', ['DTSTART;VALUE=DATE:20260102', 'RRULE:FREQ=YEARLY;INTERVAL=0'], 11, 'RFC 5545'],
    [
      'a rule of exceptions',
      ['DTSTART;VALUE=DATE:20260102', 'RRULE:FREQ=YEARLY', 'EXRULE:FREQ=YEARLY;INTERVAL=2'],
      12,
      'EXRULE cannot be followed',
    ],
    ['an exception that is none', ['DTSTART;VALUE=DATE:20260102', 'EXDATE:x'], 11, 'EXDATE is no date'],
  ])('%s is left out, by its line', (_, lines, line, message) => {
    const found = read(file(...good, ...event(...lines)))
    expect(found.skipped).toEqual([{ line, message: expect.stringContaining(message) }])
    expect(found.holidays).toEqual([{ date: '2026-01-01', name: 'New Year' }])
  })

  it('hostile names are one short line of text', () => {
    const bidi = '\u202Egnp.exe\u2066'
    const name = (summary: string) =>
      read(file(...event('DTSTART;VALUE=DATE:20260101', `SUMMARY:${summary}`))).holidays[0]!.name
    expect(name(`<img src=x onerror=alert(1)>\\n2026-01-02 Two\u0000${bidi}`)).toBe(
      '<img src=x onerror=alert(1)> 2026-01-02 Two gnp.exe',
    )
    expect(name('😀'.repeat(200)).length).toBeLessThanOrEqual(120)
    expect(name('')).toBe('2026-01-01')
  })
})

describe('a text that is no calendar', () => {
  it.each<[string, string, string]>([
    ['empty', '\n\n', 'Line 1: there is no event'],
    ['a page', '<!doctype html>\n<html>', 'Line 1: expected NAME:value.'],
    ['something else', 'BEGIN:VCARD\nEND:VCARD', 'Line 1: expected BEGIN:VCALENDAR.'],
    ['no events', file('BEGIN:VTODO', 'END:VTODO'), 'Line 1: there is no event'],
    [
      'cut off',
      file(...event('DTSTART;VALUE=DATE:20260101')).split('END:VEVENT')[0]!,
      'Line 3: BEGIN:VEVENT is never',
    ],
    ['crossed', 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR', 'Line 3: END:VCALENDAR ends what'],
    ['a line that is none', file('BEGIN:VEVENT', '???', 'END:VEVENT'), 'Line 4: expected NAME:value.'],
  ])('%s is refused by its line', (_, text, message) => {
    expect(refused(() => read(text)).details.errors).toEqual([
      { path: 'text', message: expect.stringContaining(message) },
    ])
  })

  it('is bounded in size, events, days and years', () => {
    expect(refused(() => read(file('X:'.padEnd(600_000, 'x')))).code).toBe('too_large')
    const many = Array.from({ length: 5_001 }, () => ['BEGIN:VEVENT', 'END:VEVENT']).flat()
    expect(refused(() => read(file(...many))).details.errors![0]!.message).toContain('more than 5000')
    const weekly = ['MO', 'TU', 'WE', 'TH', 'FR'].flatMap((day) =>
      event('DTSTART;VALUE=DATE:20250101', `RRULE:FREQ=WEEKLY;BYDAY=${day}`),
    )
    expect(refused(() => read(file(...weekly))).details.errors![0]).toMatchObject({ path: 'to_year' })
    expect(refused(() => read(file(...weekly), { toYear: 2200 })).details.errors![0]).toMatchObject({
      path: 'to_year',
    })
  })

  it('is given up in time, whatever its rules are', () => {
    const never = Array.from({ length: 300 }, (_, n) =>
      event(`DTSTART;VALUE=DATE:1900010${1 + (n % 9)}`, 'RRULE:FREQ=WEEKLY;BYMONTH=2;BYSETPOS=300'),
    ).flat()
    // However fast the machine is: no time at all is soon over.
    const { holidays, skipped } = read(file(...never), { rulesMs: 0 })
    expect(holidays).toEqual([])
    expect(skipped.at(-1)!.message).toContain('take too long')
  })
})

function refused(work: () => unknown): DeskError {
  try {
    work()
  } catch (error) {
    if (error instanceof DeskError) return error
    throw error
  }
  throw new Error('It was accepted.')
}
