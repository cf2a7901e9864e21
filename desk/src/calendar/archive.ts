import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'

/** Takes a calendar out of use. `conflict` while an SLA policy in use counts by it; clocks that run keep it. */
export async function archiveCalendar(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select p.name from sla_policy p
    join lateral (select calendar_id, targets from sla_policy_version v where v.policy_id = p.id
                  order by version desc limit 1) v on true
    where p.archived_at is null
      and (v.calendar_id = ${id} or exists (
        select from jsonb_each(v.targets) as target where target.value ->> 'calendar_id' = ${id}))
    limit 1`.execute(tx.db)
  if (rows[0])
    throw new DeskError('conflict', `The SLA policy “${rows[0].name}” counts by it. Change the policy first.`)
  const row = await tx.db
    .updateTable('calendar')
    .set({ archived_at: tx.now })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'calendar')
  await record(tx, [{ verb: 'archive', subject: { kind: 'calendar', id }, visibility: 'audit' }])
}
