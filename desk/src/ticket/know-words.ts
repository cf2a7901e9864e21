import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { SYSTEM, transact } from '../activity/index.ts'

const READER = 'words'
const BATCH = 500

/**
 * Reads the record on and keeps the words of the tickets it tells of, for whoever types them wrong. Apart from the
 * transactions that write tickets, which would wait for one another over a common new word. Answers how many lines.
 */
export async function readWords(db: Db): Promise<number> {
  await sql`insert into feed_cursor (reader) values (${READER}) on conflict do nothing`.execute(db)
  let from: number | undefined
  const claim = async (trx: Transaction<Tables>) => {
    const { rows } = await sql<{ place: number }>`
      select place from feed_cursor where reader = ${READER} for update skip locked`.execute(trx)
    from = rows[0]?.place
  }
  const work = async ({ db: tx }: { db: Transaction<Tables> }) => {
    const { rows } = await sql<{ lines: number }>`
      with lines as (select place, id, recorded_at from activity_place where place > ${from} order by place limit ${BATCH}),
        told as (select distinct a.ticket_id from lines l join activity a on a.id = l.id and a.recorded_at = l.recorded_at),
        kept as (insert into known_word select distinct word from told join ticket t on t.id = told.ticket_id,
                   words_to_know(t.search) word order by word on conflict do nothing),
        moved as (update feed_cursor set place = (select max(place) from lines), updated_at = tocsin_now()
                  where reader = ${READER} and exists (select from lines))
      select count(*)::int as lines from lines`.execute(tx)
    return rows[0]!.lines
  }
  return transact(db, SYSTEM, (tx) => (from === undefined ? Promise.resolve(0) : work(tx)), claim)
}
