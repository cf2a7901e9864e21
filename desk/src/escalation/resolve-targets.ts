import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import { type OnCallWhy, whoIsOnFor } from '../oncall/index.ts'
import type { Target } from './advance.ts'

/** How a target led to a person; names as they were then, people by id. */
export type Path =
  | ({ kind: 'schedule'; id: string; name: string } & Omit<OnCallWhy, 'schedule_id'>)
  | { kind: 'team'; id: string; name: string; role: 'on_call' | 'manager' }
  | { kind: 'person'; id: string }

export interface Reached {
  personId: string
  path: Path
}

const keyOf = (target: Target) => `${target.kind}:${target.id}`

/**
 * Whom each of these targets means now: a schedule, the person on call; a team, its on-call members, else its
 * managers; a person, themself. Archived people are nobody. Four statements, whatever the number of targets.
 */
export async function resolveTargets(tx: Tx, targets: Target[]): Promise<(target: Target) => Reached[]> {
  const ids = (kind: Target['kind']) => [
    ...new Set(targets.filter((target) => target.kind === kind).map(({ id }) => id)),
  ]
  const on = await whoIsOnFor(tx.db, ids('schedule'), tx.now)
  const { rows: names } = await sql<{ id: string; name: string }>`
    select id, name from schedule where id = any(${ids('schedule')}::uuid[])`.execute(tx.db)
  const { rows: members } = await sql<{
    id: string
    name: string
    role: 'on_call' | 'manager'
    people: string[]
  }>`
    select distinct on (t.id) t.id, t.name, g.role, array_agg(g.person_id order by g.person_id) as people
    from team t join role_grant g on g.team_id = t.id and g.role in ('on_call', 'manager')
    join person p on p.id = g.person_id and p.archived_at is null
    where t.id = any(${ids('team')}::uuid[])
    group by t.id, t.name, g.role order by t.id, (g.role = 'on_call') desc`.execute(tx.db)
  const { rows: active } = await sql<{ id: string }>`
    select id from person where archived_at is null
      and id = any(${[...ids('person'), ...[...on.values()].map(({ personId }) => personId)]}::uuid[])`.execute(
    tx.db,
  )

  const reached = new Map<string, Reached[]>()
  const here = new Set(active.map(({ id }) => id))
  for (const { id, name } of names) {
    const duty = on.get(id)
    if (!duty || !here.has(duty.personId)) continue
    const { schedule_id: _, ...why } = duty.why
    reached.set(`schedule:${id}`, [{ personId: duty.personId, path: { kind: 'schedule', id, name, ...why } }])
  }
  for (const { id, name, role, people } of members)
    reached.set(
      `team:${id}`,
      people.map((personId) => ({ personId, path: { kind: 'team', id, name, role } })),
    )
  for (const id of ids('person'))
    if (here.has(id)) reached.set(`person:${id}`, [{ personId: id, path: { kind: 'person', id } }])
  return (target) => reached.get(keyOf(target)) ?? []
}
