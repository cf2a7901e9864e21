import { found, record, type Tx } from '../activity/index.ts'

/** Sets after how many hours untouched a ticket of the team has stalled; null: as is usual for like tickets. */
export async function setStalledAfter(tx: Tx, teamId: string, hours: number | null): Promise<void> {
  const row = await tx.db
    .selectFrom('team')
    .select('stalled_after_hours')
    .where('id', '=', teamId)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  const before = found(row, 'team')
  if (before.stalled_after_hours === hours) return
  await tx.db
    .updateTable('team')
    .set((eb) => ({ stalled_after_hours: hours, revision: eb('revision', '+', 1) }))
    .where('id', '=', teamId)
    .execute()
  await record(tx, [
    {
      verb: 'set-stalled-after',
      subject: { kind: 'team', id: teamId },
      before,
      after: { stalled_after_hours: hours },
      visibility: 'audit',
    },
  ])
}
