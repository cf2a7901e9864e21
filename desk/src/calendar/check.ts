import { DeskError, type FieldError } from '../activity/index.ts'
import { type Hours, wallTime } from './hours.ts'
import { isZone } from './wall-clock.ts'

const MOST_SPANS = 100
const MOST_HOLIDAYS = 1000

/** Throws `invalid` with one error per field when the hours make no sense; half-open spans may touch. */
export function checkHours(hours: Hours): void {
  const errors = [...zoneErrors(hours), ...spanErrors(hours), ...holidayErrors(hours)]
  if (errors.length > 0)
    throw new DeskError('invalid', 'These hours cannot be kept as they stand.', { errors })
}

function zoneErrors({ zone }: Hours): FieldError[] {
  if (isZone(zone)) return []
  return [{ path: 'zone', message: 'Choose a time zone by its name, such as Europe/Rome.' }]
}

function spanErrors({ weekly, always }: Hours): FieldError[] {
  if (always) {
    if (weekly.length === 0) return []
    return [{ path: 'weekly', message: 'A calendar that is always open has no weekly hours.' }]
  }
  if (weekly.length === 0)
    return [{ path: 'weekly', message: 'Add at least one span of hours, or choose always open.' }]
  if (weekly.length > MOST_SPANS)
    return [{ path: 'weekly', message: `At most ${MOST_SPANS} spans of hours.` }]
  return weekly.flatMap((span, position) => {
    const path = `weekly.${position}`
    const from = wallTime(span.from)
    const to = wallTime(span.to)
    if (!Number.isInteger(span.day) || span.day < 1 || span.day > 7)
      return [{ path: `${path}.day`, message: 'A weekday from 1 (Monday) to 7 (Sunday).' }]
    if (Number.isNaN(from)) return [{ path: `${path}.from`, message: 'A time such as 09:00.' }]
    if (Number.isNaN(to)) return [{ path: `${path}.to`, message: 'A time such as 17:30, or 24:00.' }]
    if (from >= to)
      return [
        {
          path: `${path}.to`,
          message: 'Must be later than the start. Split hours that pass midnight into two days.',
        },
      ]
    const clash = weekly
      .slice(0, position)
      .find((other) => other.day === span.day && wallTime(other.from) < to && from < wallTime(other.to))
    return clash ? [{ path, message: `Overlaps ${clash.from}–${clash.to} of the same day.` }] : []
  })
}

function holidayErrors({ holidays }: Hours): FieldError[] {
  if (holidays.length > MOST_HOLIDAYS)
    return [{ path: 'holidays', message: `At most ${MOST_HOLIDAYS} holidays.` }]
  const seen = new Set<string>()
  return holidays.flatMap(({ date }, position) => {
    const path = `holidays.${position}.date`
    if (!isDate(date)) return [{ path, message: 'A date such as 2026-12-25.' }]
    if (seen.has(date)) return [{ path, message: `${date} is listed twice.` }]
    seen.add(date)
    return []
  })
}

function isDate(text: string): boolean {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00Z`) : undefined
  return instant !== undefined && !Number.isNaN(+instant) && instant.toISOString().startsWith(text)
}
