import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { DeskError } from '../activity/index.ts'
import { isZone } from '../calendar/index.ts'

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
  const starts = occurrences(startsAt, zone, rrule) ?? refuse('rrule', 'it is no recurrence rule (RFC 5545)')
  if (starts.length === 0) refuse('rrule', 'it never comes')
  if (starts.length > MOST_SPANS) refuse('rrule', `it comes more than ${MOST_SPANS} times`)
  if (starts.at(-1)! - startsAt > LONGEST_MS) refuse('rrule', 'it must end within a year')
  if (starts.some((start, index) => index > 0 && start < starts[index - 1]! + length))
    refuse('rrule', 'it begins again before it has ended')
  return starts.map((start) => ({ startsAt: start, endsAt: start + length }))
}

function occurrences(startsAt: number, zone: string, rrule: string): number[] | null {
  const first = Temporal.Instant.fromEpochMilliseconds(startsAt).toZonedDateTimeISO(zone)
  const wall = first.toString({ smallestUnit: 'second', timeZoneName: 'never', offset: 'never' })
  const stamp = wall.replaceAll(/[-:]/g, '')
  try {
    const rule = new RRuleTemporal({
      rruleString: `DTSTART;TZID=${zone}:${stamp}\nRRULE:${rrule.replace(/^RRULE:/i, '')}`,
      maxIterations: 20_000,
    })
    const starts: number[] = []
    rule.all((at, index) => {
      starts.push(Date.parse(at.toString().replace(/\[.*$/, '')))
      return index <= MOST_SPANS
    })
    return starts
  } catch {
    return null
  }
}
