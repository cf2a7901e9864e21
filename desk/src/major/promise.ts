import type { Priority } from '@tocsin/db'

/** How often people hear of a major incident, unless whoever declares it says otherwise; in minutes. */
export const UPDATE_EVERY: Record<Priority, number> = { P1: 30, P2: 60, P3: 120, P4: 240, P5: 240 }

export type Reminder = 'due' | 'overdue'

/** The promise of the next update, and what is to be reminded of next, and when. */
export interface Promised {
  next_update_at: Date | null
  remind: Reminder | null
  remind_at: Date | null
}

const SOON_MS = 10 * 60_000

/** The first reminder comes while the promise can still be kept: a quarter of its time before, ten minutes at most. */
export function promise(now: Date, at: Date | null): Promised {
  if (!at) return { next_update_at: null, remind: null, remind_at: null }
  const before = Math.min(SOON_MS, Math.floor((at.getTime() - now.getTime()) / 4))
  return { next_update_at: at, remind: 'due', remind_at: new Date(at.getTime() - before) }
}

/** What is told now, and what stands then. Whoever looks too late for the first reminder gives the second alone. */
export function decideReminder(held: Promised, now: Date): { tell: Reminder | null; next: Promised } {
  const { next_update_at: at, remind, remind_at } = held
  if (!at || !remind || !remind_at || remind_at > now) return { tell: null, next: held }
  return now >= at
    ? { tell: 'overdue', next: { next_update_at: at, remind: null, remind_at: null } }
    : { tell: 'due', next: { next_update_at: at, remind: 'overdue', remind_at: at } }
}
