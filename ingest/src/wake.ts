import type { Db } from '@tocsin/db'
import { sql } from 'kysely'

/**
 * Tells the workers that receipts wait, at most one message under way. Not in the receipt's own transaction:
 * commits that notify queue up behind each other in Postgres. A lost one costs half a second of polling.
 */
export function waker(db: Db, failed: (error: unknown) => void): () => void {
  let underWay = false
  let again = false
  const tell = async () => {
    underWay = true
    do {
      again = false
      try {
        await sql`select pg_notify('receipts', '')`.execute(db)
      } catch (error) {
        failed(error)
      }
    } while (again)
    underWay = false
  }
  return () => {
    if (underWay) again = true
    else void tell()
  }
}
