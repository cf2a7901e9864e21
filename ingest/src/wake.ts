import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from '@tocsin/db'
import { sql } from 'kysely'

// Under load a message a commit would cost Postgres a quarter of what the commits do; nobody waits longer for it.
const REST_MS = 20

/**
 * Tells the workers that receipts wait: the first at once, then one message for all that came meanwhile. Not in the
 * receipt's own transaction: commits that notify queue up behind each other in Postgres. A lost one costs half a
 * second of polling.
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
      await pause(REST_MS, undefined, { ref: false })
    } while (again)
    underWay = false
  }
  return () => {
    if (underWay) again = true
    else void tell()
  }
}
