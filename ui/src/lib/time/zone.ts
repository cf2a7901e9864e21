const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(zone, made)
  return made
}

/** The wall time of an instant (epoch milliseconds) in a zone, as if it were UTC. */
function wallOf(instant: number, zone: string): number {
  const part = Object.fromEntries(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/**
 * The instant (epoch milliseconds) of a wall time such as `2026-11-22T09:00` in a zone. A time in the hour that a
 * spring night skips lies an hour later.
 */
export function instantOf(wall: string, zone: string): number {
  const asUtc = Date.parse(`${wall.length === 10 ? `${wall}T00:00` : wall}Z`)
  const offsetAt = (instant: number) => wallOf(instant, zone) - Math.floor(instant / 1000) * 1000
  const first = asUtc - offsetAt(asUtc)
  return asUtc - offsetAt(first)
}

/** The wall time of an instant in a zone as an input of a form takes it: `2026-11-22T09:00`. */
export const wallTime = (instant: number, zone: string): string =>
  new Date(wallOf(instant, zone)).toISOString().slice(0, 16)

/** The date of an instant in a zone: `2026-11-22`. */
export const dateIn = (instant: number, zone: string): string => wallTime(instant, zone).slice(0, 10)

/** `count` dates later: `2026-11-30` and 2 give `2026-12-02`. */
export const addDays = (date: string, count: number): string =>
  new Date(Date.parse(`${date}T00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)

/** Whether a text names a zone that clocks know. */
export function isZone(name: string): boolean {
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}
