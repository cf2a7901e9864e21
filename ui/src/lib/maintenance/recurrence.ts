import { instantOf } from '#lib/time/zone.ts'

export const REPEATS = ['once', 'daily', 'weekdays', 'weekly', 'monthly', 'own'] as const
export type Repeat = (typeof REPEATS)[number]

const days = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/**
 * The recurrence rule of a simple choice, for a window that begins at this wall time (`2026-11-22T22:00`), up to
 * and with the last day. null: it does not recur.
 */
export function ruleOf(repeat: Repeat, start: string, lastDay: string, zone: string): string | null {
  if (repeat === 'once' || repeat === 'own' || !lastDay) return null
  const date = new Date(`${start.slice(0, 10)}T00:00Z`)
  const weekday = days[date.getUTCDay()]
  const until = new Date(instantOf(`${lastDay}T23:59`, zone))
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[-:]/g, '')
  const rules = {
    daily: 'FREQ=DAILY',
    weekdays: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    weekly: `FREQ=WEEKLY;BYDAY=${weekday}`,
    monthly: `FREQ=MONTHLY;BYDAY=${Math.min(4, Math.ceil(date.getUTCDate() / 7))}${weekday}`,
  }
  return `${rules[repeat]};UNTIL=${until}Z`
}
