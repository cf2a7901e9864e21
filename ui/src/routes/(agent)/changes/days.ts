import type { PlannedChange } from '#lib/ticket/planned-change.ts'
import { addDays, dateIn } from '#lib/time/zone.ts'

export type View = 'month' | 'week'

/** The Monday of a date's week. */
export function mondayOf(date: string): string {
  const weekday = (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7
  return addDays(date, -weekday)
}

/** The days that a view shows around a date: whole weeks. */
export function daysOf(view: View, date: string): string[] {
  if (view === 'week') return Array.from({ length: 7 }, (_, day) => addDays(mondayOf(date), day))
  const first = `${date.slice(0, 7)}-01`
  const from = mondayOf(first)
  const last = stepped('month', first, 1)
  const weeks = Math.ceil((Date.parse(`${last}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / (7 * 86_400_000))
  return Array.from({ length: weeks * 7 }, (_, day) => addDays(from, day))
}

/** The date from which the view before or after is shown. */
export function stepped(view: View, date: string, by: 1 | -1): string {
  if (view === 'week') return addDays(mondayOf(date), 7 * by)
  const [year = 2000, month = 1] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + by, 1)).toISOString().slice(0, 10)
}

/** The changes of a day: those that begin on it, and those that still go on. */
export const changesOn = (changes: readonly PlannedChange[], day: string, zone: string): PlannedChange[] =>
  changes.filter(
    ({ planned_start, planned_end }) =>
      dateIn(Date.parse(planned_start), zone) <= day && dateIn(Date.parse(planned_end) - 1, zone) >= day,
  )
