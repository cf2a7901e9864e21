import { Temporal } from 'temporal-polyfill'
import type { Rotation } from './schedule.ts'

/**
 * When the turn with this number begins, in epoch milliseconds. A handoff that the zone's clock jumps over
 * happens when the clock comes back (a skipped day gives a turn of no length); one that it shows twice, the
 * first time. Turn by turn these never go back, so every instant after the first belongs to exactly one turn.
 */
export function turnBegins(rotation: Rotation, zone: string, turn: number): number {
  return Temporal.PlainDate.from(rotation.starts_on)
    .add({ days: turn * daysOf(rotation) })
    .toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(rotation.handoff) })
    .epochMilliseconds
}

/** The number of the turn that runs at this instant; undefined before the first handoff. */
export function turnAt(rotation: Rotation, zone: string, at: number): number | undefined {
  if (at < turnBegins(rotation, zone, 0)) return undefined
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()
  const days = Temporal.PlainDate.from(rotation.starts_on).until(today, { largestUnit: 'day' }).days
  let turn = Math.max(0, Math.floor(days / daysOf(rotation)))
  while (turnBegins(rotation, zone, turn) > at) turn--
  while (turnBegins(rotation, zone, turn + 1) <= at) turn++
  return turn
}

const daysOf = (rotation: Rotation) => rotation.length * (rotation.every === 'week' ? 7 : 1)
