import { type Hours, timetable, WALL_DAY, weekday } from './hours.ts'
import { stretchAt } from './wall-clock.ts'

/** [from, to) in epoch milliseconds. */
export interface Span {
  from: number
  to: number
}

const CENTURY = 100 * 366 * WALL_DAY

/**
 * The working spans between two instants, in order, merged where they touch. An instant is worked when the
 * wall clock of the zone then shows a time inside a span of that weekday, and the date is no holiday: so the
 * hour that an autumn night repeats counts twice, and the one that a spring night skips never.
 */
export function* spansBetween(hours: Hours, from: number, to: number): Generator<Span> {
  let held: Span | undefined
  for (const span of pieces(hours, from, to)) {
    if (held && held.to === span.from) held.to = span.to
    else {
      if (held) yield held
      held = span
    }
  }
  if (held) yield held
}

/** Working milliseconds in [from, to). */
export function workingMs(hours: Hours, from: Date, to: Date): number {
  let total = 0
  for (const span of pieces(hours, from.getTime(), to.getTime())) total += span.to - span.from
  return total
}

/**
 * The first instant by which `ms` working milliseconds have passed since `from`. Hours that cannot hold so
 * much within a century answer its end: a promise is then far away, never an endless loop.
 */
export function addWorking(hours: Hours, from: Date, ms: number): Date {
  const start = from.getTime()
  if (ms <= 0) return from
  let left = ms
  for (const span of pieces(hours, start, start + CENTURY)) {
    const length = span.to - span.from
    if (length >= left) return new Date(span.from + left)
    left -= length
  }
  return new Date(start + CENTURY)
}

/** The holidays between two instants, in order, as far as they lie there. */
export function* holidaysBetween(hours: Hours, from: number, to: number): Generator<Span & { name: string }> {
  if (hours.always) return
  const { holidays } = timetable(hours)
  for (const day of wallDays(hours.zone, from, to)) {
    const name = holidays.get(day.number)
    const start = Math.max(day.from, day.midnight)
    const stop = Math.min(day.to, day.midnight + WALL_DAY)
    if (name !== undefined && start < stop) yield { from: start, to: stop, name }
  }
}

function* pieces(hours: Hours, from: number, to: number): Generator<Span> {
  if (from >= to) return
  if (hours.always) {
    yield { from, to }
    return
  }
  const { week, holidays } = timetable(hours)
  for (const day of wallDays(hours.zone, from, to)) {
    if (holidays.has(day.number)) continue
    for (const span of week[weekday(day.number)]!) {
      const start = Math.max(day.from, day.midnight + span.from)
      const stop = Math.min(day.to, day.midnight + span.to)
      if (start < stop) yield { from: start, to: stop }
    }
  }
}

/**
 * The dates that the wall clock shows between two instants; one that an offset changes in comes in two parts,
 * each with the midnight that its own offset gives it. [from, to) is the stretch to stay in.
 */
function* wallDays(
  zone: string,
  from: number,
  to: number,
): Generator<Span & { number: number; midnight: number }> {
  for (let at = from; at < to;) {
    const stretch = stretchAt(zone, at)
    const end = Math.min(to, stretch.to)
    const last = Math.floor((end - 1 + stretch.offset) / WALL_DAY)
    for (let number = Math.floor((at + stretch.offset) / WALL_DAY); number <= last; number++)
      yield { number, midnight: number * WALL_DAY - stretch.offset, from: at, to: end }
    at = end
  }
}
