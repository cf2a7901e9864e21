import { record, type Tx } from '../activity/index.ts'

/**
 * Whoever is hit by a major incident too hears of it by mail, and sees no more of its ticket than before. It stands in
 * the record but on no timeline: many may be hit.
 */
export async function followMajor(
  tx: Tx,
  { id, personId, on }: { id: string; personId: string; on: boolean },
): Promise<void> {
  const changed = on
    ? await tx.db
        .insertInto('major_follower')
        .values({ ticket_id: id, person_id: personId, since: tx.now })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
        .then((result) => result.numInsertedOrUpdatedRows ?? 0n)
    : await tx.db
        .deleteFrom('major_follower')
        .where('ticket_id', '=', id)
        .where('person_id', '=', personId)
        .executeTakeFirst()
        .then((result) => result.numDeletedRows)
  if (changed === 0n) return
  await record(tx, [
    {
      verb: on ? 'follow-major' : 'unfollow-major',
      subject: { kind: 'ticket', id },
      after: { person: personId },
      visibility: 'audit',
    },
  ])
}
