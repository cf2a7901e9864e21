import { Temporal } from 'temporal-polyfill'
import { DeskError } from '../activity/index.ts'
import { isZone, recurrenceOf, wrongRule } from '../calendar/index.ts'

export interface Span {
  /** Milliseconds. */
  startsAt: number
  endsAt: number
}

const DAY_MS = 86_400_000
const LONGEST_SPAN_MS = 31 * DAY_MS
const LONGEST_MS = 366 * DAY_MS
const MOST_SPANS = 400

interface Timing {
  starts_at: Date
  ends_at: Date
  zone: string
  rrule: string | null
}

/**
 * Every span of a window, in order. A recurring one begins at the same wall time in its zone whatever the
 * season, and lasts as long as the first. Throws `invalid` for what never ends, or lasts or recurs too often.
 */
export function spansOf({ starts_at, ends_at, zone, rrule }: Timing): Span[] {
  const startsAt = starts_at.getTime()
  const length = ends_at.getTime() - startsAt
  const refuse = (path: string, message: string): never => {
    throw new DeskError('invalid', 'The window cannot be like this.', { errors: [{ path, message }] })
  }
  if (!(length > 0)) refuse('ends_at', 'it must end after it starts')
  if (length > LONGEST_SPAN_MS) refuse('ends_at', 'it may last 31 days at most')
  if (!isZone(zone)) refuse('zone', 'an IANA time zone, such as Europe/Rome')
  if (rrule === null) return [{ startsAt, endsAt: startsAt + length }]
  if (!/UNTIL=|COUNT=/i.test(rrule)) refuse('rrule', 'it must end: give UNTIL or COUNT')
  if (/FREQ=(?:SECONDLY|MINUTELY)/i.test(rrule)) refuse('rrule', 'it may recur every hour at most')
  const wrong = wrongRule(rrule)
  if (wrong) refuse('rrule', wrong)
  const recurrence =
    recurrenceOf({ starts_at: starts_at.toISOString(), zone, rrule }) ?? refuse('rrule', 'it never comes')
  const starts = recurrence.between(startsAt - 1_000, startsAt + LONGEST_MS)
  if (starts.length === 0) refuse('rrule', 'it never comes')
  if (starts.length > MOST_SPANS) refuse('rrule', `it comes more than ${MOST_SPANS} times`)
  if (recurrence.next(startsAt + LONGEST_MS) !== null) refuse('rrule', 'it must end within a year')
  if (starts.some((start, index) => index > 0 && start < starts[index - 1]! + length))
    refuse('rrule', 'it begins again before it has ended')
  return starts.map((start) => ({ startsAt: start, endsAt: start + length }))
}

/**
 * When it would have been in force between two instants, had it been planned long before: one that recurs at its
 * times of the day, any other throughout.
 */
export function spansBefore(timing: Timing, from: number, to: number): Span[] {
  const { starts_at, ends_at, zone, rrule } = timing
  if (rrule === null) return [{ startsAt: from, endsAt: to }]
  const length = ends_at.getTime() - starts_at.getTime()
  const first = Temporal.Instant.fromEpochMilliseconds(starts_at.getTime()).toZonedDateTimeISO(zone)
  // Whole weeks keep the weekday, whole years the day of the month.
  const monthly = /FREQ=(?:MONTHLY|YEARLY)/i.test(rrule)
  const years = first.year - Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone).year + 1
  const begun = first.subtract(monthly ? { years } : { weeks: 52 * years })
  const endless = rrule.replaceAll(/;?(?:UNTIL|COUNT)=[^;]*/gi, '').replace(/^;/, '')
  const recurrence = recurrenceOf({ starts_at: begun.toInstant().toString(), zone, rrule: endless })!
  return recurrence.between(from - length, to).flatMap((start) => {
    const startsAt = Math.max(start, from)
    const endsAt = Math.min(start + length, to)
    return endsAt > startsAt ? [{ startsAt, endsAt }] : []
  })
}
