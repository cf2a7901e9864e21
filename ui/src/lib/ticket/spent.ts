import type { Ref } from '#lib/api/types.ts'
import { readDuration, writtenDuration } from '#lib/time/written-duration.ts'

export interface TimeEntry {
  id: string
  person: Ref
  minutes: number
  what: string
  at: string
  revision: number
}
export interface TimeSpent {
  items: TimeEntry[]
  total_minutes: number
  /** Mine, on whatever ticket it runs. */
  clock: { number: string; started_at: string } | null
}

const MINUTE = 60_000
const MOST = 24 * 60

/** "45", "1h 30m", "1:30", "1.5h" in minutes; undefined for what is no length of a day at most. */
export function minutesIn(text: string): number | undefined {
  const length = Math.round((readDuration(text, MINUTE) ?? 0) / MINUTE)
  return length >= 1 && length <= MOST ? length : undefined
}

/** As `minutesIn` reads it: what an entry is corrected from. */
export const lengthOf = (minutes: number): string => writtenDuration(minutes * MINUTE, 'en', false)
