import { DeskError } from '../activity/index.ts'
import type { Holiday } from './hours.ts'
import { cutName, daysOf, propertyOf, Unreadable } from './ical-days.ts'
import { icalEvents, type IcalEvent } from './ical-lines.ts'

const MOST_BYTES = 512 * 1024
const MOST_RECURRING = 300
const MOST_HOLIDAYS = 1000
const MOST_YEARS = 20
const RULES_MS = 1_000
const MOST_SHOWN = 100

export interface IcalInput {
  text: string
  /** Recurring events are expanded for these years, and days of others are left out. */
  fromYear: number
  toYear: number
  /** The list as it stands; what it calls a day, stays. */
  holidays: Holiday[]
  /** Days of those years that the file does not have leave the list. */
  replace: boolean
  /** How long the rules of the file may take, together; a usual one takes less than a millisecond. */
  rulesMs?: number
}

export interface IcalPreview {
  /** The list as it would be, by date. */
  holidays: Holiday[]
  added: Holiday[]
  removed: Holiday[]
  /** Days of the file that are on the list already. */
  known: number
  /** Events of which days lie outside the years. */
  outside: number
  /** Events that were left out, the first of them. */
  skipped: { line: number; message: string }[]
}

/**
 * What an iCalendar file would make of a list of holidays; saves nothing. An event that cannot be read is left out and
 * named by its line; throws `invalid` for a text that is no iCalendar file.
 */
export function previewIcal({
  text,
  fromYear,
  toYear,
  holidays,
  replace,
  rulesMs = RULES_MS,
}: IcalInput): IcalPreview {
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new DeskError('too_large', `The file may hold ${MOST_BYTES / 1024} KB at most.`)
  if (toYear < fromYear || toYear - fromYear >= MOST_YEARS) {
    const message = `From ${fromYear} on, at most ${MOST_YEARS} years.`
    throw new DeskError('invalid', 'These years make no sense.', { errors: [{ path: 'to_year', message }] })
  }
  const { days, outside, skipped } = readDays(text, { fromYear, toYear, rulesMs })
  const listed = new Map(holidays.map((one) => [one.date, one]))
  const added = [...days.values()].filter((one) => !listed.has(one.date))
  const within = ({ date }: Holiday) =>
    Number(date.slice(0, 4)) >= fromYear && Number(date.slice(0, 4)) <= toYear
  const removed = replace ? holidays.filter((one) => within(one) && !days.has(one.date)) : []
  const gone = new Set(removed.map((one) => one.date))
  const whole = [...holidays.filter((one) => !gone.has(one.date)), ...added].toSorted(byDate)
  if (whole.length > MOST_HOLIDAYS) {
    const message = `The list would have ${whole.length} holidays; it may have ${MOST_HOLIDAYS}. Take fewer years.`
    throw new DeskError('invalid', 'These are too many holidays.', { errors: [{ path: 'to_year', message }] })
  }
  return {
    holidays: whole,
    added: added.toSorted(byDate),
    removed,
    known: days.size - added.length,
    outside,
    skipped: skipped.slice(0, MOST_SHOWN),
  }
}

const byDate = (a: Holiday, b: Holiday): number => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)

function readDays(
  text: string,
  { fromYear, toYear, rulesMs }: { fromYear: number; toYear: number; rulesMs: number },
) {
  const days = new Map<string, Holiday>()
  const skipped: IcalPreview['skipped'] = []
  let outside = 0
  const events = icalEvents(text)
  const replaced = replacedDays(events)
  let recurring = 0
  let spent = 0
  for (const event of events) {
    if (propertyOf(event, 'STATUS')?.value.toUpperCase() === 'CANCELLED') continue
    try {
      if (propertyOf(event, 'RRULE') && ++recurring > MOST_RECURRING)
        throw new Unreadable(event.line, `There are more than ${MOST_RECURRING} recurring events.`)
      if (spent > rulesMs) throw new Unreadable(event.line, 'The rules of this file take too long to follow.')
      const begun = performance.now()
      const own = propertyOf(event, 'RECURRENCE-ID') ? undefined : replaced.get(uidOf(event))
      const found = daysOf(event, fromYear, toYear, own ?? new Set())
      spent += performance.now() - begun
      if (found.outside) outside++
      for (const date of found.dates)
        days.set(date, { date, name: nameBeside(days.get(date), found.name, date) })
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      skipped.push({ line: error.line, message: error.message })
    }
  }
  return { days, outside, skipped }
}

const uidOf = (event: IcalEvent): string => propertyOf(event, 'UID')?.value ?? ''

/** Days of recurring events that an event of its own stands for, by UID. */
function replacedDays(events: IcalEvent[]): Map<string, Set<number>> {
  const replaced = new Map<string, Set<number>>()
  for (const event of events) {
    const match = /^(\d{4})(\d{2})(\d{2})/.exec(propertyOf(event, 'RECURRENCE-ID')?.value ?? '')
    if (!match) continue
    const uid = uidOf(event)
    const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
    replaced.set(uid, (replaced.get(uid) ?? new Set()).add(day))
  }
  return replaced
}

/** Two holidays of one day are one day off with both names. */
function nameBeside(held: Holiday | undefined, name: string, date: string): string {
  if (!held) return name || date
  return !name || held.name.split(', ').includes(name) ? held.name : cutName(`${held.name}, ${name}`)
}
