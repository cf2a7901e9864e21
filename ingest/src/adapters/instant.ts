import { Temporal } from 'temporal-polyfill'

const TIME = String.raw`(?<time>\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?: (?<half>[AaPp][Mm]))?`
// Go says a zone twice, and adds its own clock: +0000 UTC m=+4.2.
const ZONE = String.raw`(?: ?(?<zone>[A-Z]{1,4}|[+-]\d\d:?\d\d)(?: [A-Z]{3,4})?(?: m=\S+)?)?`
const DAY_NAME = String.raw`(?:[A-Z][a-z]+,? )?`
const MONTH_NAME = String.raw`(?<month>[A-Z][a-z]{2})[a-z]*`

// As written: 2016-09-28 20:22:34 UTC · Sun, 05 Jun 2016 15:10:09 GMT · Sun Jun 5 15:10:09 UTC 2016 ·
// June 5, 2016 3:10 PM · 6/5/2016 3:10:09 PM.
const FORMS = [
  new RegExp(String.raw`^(?<year>\d{4})[-/.](?<month>\d\d)[-/.](?<day>\d\d)[T ]${TIME}${ZONE}$`),
  new RegExp(String.raw`^${DAY_NAME}(?<day>\d{1,2}) ${MONTH_NAME} (?<year>\d{4}) ${TIME}${ZONE}$`),
  new RegExp(String.raw`^${DAY_NAME}${MONTH_NAME} +(?<day>\d{1,2}) ${TIME}${ZONE} (?<year>\d{4})$`),
  new RegExp(String.raw`^${DAY_NAME}${MONTH_NAME} (?<day>\d{1,2}), (?<year>\d{4}),? ${TIME}${ZONE}$`),
  new RegExp(
    String.raw`^(?<month>\d{1,2})/(?<day>\d{1,2})/(?<year>\d{4}) (?=.*[AaPp][Mm])${TIME}(?: \(.*\))?$`,
  ),
]
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const UTC = ['Z', 'UTC', 'GMT']
// Others (CST, IST, BST) name several zones; these one, in RFC 2822 and in Europe.
const OFFSETS: Partial<Record<string, string>> = {
  EST: '-05:00',
  EDT: '-04:00',
  PST: '-08:00',
  PDT: '-07:00',
  CET: '+01:00',
  CEST: '+02:00',
}

/**
 * A time in one of the forms that senders write by hand, as RFC 3339. Without a zone it is a wall time of `zone`
 * (IANA). The weekday is not believed. Anything else comes back as it is, for `readInstant` to judge.
 */
export function writtenInstant(value: unknown, zone: string): unknown {
  if (typeof value !== 'string') return value
  const parts = FORMS.map((form) => form.exec(value)?.groups).find((groups) => groups !== undefined)
  if (!parts) return value
  const { year, month = '', day = '', time = '', half, zone: sent } = parts
  const number = /\d/.test(month) ? month : String(MONTHS.indexOf(month) + 1)
  const wall = `${year}-${number.padStart(2, '0')}-${day.padStart(2, '0')}T${dayTime(time, half)}`
  if (sent !== undefined) {
    const offset = UTC.includes(sent) ? 'Z' : /\d/.test(sent) ? sent : OFFSETS[sent]
    return offset === undefined ? value : `${wall}${offset}`
  }
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

/** Of 24 hours, with seconds. */
function dayTime(time: string, half: string | undefined): string {
  const [hour = '', minute = '', second = '00'] = time.split(':')
  const pm = half?.toLowerCase() === 'pm' ? 12 : 0
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + pm
  return `${String(hours).padStart(2, '0')}:${minute}:${second}`
}
