import type { Db } from '@tocsin/db'
import { sql } from 'kysely'

export interface Here {
  person: { id: string; name: string }
  typing: 'reply' | 'note' | null
  since: string
}
interface Place {
  ticketId: string
  personId: string
}

/** After this without a beat somebody has gone, whatever became of their browser. */
const GONE = sql`interval '60 seconds'`
/** A beat that says nothing new within this is not even written. */
const FRESH = sql`interval '10 seconds'`

/** Somebody is on a ticket, and writes or not. Others hear of it only where that is new to them. */
export async function beat(
  db: Db,
  { ticketId, personId, typing }: Place & Pick<Here, 'typing'>,
): Promise<void> {
  await sql`
    with clock as materialized (select tocsin_now() as now),
    swept as (
      delete from presence where at < (select now from clock) - ${GONE}
        and (ticket_id = ${ticketId} or person_id = ${personId})
        and not (ticket_id = ${ticketId} and person_id = ${personId})),
    kept as (
      insert into presence as p (ticket_id, person_id, typing, since, at)
      select ${ticketId}::uuid, ${personId}::uuid, ${typing}::text, now, now from clock
      on conflict (ticket_id, person_id) do update set typing = excluded.typing, at = excluded.at,
        since = case when p.at < excluded.at - ${GONE} then excluded.since else p.since end
        where p.typing is distinct from excluded.typing or p.at < excluded.at - ${FRESH}
      returning old.at as was_at, old.typing as was_typing, new.typing as typing, new.at as at)
    select pg_notify('presence', ${ticketId}::text) from kept
    where was_at is null or was_at < at - ${GONE} or was_typing is distinct from typing`.execute(db)
}

export async function leave(db: Db, { ticketId, personId }: Place): Promise<void> {
  await sql`
    with gone as (delete from presence where ticket_id = ${ticketId} and person_id = ${personId} returning 1)
    select pg_notify('presence', ${ticketId}::text) from gone`.execute(db)
}

/** Everybody on a ticket, who came first first. */
export async function hereNow(db: Db, ticketId: string): Promise<Here[]> {
  const { rows } = await sql<Here>`
    select jsonb_build_object('id', p.id, 'name', p.name) as person, h.typing,
      to_char(h.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since
    from presence h join person p on p.id = h.person_id
    where h.ticket_id = ${ticketId} and h.at >= tocsin_now() - ${GONE}
    order by h.since, p.id`.execute(db)
  return rows
}
