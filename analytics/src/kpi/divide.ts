import { type RawBuilder, sql } from 'kysely'
import type { Category, Dimension } from './kpi.ts'

/** The column of each category in a source, as SQL text of that source. */
export type Columns = Partial<Record<Category, string>>

/** The ClickHouse expression of the key under which an item at `at` is counted. `{zone}` is a parameter. */
export function keyInStore(by: Dimension, at: string, columns: Columns): string {
  const instant = `assumeNotNull(${at})`
  switch (by) {
    case 'none':
      return `''`
    case 'day':
      return `toString(toDate(${instant}, {zone:String}))`
    case 'week':
      return `toString(toStartOfWeek(${instant}, 1, {zone:String}))`
    case 'month':
      return `toString(toStartOfMonth(${instant}, {zone:String}))`
    case 'hour':
      return `leftPad(toString(toHour(${instant}, {zone:String})), 2, '0')`
    case 'weekday':
      return `toString(toDayOfWeek(${instant}, 0, {zone:String}))`
    default:
      return `ifNull(toString(${column(by, columns)}), '')`
  }
}

/** The same in Postgres. */
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
    default:
      return sql`coalesce((${sql.raw(column(by, columns))})::text, '')`
  }
}

function column(by: Dimension, columns: Columns): string {
  const found = columns[by as Category]
  if (!found) throw new RangeError(`This figure is not divided by ${by}.`)
  return found
}
