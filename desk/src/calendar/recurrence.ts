import { RRuleTemporal } from 'rrule-temporal'
import { wrongRule } from './rule-parts.ts'
import { instantOfWall, instantsOfWall, isZone, stretchAt } from './wall-clock.ts'

/** What comes again and again at wall times of a zone: the first time, and a rule of RFC 5545 without DTSTART. */
export interface Recurring {
  starts_at: string
  zone: string
  rrule: string
}

/** Instants are milliseconds. */
export interface Recurrence {
  /** The first time after an instant; null: it comes no more. */
  next: (after: number) => number | null
  /** All times in (after, until], in order. */
  between: (after: number, until: number) => number[]
}

const HOUR = 3_600_000
// Two times of one night may change their order where its clocks do, and no night moves them by more.
const NIGHT = 4 * HOUR
const LOOKED_AT = 60

/**
 * The times of something that recurs. They are counted on the wall, where every day has all of its hours, and then
 * looked up in the zone: a time that a spring night skips comes as much later, one that an autumn night has twice comes
 * once, unless it comes by the hour. `null` where the rule is none.
 */
export function recurrenceOf({ starts_at, zone, rrule }: Recurring): Recurrence | null {
  const wallOf = (instant: number) => instant + stretchAt(zone, instant).offset
  const rule = onTheWall(rrule, wallOf(beginning(starts_at)), wallOf)
  if (!rule) return null
  const byTheHour = /FREQ=HOURLY/i.test(rrule)
  const instantsOf = (wall: number) => (byTheHour ? instantsOfWall(zone, wall) : [instantOfWall(zone, wall)])
  const from = (wall: number, to: number) =>
    rule.between(new Date(wall), new Date(to), true).flatMap((at) => instantsOf(at.epochMilliseconds))
  const first = (walls: [number, number], after: number) => {
    const times = from(...walls).filter((time) => time > after)
    return times.length > 0 ? Math.min(...times) : null
  }
  return {
    next: (after) => {
      const wall = wallOf(after)
      const soon = first([wall - NIGHT, wall + NIGHT], after)
      if (soon !== null) return soon
      const later = rule.next(new Date(wall + NIGHT))?.epochMilliseconds
      return later === undefined ? null : first([later, later + NIGHT], after)
    },
    between: (after, until) => {
      const times = from(wallOf(after) - NIGHT, wallOf(until) + NIGHT)
      return [...new Set(times)].filter((time) => time > after && time <= until).toSorted((a, b) => a - b)
    },
  }
}

/** Rules know nothing finer than a second. */
const beginning = (starts_at: string): number => Math.floor(Date.parse(starts_at) / 1_000) * 1_000

/** The rule as if the zone were UTC, with the end that it may have. */
function onTheWall(rrule: string, first: number, wallOf: (instant: number) => number): RRuleTemporal | null {
  if (!/^[\w=;,:+-]+$/.test(rrule)) return null
  const stamp = (wall: number) => `${new Date(wall).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const ended = rrule
    .replace(/^RRULE:/i, '')
    .replace(
      /UNTIL=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/i,
      (_, ...part) =>
        `UNTIL=${stamp(wallOf(Date.parse(`${part.slice(0, 3).join('-')}T${part.slice(3, 6).join(':')}Z`)))}`,
    )
  try {
    const rule = new RRuleTemporal({
      rruleString: `DTSTART:${stamp(first)}\nRRULE:${ended}`,
      maxIterations: 20_000,
    })
    rule.next(new Date(first), true)
    return rule
  } catch {
    return null
  }
}

/** Why something cannot recur like this, by the part that is wrong; null: it can. */
export function wrongRecurrence(
  recurring: Recurring,
): { path: 'zone' | 'rrule' | 'starts_at'; message: string } | null {
  if (!isZone(recurring.zone)) return { path: 'zone', message: 'an IANA time zone, such as Europe/Rome' }
  if (/FREQ=(?:SECONDLY|MINUTELY|HOURLY)/i.test(recurring.rrule))
    return { path: 'rrule', message: 'it may recur by the day at most: name hours by BYHOUR' }
  const wrong = wrongRule(recurring.rrule)
  if (wrong) return { path: 'rrule', message: wrong }
  if (Number.isNaN(Date.parse(recurring.starts_at))) return { path: 'starts_at', message: 'is no instant' }
  // One that never comes is looked for in vain.
  const recurrence = recurrenceOf(recurring)
  let last = recurrence?.next(beginning(recurring.starts_at) - 1) ?? null
  if (!recurrence || last === null) return { path: 'rrule', message: 'it never comes' }
  for (let count = 1; count < LOOKED_AT; count++) {
    const next = recurrence.next(last)
    if (next === null) return null
    if (next - last < HOUR) return { path: 'rrule', message: 'it comes more than once an hour' }
    last = next
  }
  return null
}
