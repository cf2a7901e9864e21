import { REPEATS, type Repeat, ruleFor } from '#lib/maintenance/recurrence.ts'
import { m } from '#lib/paraglide/messages.js'
import { wallTime } from '#lib/time/zone.ts'

export type Recurs = { starts_at: string; zone: string; rrule: string }

const words: Partial<Record<Repeat, () => string>> = {
  daily: m.quiet_daily,
  weekdays: m.quiet_weekdays,
  weekly: m.quiet_weekly,
  monthly: m.quiet_monthly,
}

/** The wall time in its zone at which it begins. */
export const startOf = ({ starts_at, zone }: Recurs): string => wallTime(Date.parse(starts_at), zone)

/** Which simple choice a rule is; `own` where it is none. */
export const repeatOf = (recurs: Recurs): Repeat =>
  REPEATS.find((repeat) => ruleFor(repeat, startOf(recurs)) === recurs.rrule) ?? 'own'

export const repeatWord = (repeat: Repeat): string | undefined => words[repeat]?.()
export const repeatOptions = () => [
  ...(Object.keys(words) as Repeat[]).map((value) => ({ value, label: words[value]!() })),
  { value: 'own' as Repeat, label: m.quiet_own() },
]
