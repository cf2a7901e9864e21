import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { DeskError } from '../activity/index.ts'
import { readSettings } from '../services/index.ts'

/**
 * Throws `gone` where a request of this id would be older than requests are kept: ids tell when they were made. What
 * is not there and not so old never was.
 */
export async function olderThanKept(db: Db, receiptId: string): Promise<void> {
  const { keep_requests_days: days } = await readSettings(db)
  if (days === 0) return
  const { rows } = await sql<{ old: boolean | null }>`
    select uuid_extract_timestamp(${receiptId}::uuid)
      < ((tocsin_now() at time zone 'UTC')::date - ${days}::int)::timestamp at time zone 'UTC' as old`.execute(
    db,
  )
  if (rows[0]!.old)
    throw new DeskError('gone', `Requests are kept for ${days} days; this one would be older.`)
}
