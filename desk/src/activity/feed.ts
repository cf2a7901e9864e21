import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import type { ActivityRow } from './record.ts'

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

/** Lines after `place`, in order. Readers keep the last place they handled. */
export async function readFeed(
  db: Db | Transaction<Tables>,
  place: number,
  limit: number,
): Promise<ActivityRow[]> {
  const { rows } = await sql<ActivityRow>`
    select p.place, a.id, a.at, a.recorded_at, a.actor_kind, a.actor_id, a.verb, a.subject_kind, a.subject_id,
           a.ticket_id, a.revision, a.before, a.after, a.cause, a.why, a.visibility
    from (select * from activity_place where place > ${place} order by place limit ${limit}) p
    join activity a on a.id = p.id and a.recorded_at = p.recorded_at
    order by p.place`.execute(db)
  return rows
}

/** The newest place given so far; 0 in an empty record. */
export async function lastPlace(db: Db | Transaction<Tables>): Promise<number> {
  const { rows } = await sql<{ place: number }>`
    select coalesce((select place from activity_place order by place desc limit 1), 0) as place`.execute(db)
  return rows[0]!.place
}
