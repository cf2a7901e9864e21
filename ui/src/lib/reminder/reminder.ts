import type { Priority, State } from '#lib/api/types.ts'
import { m } from '#lib/paraglide/messages.js'
import { addDays, dateIn, instantOf } from '#lib/time/zone.ts'

export interface Reminder {
  id: string
  kind: 'time' | 'answer' | 'unchanged'
  due_at: string | null
  note: string
  state: 'waiting' | 'fired'
  fired_at: string | null
  created_at: string
  /** Null: not mine to see any more. */
  ticket: { number: string; title: string; state: State; priority: Priority } | null
}

export type When = { in_minutes: number } | { at: string }

/** The times that people mostly choose, in their own zone. */
export const usualTimes = (zone: string): { value: string; label: string; when: () => When }[] => [
  { value: 'hour', label: m.remind_in_hour(), when: () => ({ in_minutes: 60 }) },
  { value: 'three', label: m.remind_in_three(), when: () => ({ in_minutes: 180 }) },
  { value: 'tomorrow', label: m.remind_tomorrow(), when: () => nineAfter(1, zone) },
  { value: 'monday', label: m.remind_monday(), when: () => nineAfter(daysToMonday(zone), zone) },
]

const nineAfter = (days: number, zone: string): When => ({
  at: new Date(instantOf(`${addDays(dateIn(Date.now(), zone), days)}T09:00`, zone)).toISOString(),
})

/** To the next one, never today. */
export const daysToMonday = (zone: string, now = Date.now()): number => {
  const weekday = new Date(`${dateIn(now, zone)}T00:00Z`).getUTCDay()
  return (8 - weekday) % 7 || 7
}
