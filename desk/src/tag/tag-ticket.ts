import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { changeTicket, lockTicket } from '../ticket/index.ts'
import { normaliseTag } from './name.ts'

export const MOST_TAGS = 20

/** Puts tags on a ticket; those it has already change nothing. A name that was merged stands for what it became. */
export async function tagTicket(given: Tx, input: { id: string; names: string[] }): Promise<void> {
  const names = namesOf(input.names)
  const { ticket, tx } = await lockTicket(given, input.id)
  const meant = await holdTags(tx, names)
  const { rows } = await sql<{ id: string }>`
    insert into ticket_tag (ticket_id, tag_id, created_at)
    select ${ticket.id}::uuid, id, ${tx.now}::timestamptz from unnest(${meant}::uuid[]) as m(id)
    on conflict do nothing returning tag_id as id`.execute(tx.db)
  if (rows.length === 0) return
  const { rows: all } = await sql<{ count: number }>`
    select count(*)::int as count from ticket_tag where ticket_id = ${ticket.id}`.execute(tx.db)
  if (all[0]!.count > MOST_TAGS)
    throw new DeskError('conflict', `A ticket has at most ${MOST_TAGS} tags: take some away first.`)
  await changeTicket(tx, ticket, { verb: 'tag', set: {}, after: { tags: rows.map(({ id }) => id) } })
}

/** Tags as they are kept, each once. */
export const namesOf = (typed: string[], path = 'names'): string[] => [
  ...new Set(typed.map((name, position) => normaliseTag(name, `${path}.${position}`))),
]

/** Ids of tags by their names, new where there was none; held, so that what is merged just now is read as what it became. */
export async function holdTags(tx: Tx, names: string[]): Promise<string[]> {
  await sql`
    insert into tag (name, created_at) select name, ${tx.now} from unnest(${names}::text[]) as w(name) order by name
    on conflict (name) do nothing`.execute(tx.db)
  const { rows } = await sql<{ id: string }>`
    select coalesce(merged_into_id, id) as id from tag where name = any(${names}::text[]) order by name for key share`.execute(
    tx.db,
  )
  return [...new Set(rows.map(({ id }) => id))]
}

export async function untagTicket(given: Tx, input: { id: string; names: string[] }): Promise<void> {
  const names = namesOf(input.names)
  const { ticket, tx } = await lockTicket(given, input.id)
  const { rows } = await sql<{ id: string }>`
    delete from ticket_tag where ticket_id = ${ticket.id}
      and tag_id in (select coalesce(merged_into_id, id) from tag where name = any(${names}::text[]))
    returning tag_id as id`.execute(tx.db)
  if (rows.length === 0) return
  await changeTicket(tx, ticket, { verb: 'untag', set: {}, after: { tags: rows.map(({ id }) => id) } })
}
