import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'

interface User {
  what: 'policy' | 'team' | 'person'
  name: string
}
const COUNTS: Record<User['what'], (name: string) => string> = {
  policy: (name) => `The SLA policy “${name}” counts by it. Change the policy first.`,
  team: (name) => `The team “${name}” hands its tickets out by it. Change that first.`,
  person: (name) => `${name} works by it. Give them other hours first.`,
}

/** Takes a calendar out of use. `conflict` while somebody counts by it; clocks that run keep it. */
export async function archiveCalendar(tx: Tx, id: string): Promise<void> {
  const [user] = await usersOf(tx, id)
  if (user) throw new DeskError('conflict', COUNTS[user.what](user.name))
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

/** The first that counts by it, now or by terms that come into force later. */
async function usersOf(tx: Tx, id: string): Promise<User[]> {
  const { rows } = await sql<User>`
    select 'policy' as what, p.name from sla_policy p join sla_policy_version v on v.policy_id = p.id
    where p.archived_at is null
      and v.version >= coalesce((select max(f.version) from sla_policy_version f
                                 where f.policy_id = p.id and f.effective_from <= ${tx.now}), 1)
      and (v.calendar_id = ${id}
        or exists (select from jsonb_each(v.targets) target where target.value ->> 'calendar_id' = ${id})
        or exists (select from jsonb_array_elements(v.olas) ola where ola ->> 'calendar_id' = ${id}))
    union all
    select 'team', m.name from team_assignment a join team m on m.id = a.team_id
    where a.calendar_id = ${id} and a.works_by = 'calendar' and m.archived_at is null
    union all
    select 'person', p.name from person p where p.calendar_id = ${id} and p.archived_at is null
    limit 1`.execute(tx.db)
  return rows
}
