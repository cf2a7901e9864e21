import { addWorking, holidaysBetween, type Span, spansBetween } from './business-time.ts'
import { checkHours } from './check.ts'
import type { Hours } from './hours.ts'

export interface HoursPreview {
  due: Date
  /** The first stretches that count, up to the due instant. */
  counted: Span[]
  /** The first holidays on the way. */
  skipped: (Span & { name: string })[]
}

const SHOWN = 12

/** When `ms` of working time begun at `at` have passed, and what counts on the way. Throws `invalid` as saving would. */
export function previewHours(hours: Hours, at: Date, ms: number): HoursPreview {
  checkHours(hours)
  const due = addWorking(hours, at, ms)
  const [from, to] = [at.getTime(), due.getTime()]
  return {
    due,
    counted: spansBetween(hours, from, to).take(SHOWN).toArray(),
    skipped: holidaysBetween(hours, from, to).take(SHOWN).toArray(),
  }
}
