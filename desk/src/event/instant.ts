const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(Z|z|[+-]\d\d:?\d\d)$/

// A sender's clock may run ahead; a day is no clock skew any more.
const FURTHEST_AHEAD_MS = 86_400_000

/**
 * An RFC 3339 instant in UTC, cut to microseconds. `null` where it is absent (also the year 1 and the epoch,
 * by which senders say “not set”); `undefined` where it cannot be understood or lies more than a day ahead.
 */
export function readInstant(value: unknown, receivedAt: Date): string | null | undefined {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') return undefined
  const parts = RFC3339.exec(value)
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = parts
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const offset = /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`
  const ms = Date.parse(local + offset)
  // Date.parse rolls 30 February over; the wall time must come back as it was given.
  if (Number.isNaN(ms) || new Date(Date.parse(`${local}Z`)).toISOString().slice(0, 19) !== local)
    return undefined
  if (ms <= 0) return null
  if (ms > receivedAt.getTime() + FURTHEST_AHEAD_MS) return undefined
  const micros = fraction.slice(0, 6)
  return `${new Date(ms).toISOString().slice(0, 19)}${micros && `.${micros}`}Z`
}

/** Milliseconds, cut, never rounded: an opening and the resolve that names it must compare equal. */
export function millisecondsOf(instant: string): number {
  const [seconds = '', fraction = ''] = instant.slice(0, -1).split('.')
  return Date.parse(`${seconds}Z`) + Number(fraction.slice(0, 3).padEnd(3, '0'))
}
