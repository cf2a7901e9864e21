const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:[Zz]|([+-])(\d\d):?(\d\d))$/

const EPOCH = /^\d{1,19}(?:\.\d+)?$/

// A sender's clock may run ahead; a day is no clock skew any more.
const FURTHEST_AHEAD_MS = 86_400_000

/**
 * An RFC 3339 instant, or a number since the epoch, in UTC, cut to microseconds. `null` where it is absent (also the year 1 and the epoch,
 * by which senders say “not set”); `undefined` where it cannot be understood or lies more than a day ahead.
 * A Date is taken at its word, also at the epoch: whoever made it knew that the sender means it.
 */
export function readInstant(value: unknown, receivedAt: Date): string | null | undefined {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'number') return fromEpoch(value, receivedAt)
  if (value instanceof Date)
    return value.getTime() > receivedAt.getTime() + FURTHEST_AHEAD_MS ? undefined : value.toISOString()
  if (typeof value !== 'string') return undefined
  if (EPOCH.test(value)) return fromEpoch(Number(value), receivedAt)
  const parts = RFC3339.exec(value)
  if (!parts) return undefined
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as Wall
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  if (year < 1970) return null
  const offsetMs = parts[8]
    ? (parts[8] === '-' ? -1 : 1) * (Number(parts[9]) * 60 + Number(parts[10])) * 60_000
    : 0
  const ms = Date.UTC(year, month - 1, day, hour, minute, second) - offsetMs
  if (ms <= 0) return null
  if (ms > receivedAt.getTime() + FURTHEST_AHEAD_MS) return undefined
  const fraction = parts[7] ? `.${parts[7].slice(0, 6)}` : ''
  // Most senders write UTC already: formatting a date is the dear part of reading one.
  if (offsetMs === 0) return `${value.slice(0, 10)}T${value.slice(11, 19)}${fraction}Z`
  return `${new Date(ms).toISOString().slice(0, 19)}${fraction}Z`
}

/** Seconds, milliseconds, microseconds or nanoseconds since the epoch: their size tells them apart. */
function fromEpoch(value: number, receivedAt: Date): string | null | undefined {
  if (value <= 0) return null
  const ms = [1e3, 1, 1e-3, 1e-6].map((scale) => value * scale).find((one) => one >= 1e10 && one < 1e13)
  if (ms === undefined || ms > receivedAt.getTime() + FURTHEST_AHEAD_MS) return undefined
  return new Date(ms).toISOString()
}

type Wall = [number, number, number, number, number, number]

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const daysIn = (year: number, month: number): number =>
  month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : DAYS[month - 1]!

/** Milliseconds, cut, never rounded: an opening and the resolve that names it must compare equal. */
export function millisecondsOf(instant: string): number {
  const [seconds = '', fraction = ''] = instant.slice(0, -1).split('.')
  return Date.parse(`${seconds}Z`) + Number(fraction.slice(0, 3).padEnd(3, '0'))
}
