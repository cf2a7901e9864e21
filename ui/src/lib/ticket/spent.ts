import type { Ref } from '#lib/api/types.ts'

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

const MOST = 24 * 60

/** "45", "1h 30m", "1:30", "1.5h" in minutes; undefined for what is no length of a day at most. */
export function minutesIn(text: string): number | undefined {
  const said = text.trim().toLowerCase().replace(',', '.')
  const [, hours, minutes] =
    /^(\d{1,2}):([0-5]\d)$/.exec(said) ??
    /^(?:(\d{1,2}(?:\.\d{1,2})?)\s*h(?:ours?)?)?\s*(?:(\d{1,4})\s*(?:m(?:in)?)?)?$/.exec(said) ??
    []
  if (!hours && !minutes) return undefined
  const length = Math.round(Number(hours ?? 0) * 60) + Number(minutes ?? 0)
  return length >= 1 && length <= MOST ? length : undefined
}

/** As `minutesIn` reads it: what an entry is corrected from. */
export const lengthOf = (minutes: number): string =>
  minutes < 60
    ? `${minutes}m`
    : minutes % 60 === 0
      ? `${minutes / 60}h`
      : `${Math.floor(minutes / 60)}h ${minutes % 60}m`
