import { instantOf } from '#lib/time/zone.ts'

export const REPEATS = ['once', 'daily', 'weekdays', 'weekly', 'monthly', 'own'] as const
export type Repeat = (typeof REPEATS)[number]

const days = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** The rule of a simple choice for what begins at this wall time (`2026-11-22T22:00`), without an end; null: none. */
export function ruleFor(repeat: Repeat, start: string): string | null {
  const date = new Date(`${start.slice(0, 10)}T00:00Z`)
  const weekday = days[date.getUTCDay()]
  const rules: Partial<Record<Repeat, string>> = {
    daily: 'FREQ=DAILY',
    weekdays: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    weekly: `FREQ=WEEKLY;BYDAY=${weekday}`,
    monthly: `FREQ=MONTHLY;BYDAY=${Math.min(4, Math.ceil(date.getUTCDate() / 7))}${weekday}`,
  }
  return rules[repeat] ?? null
}

/** The same for a window, up to and with the last day; null: it does not recur. */
export function ruleOf(repeat: Repeat, start: string, lastDay: string, zone: string): string | null {
  const rule = ruleFor(repeat, start)
  if (!rule || !lastDay) return null
  const until = new Date(instantOf(`${lastDay}T23:59`, zone))
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[-:]/g, '')
  return `${rule};UNTIL=${until}Z`
}
