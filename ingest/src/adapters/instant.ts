import { Temporal } from 'temporal-polyfill'

const TIME = String.raw`(?<time>\d\d:\d\d:\d\d(?:\.\d{1,9})?)`
const ZONE = String.raw`(?: ?(?<zone>[A-Z]{1,4}|[+-]\d\d:?\d\d))?`

// As written: 2016-09-28 20:22:34 UTC · Sun, 05 Jun 2016 15:10:09 GMT.
const FORMS = [
  new RegExp(String.raw`^(?<year>\d{4})[-/](?<month>\d\d)[-/](?<day>\d\d)[T ]${TIME}${ZONE}$`),
  new RegExp(
    String.raw`^(?:[A-Z][a-z]+,? )?(?<day>\d{1,2}) (?<month>[A-Z][a-z]{2})[a-z]* (?<year>\d{4}) ${TIME}${ZONE}$`,
  ),
]
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const UTC = ['Z', 'UTC', 'GMT']

/**
 * A time in one of the forms that senders write by hand, as RFC 3339. Without a zone it is a wall time of `zone`
 * (IANA). The weekday is not believed. Anything else comes back as it is, for `readInstant` to judge.
 */
export function writtenInstant(value: unknown, zone: string): unknown {
  if (typeof value !== 'string') return value
  const parts = FORMS.map((form) => form.exec(value)?.groups).find((groups) => groups !== undefined)
  if (!parts) return value
  const { year, month = '', day = '', time, zone: sent } = parts
  const number = /\d/.test(month) ? month : String(MONTHS.indexOf(month) + 1).padStart(2, '0')
  const wall = `${year}-${number}-${day.padStart(2, '0')}T${time}`
  if (sent !== undefined) return UTC.includes(sent) ? `${wall}Z` : /\d/.test(sent) ? `${wall}${sent}` : value
  try {
    return Temporal.PlainDateTime.from(wall, { overflow: 'reject' })
      .toZonedDateTime(zone)
      .toInstant()
      .toString()
  } catch (error) {
    // No such day, or no such zone: said to be unusable, not guessed.
    if (error instanceof RangeError) return value
    throw error
  }
}
