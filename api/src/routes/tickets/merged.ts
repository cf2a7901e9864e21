import type { Db } from '@tocsin/db'
import { type Reader, ticketVisible, ticketWorkable } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { FoundTicket } from './find.ts'

/**
 * For a `with recursive`: `merged`, the tickets whose story goes on in this one, one by way of another, that the reader
 * may see. What they read of each is what they may read there: a merge opens nothing to anybody.
 */
export const mergedInto = (id: RawBuilder<unknown>, reader: Reader): RawBuilder<unknown> => sql`
  merge_tree as (
    select m.from_id, m.into_id from ticket_merge m where m.into_id = ${id} and m.undone_at is null
    union all select m.from_id, m.into_id from ticket_merge m join merge_tree b on m.into_id = b.from_id
    where m.undone_at is null
  ), merged as (
    select t.id, t.number, b.into_id, ${ticketWorkable(reader)} as workable
    from merge_tree b join ticket t on t.id = b.from_id where ${ticketVisible(reader)}
  )`

export interface Told {
  id: string
  /** Null: the ticket itself. */
  number: string | null
  workable: boolean
}

/** Whose lines make the story of a ticket: its own, and those of what was merged into it. */
export async function storyOf(db: Db, reader: Reader, { id, workable }: FoundTicket): Promise<Told[]> {
  const { rows } = await sql<Told>`
    with recursive ${mergedInto(sql`${id}`, reader)} select id, number, workable from merged`.execute(db)
  return [{ id, number: null, workable }, ...rows]
}

/** The same as rows `s` to join. */
export const toldRows = (told: Told[]): RawBuilder<unknown> => sql`
  jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as s(id uuid, number text, workable boolean)`
