import type { Db } from '@tocsin/db'
import { DeskError, type Tx } from '@tocsin/desk'
import { sql } from 'kysely'

const SECONDS = 3
const CANCELED = '57014'

const NARROWER = 'Ask for more letters, or narrow it down: by team, state or age.'

/** A search of any shape ends: what takes a statement longer than this is given up, in words. */
export const inTime = <T>(db: Db, read: (tx: Db) => Promise<T>, advice?: string): Promise<T> =>
  inWords(() => db.transaction().execute((tx) => limited(tx, read)), advice)

/** The same within a transaction that does nothing else; it is over when the search is given up. */
export const inTimeOf = <T>(tx: Tx, read: (db: Tx['db']) => Promise<T>): Promise<T> =>
  inWords(() => limited(tx.db, read))

async function limited<D extends Db | Tx['db'], T>(tx: D, read: (tx: D) => Promise<T>): Promise<T> {
  await sql`select set_config('statement_timeout', ${`${SECONDS}s`}, true)`.execute(tx)
  return read(tx)
}

async function inWords<T>(read: () => Promise<T>, advice = NARROWER): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if ((error as { code?: string }).code !== CANCELED) throw error
    throw new DeskError(
      'unavailable',
      `This search took longer than ${SECONDS} seconds and was given up. ${advice}`,
      { retryAfter: SECONDS, cause: error },
    )
  }
}
