import { sql } from 'kysely'
import { DeskError, found, type Tx } from '../activity/index.ts'
import { changeTicket, lockTicket } from './change.ts'

/** Makes a ticket part of another, instead of what it was part of before. Both timelines tell of it. */
export async function linkParent(
  given: Tx,
  { fromId, toId }: { fromId: string; toId: string },
): Promise<void> {
  // The guard in the database takes the same lock, after the rows; taken first, nobody waits in a circle.
  await sql`select pg_advisory_xact_lock(hashtext('ticket_parent'))`.execute(given.db)
  const { rows } = await sql`
    with recursive above as (
      select id, parent_id from ticket where id = ${toId}
      union select t.id, t.parent_id from ticket t join above a on t.id = a.parent_id
    ) select from above where id = ${fromId}`.execute(given.db)
  if (rows.length > 0)
    throw new DeskError('invalid', 'A ticket cannot be part of itself, nor of what is part of it.', {
      errors: [{ path: 'number', message: 'is part of this ticket' }],
    })
  const before = found(await parentOf(given, fromId), 'ticket').parent_id
  if (before === toId) return
  if (before) await unlinkParent(given, { fromId, toId: before })
  await tell(given, 'link', fromId, toId)
}

/** Takes a ticket out of its parent; the two are named in either order. */
export async function unlinkParent(given: Tx, pair: { fromId: string; toId: string }): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('ticket_parent'))`.execute(given.db)
  for (const [child, parent] of [
    [pair.fromId, pair.toId],
    [pair.toId, pair.fromId],
  ] as const) {
    const row = await parentOf(given, child)
    if (row?.parent_id === parent) return tell(given, 'unlink', child, parent)
  }
  throw new DeskError('not_found', 'There is no such link.')
}

const parentOf = (tx: Tx, id: string) =>
  tx.db.selectFrom('ticket').select('parent_id').where('id', '=', id).executeTakeFirst()

// In the order of ids, as other links lock.
async function tell(given: Tx, verb: 'link' | 'unlink', childId: string, parentId: string): Promise<void> {
  for (const id of [childId, parentId].toSorted((a, b) => (a < b ? -1 : 1))) {
    const { ticket, tx } = await lockTicket(given, id)
    const isChild = id === childId
    await changeTicket(tx, ticket, {
      verb,
      set: isChild ? { parent_id: verb === 'link' ? parentId : null } : {},
      after: { kind: 'parent', other: isChild ? parentId : childId, from: isChild },
    })
  }
}
