import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { followRecord, type Tx } from '../activity/index.ts'

const BATCH = 500

/**
 * Reads the record on and keeps the words of the tickets it tells of, for whoever types them wrong. Apart from the
 * transactions that write tickets, which would wait for one another over a common new word. Answers how many lines.
 */
export const readWords = (db: Db): Promise<number> => followRecord(db, 'words', keepWords)

async function keepWords(tx: Tx, from: number): Promise<{ place: number; lines: number }> {
  const { rows } = await sql<{ place: number; lines: number }>`
    with lines as (select place, id, recorded_at from activity_place where place > ${from} order by place limit ${BATCH}),
      told as (select distinct a.ticket_id from lines l join activity a on a.id = l.id and a.recorded_at = l.recorded_at),
      kept as (insert into known_word select distinct word from told join ticket t on t.id = told.ticket_id,
                 words_to_know(t.search) word order by word on conflict do nothing)
    select coalesce(max(place), ${from}::bigint) as place, count(*)::int as lines from lines`.execute(tx.db)
  return rows[0]!
}
