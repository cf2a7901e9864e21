import { RRuleTemporal } from 'rrule-temporal'
import type { IcalEvent, IcalProperty } from './ical-lines.ts'

const DAY = 86_400_000
const LONGEST_DAYS = 62
const MOST_OCCURRENCES = 400
/** A rule that never comes true costs its iterations; that is why they are few. */
const MOST_ITERATIONS = 2_000

export interface IcalDays {
  name: string
  /** ISO dates within the years asked for; a holiday of several days is each of them. */
  dates: string[]
  /** Days that lie outside those years. */
  outside: boolean
}

/** Why an event is left out, and the line that says so. */
export class Unreadable extends Error {
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

export const propertyOf = (event: IcalEvent, name: string): IcalProperty | undefined =>
  event.properties.find((one) => one.name === name)

/** The days of an all-day event in the years [fromYear, toYear]. `replaced`: days of it that events of their own move. */
export function daysOf(
  event: IcalEvent,
  fromYear: number,
  toYear: number,
  replaced: ReadonlySet<number>,
): IcalDays {
  const start = propertyOf(event, 'DTSTART')
  if (!start) throw new Unreadable(event.line, 'The event has no DTSTART.')
  const first = dayOf(start, event)
  const length = lengthOf(event, first)
  const [from, to] = [Date.UTC(fromYear, 0, 1), Date.UTC(toYear, 11, 31)]
  const without = new Set([...datesOf(event, 'EXDATE'), ...replaced])
  const rule = propertyOf(event, 'RRULE')
  const except = propertyOf(event, 'EXRULE')
  if (except) throw new Unreadable(except.line, 'EXRULE cannot be followed: name the days by EXDATE.')
  const recurring = rule ? occurrences(rule, first, from - (length - 1) * DAY, to) : [first]
  const starts = [...recurring, ...datesOf(event, 'RDATE')].filter((day) => !without.has(day))
  const days = starts.flatMap((day) => Array.from({ length }, (_, n) => day + n * DAY))
  const inside = days.filter((day) => day >= from && day <= to)
  const dates = inside.map((day) => new Date(day).toISOString().slice(0, 10))
  return { name: nameOf(event), dates, outside: inside.length < days.length }
}

/** The day of a DATE; of a time only where Outlook marks the event as lasting all day. */
function dayOf(property: IcalProperty, event: IcalEvent): number {
  const allDay = propertyOf(event, 'X-MICROSOFT-CDO-ALLDAYEVENT')?.value.toUpperCase() === 'TRUE'
  if (/^\d{8}T\d{6}Z?$/.test(property.value) && !(allDay && property.value.slice(9, 15) === '000000'))
    throw new Unreadable(property.line, 'The event has a time of the day; only whole days are holidays.')
  return parseDay(property, property.value)
}

function parseDay({ line, name }: IcalProperty, text: string): number {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T\d{6}Z?)?$/.exec(text)
  const day = match ? Date.parse(`${match[1]}-${match[2]}-${match[3]}T00:00Z`) : Number.NaN
  // Date.parse takes 30 February for 2 March.
  const real = match && !Number.isNaN(day) && new Date(day).getUTCDate() === Number(match[3])
  const year = Number(match?.[1])
  if (!real) throw new Unreadable(line, `${name} is no date such as 20261225.`)
  if (year < 1900 || year > 2200) throw new Unreadable(line, `${name} must lie between 1900 and 2200.`)
  return day
}

const datesOf = (event: IcalEvent, name: string): number[] =>
  event.properties
    .filter((one) => one.name === name)
    .flatMap((one) => one.value.split(',').map((text) => parseDay(one, text.trim())))

/** The end is the day after the last; Apple may write a duration, and who writes neither means one day. */
function lengthOf(event: IcalEvent, first: number): number {
  const end = propertyOf(event, 'DTEND')
  const duration = propertyOf(event, 'DURATION')
  let days = 1
  if (end) days = Math.max(1, (dayOf(end, event) - first) / DAY)
  else if (duration) {
    const match = /^P(\d{1,3})([DW])$/.exec(duration.value)
    if (!match) throw new Unreadable(duration.line, 'DURATION is no number of days such as P2D.')
    days = Number(match[1]) * (match[2] === 'W' ? 7 : 1)
  }
  if (end && dayOf(end, event) < first) throw new Unreadable(end.line, 'DTEND lies before DTSTART.')
  if (days > LONGEST_DAYS)
    throw new Unreadable((end ?? duration)!.line, `The event lasts more than ${LONGEST_DAYS} days.`)
  return Math.max(1, days)
}

function occurrences({ line, value }: IcalProperty, first: number, from: number, to: number): number[] {
  if (!/FREQ=(?:YEARLY|MONTHLY|WEEKLY)(?:;|$)/i.test(value) && !/FREQ=DAILY/i.test(value))
    throw new Unreadable(line, 'RRULE must recur yearly, monthly, weekly or daily.')
  if (/FREQ=DAILY/i.test(value) && !/COUNT=\d{1,3}(?:;|$)|UNTIL=/i.test(value))
    throw new Unreadable(line, 'RRULE recurs every day without an end.')
  if (/BY(?:HOUR|MINUTE|SECOND)=/i.test(value))
    throw new Unreadable(line, 'RRULE names times of the day; only whole days are holidays.')
  const start = new Date(first).toISOString().slice(0, 10).replaceAll('-', '')
  // Days begin at midnight in UTC here, and an end named with a time means its day.
  const rule = value.replace(/UNTIL=(\d{8})(?:T\d{6}Z?)?/i, 'UNTIL=$1T000000Z')
  let days: number[]
  try {
    days = new RRuleTemporal({
      rruleString: `DTSTART:${start}T000000Z\nRRULE:${rule}`,
      maxIterations: MOST_ITERATIONS,
      maxCandidateEvaluations: 100 * MOST_ITERATIONS,
      strict: true,
    })
      .between(new Date(from), new Date(to), true)
      .map((at) => at.epochMilliseconds)
  } catch {
    throw new Unreadable(line, 'RRULE is no recurrence rule (RFC 5545) that can be followed.')
  }
  if (days.length > MOST_OCCURRENCES)
    throw new Unreadable(line, `RRULE comes more than ${MOST_OCCURRENCES} times in these years.`)
  return days
}

const LONGEST_NAME = 120

/** In one line, without the controls that could turn what is written after it. */
function nameOf(event: IcalEvent): string {
  const summary = propertyOf(event, 'SUMMARY')?.value ?? ''
  return cutName(
    summary.replaceAll(/\\([\\;,nN])/g, (_, one: string) => (one.toLowerCase() === 'n' ? ' ' : one)),
  )
}

export function cutName(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069\s]+/gu, ' ').trim()
  // Not through the middle of a character.
  return line
    .slice(0, LONGEST_NAME)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trim()
    .toWellFormed()
}
