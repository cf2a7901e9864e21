import { sql } from 'kysely'
import { found, type Tx } from '../activity/index.ts'
import type { Reader } from '../auth/index.ts'
import { viewVisible } from './visible.ts'

/**
 * Which views stand in one's own queue, in this order, and with which it opens; null: with all that is open. What is not
 * named stands there no more. Nobody else is concerned, so no line tells of it.
 */
export async function arrangeViews(
  tx: Tx,
  reader: Reader,
  { pinned, opens }: { pinned: string[]; opens: string | null },
): Promise<void> {
  const me = reader.person.id
  const named = [...new Set([...pinned, ...(opens === null ? [] : [opens])])]
  await sql`select pg_advisory_xact_lock(hashtextextended(${`views ${me}`}, 0))`.execute(tx.db)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ticket_view v
    where id = any(${named}::uuid[]) and archived_at is null and ${viewVisible(reader)}`.execute(tx.db)
  found(rows[0]!.count === named.length ? rows : undefined, 'view')
  await sql`delete from ticket_view_place where person_id = ${me}`.execute(tx.db)
  await sql`
    insert into ticket_view_place (person_id, view_id, position, opens)
    select ${me}, id, array_position(${pinned}::uuid[], id), id is not distinct from ${opens}::uuid
    from unnest(${named}::uuid[]) as w(id)`.execute(tx.db)
}
