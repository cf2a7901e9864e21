import { sql } from 'kysely'
import { DeskError, type Tx } from '../activity/index.ts'
import { changeTicket, lockTicket } from './change.ts'
import { demandUnmerged } from './merged.ts'

export type LinkKind = 'duplicates' | 'caused_by' | 'blocks' | 'recurs' | 'relates'
export interface Pair {
  fromId: string
  toId: string
  kind: LinkKind
}

/**
 * A person links two tickets. What blocks, causes or repeats another is not blocked, caused or repeated by it in turn,
 * by way of others neither: one such link at a time, looked at once those before it have committed.
 */
export async function linkByHand(tx: Tx, input: Pair): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('ticket_link'))`.execute(tx.db)
  if (await closesCircle(tx, input)) {
    // Related is related, whichever says so.
    if (input.kind === 'relates') return
    throw new DeskError('invalid', 'The other ticket is linked to this one in the same way already.', {
      errors: [{ path: 'number', message: 'is linked to this ticket the other way round' }],
    })
  }
  await linkTickets(tx, input)
}

/** Whether links of the kind lead from the second to the first; of related ones only the mirrored link counts. */
export async function closesCircle(tx: Tx, { fromId, toId, kind }: Pair): Promise<boolean> {
  if (fromId === toId) return false
  const { rows } = await sql`
    with recursive onward as (
      select ${toId}::uuid as id, 0 as step
      union
      select l.to_id, 1 from ticket_link l join onward o on l.from_id = o.id
      where l.kind = ${kind} and l.removed_at is null and (${kind !== 'relates'} or o.step = 0)
    ) select from onward where id = ${fromId} limit 1`.execute(tx.db)
  return rows.length > 0
}

/** Links two tickets; a link that stands already changes nothing. Both timelines tell of it. */
export async function linkTickets(tx: Tx, input: Pair & { why?: unknown }): Promise<void> {
  if (input.fromId === input.toId) throw new DeskError('invalid', 'A ticket cannot be linked to itself.')
  const linked = await tx.db
    .insertInto('ticket_link')
    .values({
      from_id: input.fromId,
      to_id: input.toId,
      kind: input.kind,
      author_id: tx.actor.kind === 'person' ? tx.actor.id : null,
      created_at: tx.now,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['from_id', 'to_id', 'kind'])
        .doUpdateSet({ removed_at: null })
        .where('ticket_link.removed_at', 'is not', null),
    )
    .executeTakeFirst()
  if (linked.numInsertedOrUpdatedRows === 0n) return
  await tell(tx, input, 'link')
}

/** Takes a link between two tickets away, whichever of them it was written from. */
export async function unlinkTickets(tx: Tx, input: Pair): Promise<void> {
  const pair = [input.fromId, input.toId]
  if (input.kind === 'duplicates') await demandUnmerged(tx, pair, pair)
  const removed = await tx.db
    .updateTable('ticket_link')
    .set({ removed_at: tx.now })
    .where('from_id', 'in', pair)
    .where('to_id', 'in', pair)
    .where('kind', '=', input.kind)
    .where('removed_at', 'is', null)
    .returning(['from_id', 'to_id'])
    .execute()
  if (removed.length === 0) throw new DeskError('not_found', 'There is no such link.')
  for (const { from_id, to_id } of removed)
    await tell(tx, { fromId: from_id, toId: to_id, kind: input.kind }, 'unlink')
}

// In the order of ids, so that two people linking the same pair both ways cannot deadlock.
async function tell(
  given: Tx,
  { fromId, toId, kind, why }: Pair & { why?: unknown },
  verb: 'link' | 'unlink',
): Promise<void> {
  for (const [id, other] of [
    [fromId, toId],
    [toId, fromId],
  ].toSorted(([a], [b]) => (a! < b! ? -1 : 1))) {
    const { ticket, tx } = await lockTicket(given, id!)
    await changeTicket(tx, ticket, { verb, set: {}, after: { kind, other, from: id === fromId }, why })
  }
}
