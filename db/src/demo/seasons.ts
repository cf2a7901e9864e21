import { DAY, HOUR, type World } from './world.ts'

export const ZONE = 'Europe/Rome'

/** When something tends to happen: by weekday (Monday first), by hour, by month (January first). */
export interface Season {
  week: readonly number[]
  hours: readonly number[]
  months: readonly number[]
  holidays: number
}

/** People at work: Monday mornings are full, August and the end of the year are empty. */
export const AT_WORK: Season = {
  week: [1.28, 1.12, 1.02, 0.98, 0.86, 0.08, 0.05],
  hours: [0, 0, 0, 0, 0, 1, 3, 9, 17, 19, 16, 12, 6, 9, 15, 15, 11, 6, 3, 2, 1, 1, 0, 0],
  months: [1.22, 1.06, 1.08, 1, 0.98, 0.95, 0.88, 0.48, 1.25, 1.14, 1.04, 0.8],
  holidays: 0.06,
}

/** Machines: night jobs, the load of the day, and the trade before Christmas. */
export const MACHINES: Season = {
  week: [1.1, 1.02, 1, 1.04, 1.08, 0.8, 0.84],
  hours: [5, 8, 9, 6, 4, 3, 3, 4, 6, 8, 8, 7, 6, 6, 7, 7, 6, 6, 6, 6, 5, 4, 4, 5],
  months: [1, 0.95, 0.96, 0.98, 0.98, 1.02, 1.08, 0.94, 1, 1.06, 1.22, 1.18],
  holidays: 0.85,
}

/** Instants of a season over the whole story, about `perDay` of them a day, in order. */
export function arrivals(
  { chance, start, now }: World,
  season: Season,
  perDay: number,
  off: Set<string>,
): number[] {
  const instants: number[] = []
  const hours = season.hours.map((weight, hour) => [hour, weight] as const)
  for (let midnight = midnightOf(start); midnight < now; midnight = midnightOf(midnight + 30 * HOUR)) {
    const date = new Date(midnight + offsetAt(midnight))
    const grown = 0.85 + (0.3 * (midnight - start)) / (now - start)
    const expected =
      perDay *
      grown *
      season.week[(date.getUTCDay() + 6) % 7]! *
      season.months[date.getUTCMonth()]! *
      (off.has(date.toISOString().slice(0, 10)) ? season.holidays : 1)
    for (
      let count = Math.round(expected + (chance.roll() - 0.5) * 2 * Math.sqrt(expected));
      count > 0;
      count--
    ) {
      const at = midnight + chance.weigh(hours) * HOUR + chance.between(0, HOUR - 1)
      if (at > start && at < now) instants.push(at)
    }
  }
  return instants.toSorted((a, b) => a - b)
}

const offsets = new Map<number, number>()
const shown = new Intl.DateTimeFormat('en', { timeZone: ZONE, hour: 'numeric', hourCycle: 'h23' })

/** By how much the wall clock of the company is ahead of UTC, looked up once a day. */
export function offsetAt(at: number): number {
  const noon = Math.floor(at / DAY) * DAY + 12 * HOUR
  const held = offsets.get(noon)
  if (held !== undefined) return held
  const offset = (Number(shown.format(noon)) - 12) * HOUR
  offsets.set(noon, offset)
  return offset
}

export function midnightOf(at: number): number {
  const wall = at + offsetAt(at)
  return wall - (wall % DAY) - offsetAt(at)
}

/** The hour on the company's wall clock. */
export const hourOf = (at: number): number => new Date(at + offsetAt(at)).getUTCHours()
