import type { Db } from '@tocsin/db'
import { DeskError } from '@tocsin/desk'
import { sql } from 'kysely'

const SECONDS = 3
const CANCELED = '57014'

/** A search of any shape ends: what takes a statement longer than this is given up, in words. */
export async function inTime<T>(db: Db, read: (tx: Db) => Promise<T>): Promise<T> {
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`select set_config('statement_timeout', ${`${SECONDS}s`}, true)`.execute(tx)
      return read(tx)
    })
  } catch (error) {
    if ((error as { code?: string }).code !== CANCELED) throw error
    throw new DeskError(
      'unavailable',
      `This search took longer than ${SECONDS} seconds and was given up. Ask for more letters, or narrow it down: by team, state or age.`,
      { retryAfter: SECONDS, cause: error },
    )
  }
}
