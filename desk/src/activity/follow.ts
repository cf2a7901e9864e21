import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { SYSTEM } from './actor.ts'
import { transact, type Tx } from './transact.ts'

/**
 * Lets a reader of the record go on from where it was left, in one transaction with the place to which it comes, so that
 * each line is read once, by whichever engine comes first. Answers how many lines; 0 also while another is at it.
 */
export async function followRecord(
  db: Db,
  reader: string,
  read: (tx: Tx, from: number) => Promise<{ place: number; lines: number }>,
): Promise<number> {
  await sql`insert into feed_cursor (reader) values (${reader}) on conflict do nothing`.execute(db)
  let from: number | undefined
  return transact(
    db,
    SYSTEM,
    async (tx) => {
      if (from === undefined) return 0
      const { place, lines } = await read(tx, from)
      if (place !== from)
        await sql`update feed_cursor set place = ${place}, updated_at = ${tx.now} where reader = ${reader}`.execute(
          tx.db,
        )
      return lines
    },
    async (trx) => {
      const { rows } = await sql<{ place: number }>`
        select place from feed_cursor where reader = ${reader} for update skip locked`.execute(trx)
      from = rows[0]?.place
    },
  )
}
