import { sql, type Transaction } from 'kysely'
import type { Db } from './client.ts'
import type { Json, Tables } from './types.ts'

/** One line of the record, at the place where readers of the feed find it. */
export interface ActivityRow {
  place: number
  id: string
  at: Date
  recorded_at: Date
  actor_kind: Tables['activity']['actor_kind']
  actor_id: string | null
  verb: string
  subject_kind: string
  subject_id: string
  ticket_id: string | null
  revision: number | null
  before: Json
  after: Json
  cause: Json
  why: Json
  visibility: Tables['activity']['visibility']
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
