import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'

/**
 * Where a ticket's story goes on: itself, or what it was merged into, and that in turn. Merges come one at a time from
 * here on, so that nobody follows a chain that another is forging, nor waits in a circle; and no ticket becomes part
 * of one meanwhile.
 */
export async function lastTarget(tx: Tx, id: string): Promise<string> {
  await sql`select pg_advisory_xact_lock(hashtext('ticket_merge')), pg_advisory_xact_lock(hashtext('ticket_parent'))`.execute(
    tx.db,
  )
  const { rows } = await sql<{ id: string }>`
    with recursive onward as (
      select ${id}::uuid as id, 0 as step
      union all select m.into_id, o.step + 1 from ticket_merge m join onward o on m.from_id = o.id
      where m.undone_at is null
    ) select id from onward order by step desc limit 1`.execute(tx.db)
  return rows[0]!.id
}

/** Of these tickets none may be merged, into these or any other. */
export async function demandUnmerged(tx: Tx, fromIds: string[], intoIds?: string[]): Promise<void> {
  const { rows } = await sql<{ number: string }>`
    select t.number from ticket_merge m join ticket t on t.id = m.into_id
    where m.from_id = any(${fromIds}::uuid[]) and m.undone_at is null
      and (${intoIds === undefined} or m.into_id = any(${intoIds ?? []}::uuid[])) limit 1`.execute(tx.db)
  if (rows[0])
    throw new DeskError('conflict', 'The ticket goes on in the one it was merged into. Undo the merge first.')
}
