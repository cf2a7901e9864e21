import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import type { Hours } from './hours.ts'

/** One immutable version of a calendar. */
export interface CalendarVersion extends Hours {
  id: string
  calendarId: string
  /** The calendar's name. */
  name: string
  version: number
  effectiveFrom: Date
}

const columns = sql`v.id, v.calendar_id as "calendarId", c.name, v.version, v.effective_from as "effectiveFrom",
  v.zone, v.weekly, v.holidays, v.always`

/**
 * The versions of the calendars in force at an instant, by calendar id: of those effective by then the newest,
 * so a later decision overrules one that was planned. Without ids: of every calendar.
 */
export async function calendarsInForce(
  db: Db | Transaction<Tables>,
  at: Date,
  calendarIds?: string[],
): Promise<Map<string, CalendarVersion>> {
  const wanted = calendarIds ? sql`c.id = any(${calendarIds}::uuid[])` : sql`true`
  const { rows } = await sql<CalendarVersion>`
    select distinct on (v.calendar_id) ${columns}
    from calendar_version v join calendar c on c.id = v.calendar_id
    where ${wanted} and v.effective_from <= ${at}
    order by v.calendar_id, v.version desc`.execute(db)
  return new Map(rows.map((row) => [row.calendarId, row]))
}

/** Versions by their own id: what past decisions were made with. */
export async function calendarVersions(
  db: Db | Transaction<Tables>,
  versionIds: string[],
): Promise<Map<string, CalendarVersion>> {
  if (versionIds.length === 0) return new Map()
  const { rows } = await sql<CalendarVersion>`
    select ${columns} from calendar_version v join calendar c on c.id = v.calendar_id
    where v.id = any(${versionIds}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [row.id, row]))
}

/** Every version of one calendar, newest first. */
export async function calendarHistory(
  db: Db | Transaction<Tables>,
  calendarId: string,
): Promise<CalendarVersion[]> {
  const { rows } = await sql<CalendarVersion>`
    select ${columns} from calendar_version v join calendar c on c.id = v.calendar_id
    where c.id = ${calendarId} order by v.version desc`.execute(db)
  return rows
}
