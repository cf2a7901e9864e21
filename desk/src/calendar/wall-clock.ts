import { Temporal } from 'temporal-polyfill'

/** A stretch of instants [from, to), in epoch milliseconds, in which a zone keeps one offset from UTC. */
export interface Stretch {
  from: number
  to: number
  offset: number
}

const known = new Map<string, Stretch[]>()

/**
 * The stretch that holds an instant. Within it the zone's wall clock is plain arithmetic (instant + offset),
 * which is what makes a due time months away cheap. Throws RangeError for a zone that does not exist.
 */
export function stretchAt(zone: string, instant: number): Stretch {
  const stretches = known.get(zone) ?? []
  const held = stretches.find((stretch) => stretch.from <= instant && instant < stretch.to)
  if (held) return held
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
  // "previous" is strictly before, so an instant that is itself a transition is asked for a millisecond later.
  const previous = zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
  const next = zoned.getTimeZoneTransition('next')
  const stretch = {
    from: previous ? previous.epochMilliseconds : Number.NEGATIVE_INFINITY,
    to: next ? next.epochMilliseconds : Number.POSITIVE_INFINITY,
    offset: zoned.offsetNanoseconds / 1e6,
  }
  known.set(zone, [...stretches, stretch])
  return stretch
}

/** True for an IANA zone that this runtime knows; bare offsets are refused, because they know no summer time. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

const DAY = 86_400_000

/**
 * The instants of a wall time (milliseconds as if the zone were UTC): two in an autumn night, and for one that a
 * spring night skips the instant as far after the change as it lies after the gap's beginning.
 */
export function instantsOfWall(zone: string, wall: number): number[] {
  const [before, after] = [stretchAt(zone, wall - DAY).offset, stretchAt(zone, wall + DAY).offset]
  const meant = new Set(
    [wall - before, wall - after].filter((instant) => instant + stretchAt(zone, instant).offset === wall),
  )
  return meant.size > 0 ? [...meant] : [wall - before]
}

/** The one instant of a wall time: of two the first. */
export const instantOfWall = (zone: string, wall: number): number => Math.min(...instantsOfWall(zone, wall))
