import { Temporal } from 'temporal-polyfill'
import { type Dimension, TIMES } from './kpi.ts'

export interface Period {
  from: Date
  to: Date
}

/** A slice of a period: the local date on which it begins, and its instants, clipped to the period. */
export interface Slice extends Period {
  key: string
}

const MOST_SLICES = 1_100

/** `2026-11-22` is that local midnight, `2026-11` the first of the month; anything else an instant. */
export function readInstant(text: string, zone: string): Date {
  if (/^\d{4}-\d{2}$/.test(text)) return readInstant(`${text}-01`, zone)
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return midnight(Temporal.PlainDate.from(text), zone)
  return new Date(Temporal.Instant.from(text).epochMilliseconds)
}

export const isTime = (by: Dimension): by is (typeof TIMES)[number] => TIMES.includes(by as never)

/** Every day, week (from Monday) or month that touches the period, in order. */
export function slicesOf(period: Period, by: (typeof TIMES)[number], zone: string): Slice[] {
  const slices: Slice[] = []
  let date = startOf(localDate(period.from, zone), by)
  for (let starts = midnight(date, zone); starts < period.to;) {
    if (slices.length === MOST_SLICES)
      throw new RangeError(
        `That would be more than ${MOST_SLICES} points; choose longer steps or a shorter period.`,
      )
    const next = date.add({
      days: by === 'day' ? 1 : 0,
      weeks: by === 'week' ? 1 : 0,
      months: by === 'month' ? 1 : 0,
    })
    const ends = midnight(next, zone)
    const slice = {
      key: date.toString(),
      from: starts < period.from ? period.from : starts,
      to: ends > period.to ? period.to : ends,
    }
    // Zones have skipped whole days.
    if (slice.to > slice.from) slices.push(slice)
    date = next
    starts = ends
  }
  return slices
}

/**
 * The period of the same kind just before: whole months before whole months, whole local days before days, else
 * the same length. `asked` says what kind; `until` may lie before its end, and then the same part is compared.
 */
export function periodBefore(asked: Period, until: Date, zone: string): Period {
  const [from, to] = [zoned(asked.from, zone), zoned(asked.to, zone)]
  const midnights = isMidnight(from) && isMidnight(to)
  const wholeMonths = midnights && from.day === 1 && to.day === 1
  const back = wholeMonths
    ? { months: from.until(to, { largestUnit: 'months' }).months }
    : midnights
      ? { days: from.until(to, { largestUnit: 'days' }).days }
      : { milliseconds: to.epochMilliseconds - from.epochMilliseconds }
  const earlier = (instant: Temporal.ZonedDateTime) => new Date(instant.subtract(back).epochMilliseconds)
  return { from: earlier(from), to: earlier(until < asked.to ? zoned(until, zone) : to) }
}

export const localDate = (instant: Date, zone: string): Temporal.PlainDate =>
  zoned(instant, zone).toPlainDate()

/** True for a zone of the IANA database (an offset such as +02:00 has no days of its own). */
export function isZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && Temporal.Now.zonedDateTimeISO(name).timeZoneId !== ''
  } catch {
    return false
  }
}

const zoned = (instant: Date, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone)

const midnight = (date: Temporal.PlainDate, zone: string): Date =>
  new Date(date.toZonedDateTime(zone).epochMilliseconds)

const isMidnight = (instant: Temporal.ZonedDateTime): boolean => instant.startOfDay().equals(instant)

function startOf(date: Temporal.PlainDate, by: (typeof TIMES)[number]): Temporal.PlainDate {
  if (by === 'week') return date.subtract({ days: date.dayOfWeek - 1 })
  return by === 'month' ? date.with({ day: 1 }) : date
}
