/** One span of a weekday: Monday is 1; wall times as HH:MM, `to` may be 24:00. Half-open: `to` is not worked. */
export interface WeeklySpan {
  day: number
  from: string
  to: string
}

export interface Holiday {
  date: string
  name: string
}

/** When people work. `always` is around the clock, and then neither weekly spans nor holidays count. */
export interface Hours {
  zone: string
  weekly: WeeklySpan[]
  holidays: Holiday[]
  always: boolean
}

export const MINUTE = 60_000
/** A wall day, which has 24 wall hours in every zone; how long it really lasts is the stretches' matter. */
export const WALL_DAY = 1440 * MINUTE

/** Hours read once into numbers: spans per weekday in wall milliseconds, holidays by wall day. */
export interface Timetable {
  /** Index 0 is Monday. */
  week: { from: number; to: number }[][]
  holidays: Map<number, string>
}

const read = new WeakMap<Hours, Timetable>()

export function timetable(hours: Hours): Timetable {
  const held = read.get(hours)
  if (held) return held
  const week: Timetable['week'] = [[], [], [], [], [], [], []]
  for (const span of hours.weekly)
    week[span.day - 1]!.push({ from: wallTime(span.from), to: wallTime(span.to) })
  for (const spans of week) spans.sort((a, b) => a.from - b.from)
  const holidays = new Map(hours.holidays.map(({ date, name }) => [Date.parse(date) / WALL_DAY, name]))
  const table = { week, holidays }
  read.set(hours, table)
  return table
}

/** "09:30" in milliseconds after wall midnight; NaN when it is no wall time. */
export function wallTime(text: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$|^24:00$/.exec(text)
  if (!match) return Number.NaN
  return match[1] ? Number(match[1]) * 60 * MINUTE + Number(match[2]) * MINUTE : WALL_DAY
}

/** 1970-01-01 was a Thursday. Answers 0 for Monday. */
export const weekday = (wallDay: number): number => (((wallDay + 3) % 7) + 7) % 7
