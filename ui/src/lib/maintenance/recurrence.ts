import { m } from '#lib/paraglide/messages.js'
import type { Locale } from '#lib/text/locale.ts'
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
    // Not each month has a fifth one: the last is meant.
    monthly: `FREQ=MONTHLY;BYDAY=${date.getUTCDate() > 28 ? -1 : Math.ceil(date.getUTCDate() / 7)}${weekday}`,
  }
  return rules[repeat] ?? null
}

/** The same for a window, up to and with the last day; null: it does not recur. Without a last day it never ends. */
export function ruleOf(repeat: Repeat, start: string, lastDay: string, zone: string): string | null {
  const rule = ruleFor(repeat, start)
  if (!rule || !lastDay) return rule
  const until = new Date(instantOf(`${lastDay}T23:59`, zone))
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[-:]/g, '')
  return `${rule};UNTIL=${until}Z`
}

/** A recurrence rule in words, where it is as simple as one of the choices; else as it is. */
export function repeatWords(rule: string, locale: Locale): string {
  const { FREQ, BYDAY, ...more } = Object.fromEntries(
    rule.split(';').map((part) => part.split('=')),
  ) as Record<string, string | undefined>
  // When it ends stands beside it.
  if (Object.keys(more).some((name) => name !== 'UNTIL' && name !== 'COUNT')) return rule
  if (FREQ === 'DAILY' && !BYDAY) return m.quiet_daily()
  if (FREQ === 'WEEKLY' && BYDAY === 'MO,TU,WE,TH,FR') return m.quiet_weekdays()
  const [, nth = '', code = ''] = /^((?:[1-4]|-1)?)([A-Z]{2})$/.exec(BYDAY ?? '') ?? []
  const place = days.indexOf(code)
  if (place < 0) return rule
  // The fourth of January 2026 was a Sunday.
  const day = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(
    Date.UTC(2026, 0, 4 + place),
  )
  if (FREQ === 'WEEKLY' && !nth) return m.quiet_every_week({ day })
  if (FREQ === 'MONTHLY' && nth)
    return m.quiet_every_month({ nth: nth === '-1' ? 'last' : (nth as '1' | '2' | '3' | '4'), day })
  return rule
}
