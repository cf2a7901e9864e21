import type { Db } from '@tocsin/db'
import { sql } from 'kysely'

export { lastPlace, readFeed } from '@tocsin/db'

const SEQUENCER = 7_013_001 // the advisory lock under which places are given
const BATCH = 5_000

/**
 * Gives committed lines their place. Only one sequencer runs at a time, and its lock is held until its
 * commit, so places become visible in order. Answers how many were placed; 0 also when another one is at it.
 */
export async function placeActivity(db: Db): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{
      locked: boolean
    }>`select pg_try_advisory_xact_lock(${SEQUENCER}) as locked`.execute(trx)
    if (!rows[0]!.locked) return 0
    const placed = await sql<{ id: string }>`
      with taken as (
        delete from activity_waiting where id in (select id from activity_waiting order by id limit ${BATCH})
        returning id, recorded_at
      ), ordered as (select id, recorded_at from taken order by id)
      insert into activity_place (place, id, recorded_at)
      select nextval('activity_place_seq'), id, recorded_at from ordered
      returning id`.execute(trx)
    if (placed.rows.length > 0) await sql`select pg_notify('feed', '')`.execute(trx)
    return placed.rows.length
  })
}
