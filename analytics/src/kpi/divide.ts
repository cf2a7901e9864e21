import { type RawBuilder, sql } from 'kysely'
import type { Category, Dimension } from './kpi.ts'

/** The column of each category in a source, as SQL text of that source. */
export type Columns = Partial<Record<Category, string>>

// Rows are grouped by a key that may be null in a slower way, so what has no team stands under an id nobody has.
const NOBODY = `toUUID('00000000-0000-0000-0000-000000000000')`
const IDS: Dimension[] = ['team', 'service', 'category']

/**
 * The ClickHouse expression of the key under which an item at `at` is counted; `{zone}` is a parameter. Of its own
 * type: made text once a group, not once a row (`keyText`).
 */
export function keyInStore(by: Dimension, at: string, columns: Columns): string {
  const instant = `assumeNotNull(${at})`
  switch (by) {
    case 'none':
      return `''`
    case 'day':
      return `toDate(${instant}, {zone:String})`
    case 'week':
      return `toStartOfWeek(${instant}, 1, {zone:String})`
    case 'month':
      return `toStartOfMonth(${instant}, {zone:String})`
    case 'hour':
      return `toHour(${instant}, {zone:String})`
    case 'weekday':
      return `toDayOfWeek(${instant}, 0, {zone:String})`
    case 'hour_of_week':
      return `toDayOfWeek(${instant}, 0, {zone:String}) * 100 + toHour(${instant}, {zone:String})`
    default:
      return IDS.includes(by) ? `ifNull(${column(by, columns)}, ${NOBODY})` : column(by, columns)
  }
}

/** A key as text, as Postgres writes it. */
export function keyText(by: Dimension): string {
  if (by === 'hour') return `leftPad(toString(key), 2, '0')`
  if (by === 'hour_of_week')
    return `concat(toString(intDiv(key, 100)), '-', leftPad(toString(key % 100), 2, '0'))`
  return IDS.includes(by) ? `if(key = ${NOBODY}, '', toString(key))` : `ifNull(toString(key), '')`
}

/** The key of an item in Postgres, as text. */
export function keyInRecord(by: Dimension, at: string, zone: string, columns: Columns): RawBuilder<string> {
  const local = sql`(${sql.raw(at)} at time zone ${zone}::text)`
  switch (by) {
    case 'none':
      return sql`''::text`
    case 'day':
    case 'week':
    case 'month':
      return sql`date_trunc(${sql.lit(by)}, ${local})::date::text`
    case 'hour':
      return sql`to_char(${local}, 'HH24')`
    case 'weekday':
      return sql`extract(isodow from ${local})::text`
    case 'hour_of_week':
      return sql`to_char(${local}, 'ID-HH24')`
    default:
      return sql`coalesce((${sql.raw(column(by, columns))})::text, '')`
  }
}

function column(by: Dimension, columns: Columns): string {
  const found = columns[by as Category]
  if (!found) throw new RangeError(`This figure is not divided by ${by}.`)
  return found
}
