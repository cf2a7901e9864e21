const FREQUENCIES = ['SECONDLY', 'MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']
const DAY = 'MO|TU|WE|TH|FR|SA|SU'
const NTH_DAY = new RegExp(`^([+-]?\\d{1,2})?(?:${DAY})$`)
const MOST_LISTED = 400
/** Sixty times of the longest rule still lie within every calendar. */
const MOST_INTERVAL = 1_000
const MOST_COUNT = 100_000

const within = (least: number, most: number) => (value: string) =>
  /^\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most
/** From the beginning or, with a minus, from the end; there is no 0th. */
const fromEither = (most: number) => (value: string) =>
  /^[+-]?\d{1,3}$/.test(value) && value !== '0' && within(1, most)(value.replace(/^[+-]/, ''))
const nthDay = (value: string) => {
  const nth = NTH_DAY.exec(value)
  return nth !== null && (nth[1] === undefined || fromEither(53)(nth[1]))
}

const LISTS: Record<string, (value: string) => boolean> = {
  BYSECOND: within(0, 59),
  BYMINUTE: within(0, 59),
  BYHOUR: within(0, 23),
  BYDAY: nthDay,
  BYMONTHDAY: fromEither(31),
  BYYEARDAY: fromEither(366),
  BYWEEKNO: fromEither(53),
  BYMONTH: within(1, 12),
  BYSETPOS: fromEither(366),
}
const SINGLES: Record<string, (value: string) => boolean> = {
  FREQ: (value) => FREQUENCIES.includes(value),
  INTERVAL: within(1, MOST_INTERVAL),
  COUNT: within(1, MOST_COUNT),
  UNTIL: isMoment,
  WKST: (value) => new RegExp(`^(?:${DAY})$`).test(value),
}

function isMoment(value: string): boolean {
  const parts = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?$/.exec(value)
  if (!parts) return false
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = parts
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const read = new Date(at)
  return !Number.isNaN(read.getTime()) && read.toISOString() === at
}

/**
 * What is wrong with a rule of RFC 5545, by its part; null: nothing. Whoever reads rules leaves out what they do not
 * understand, and a rule that comes at other times than it says is worse than none.
 */
export function wrongRule(rrule: string): string | null {
  const parts = rrule
    .replace(/^RRULE:/i, '')
    .toUpperCase()
    .split(';')
    .map((part) => part.split('='))
  const seen = new Map<string, string>()
  for (const [name = '', value = '', ...rest] of parts) {
    const list = Object.hasOwn(LISTS, name) ? LISTS[name] : undefined
    const single = Object.hasOwn(SINGLES, name) ? SINGLES[name] : undefined
    if (rest.length > 0 || !(list ?? single)) return `“${name.slice(0, 20)}” is no part of a rule (RFC 5545)`
    if (seen.has(name)) return `${name} stands there twice`
    seen.set(name, value)
    const values = list ? value.split(',') : [value]
    if (values.length > MOST_LISTED || !values.every(list ?? single!))
      return `${name} cannot be ${value.slice(0, 20)}`
  }
  if (!seen.has('FREQ')) return 'it says no FREQ (RFC 5545)'
  if (seen.has('COUNT') && seen.has('UNTIL')) return 'it ends by COUNT or by UNTIL, not by both'
  return null
}
