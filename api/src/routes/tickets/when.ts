import { DeskError, type Reader } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'

/** Half-open, in words of SQL that Postgres reads once for a whole query. */
interface Span {
  from?: RawBuilder<Date>
  to?: RawBuilder<Date>
}

const UNITS = { m: 'minutes', h: 'hours', d: 'days', w: 'weeks' } as const
const AGE = /^([<>])(\d{1,5})([mhdw])$/
const DAY = String.raw`\d{4}-\d{2}-\d{2}`
const DAYS = new RegExp(`^(?:([<>])(${DAY})|(${DAY})?(\\.\\.)?(${DAY})?)$`)

/**
 * Reads `>3d` (longer ago than that), `<2h`, `2026-11-02` (that day), `2026-11-02..2026-11-08`, `..2026-11-08`,
 * `<2026-11-02` (before that day), `>2026-11-02` (after it). Days are the reader's.
 */
function spanOf(path: string, text: string, reader: Reader, now?: Date): Span {
  const [, than, count, unit] = AGE.exec(text) ?? []
  if (than) {
    const ago = sql`${`${count} ${UNITS[unit as keyof typeof UNITS]}`}::interval`
    const at = now ? sql<Date>`(${now}::timestamptz - ${ago})` : sql<Date>`(select tocsin_now() - ${ago})`
    return than === '>' ? { to: at } : { from: at }
  }
  const [, side, day, first, dots, last] = (path === 'age' ? null : DAYS.exec(text)) ?? []
  if ((!day && !first && !last) || (first && last && !dots) || ![day, first, last].every(isDay))
    throw new DeskError('invalid', 'A time is asked for as >3d, <2h, or as days.', {
      errors: [
        { path, message: path === 'age' ? '>3d, <2h' : '>3d, <2h, 2026-11-02, 2026-11-02..2026-11-08' },
      ],
    })
  const begin = (of: string, days: number) =>
    sql<Date>`((${of}::date + ${days}::int)::timestamp at time zone ${reader.person.zone})`
  if (day) return side === '<' ? { to: begin(day, 0) } : { from: begin(day, 1) }
  const end = last ?? (dots ? undefined : first)
  return { from: first && begin(first, 0), to: end && begin(end, 1) } as Span
}

function isDay(text: string | undefined): boolean {
  if (text === undefined) return true
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) && text >= '0001-01-01'
}

/** Whether it is measured from now. */
export const isFromNow = (text: string): boolean => AGE.test(text)

/**
 * All that is asked of one instant of a ticket. `now`, where it is known beforehand: then a plan is made for so long ago,
 * and not for any time.
 */
export function whereWhen(
  path: 'age' | 'created' | 'updated',
  asked: string[] | undefined,
  reader: Reader,
  now?: Date,
): RawBuilder<boolean>[] {
  const column = sql.ref(path === 'updated' ? 't.updated_at' : 't.created_at')
  return (asked ?? []).flatMap((text) => {
    const { from, to } = spanOf(path, text, reader, now)
    return [
      ...(from ? [sql<boolean>`${column} >= ${from}`] : []),
      ...(to ? [sql<boolean>`${column} < ${to}`] : []),
    ]
  })
}
