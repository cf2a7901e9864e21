import type { Db, Tables } from '@tocsin/db'
import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Candidate, Stretch } from './choose.ts'
import { type Hours, joined, readTimes } from './shifts.ts'

/** How much an open ticket weighs on whoever has it, by priority. */
export const WEIGHTS = { P1: 5, P2: 4, P3: 3, P4: 2, P5: 1 } as const
const WEIGHT = sql`case k.priority when 'P1' then 5 when 'P2' then 4 when 'P3' then 3 when 'P4' then 2 else 1 end`

/** Those of a team who can be given tickets: its agents and those on call, over `person p`. */
export const worksIn = (
  teamId: string,
): RawBuilder<boolean> => sql<boolean>`p.archived_at is null and exists (
  select from role_grant g where g.person_id = p.id and g.team_id = ${teamId} and g.role in ('agent', 'on_call'))`

export interface Colleague extends Candidate {
  name: string
  calendarId: string | null
}

interface Row extends Omit<Candidate, 'away' | 'shift' | 'shiftEnded'> {
  name: string
  calendar_id: string | null
  /** Lately, now and to come, by their beginnings: one that ended may run on in the next. */
  absences: { from: string; to: string }[]
}

/**
 * Everybody of a team as they stand now, in three statements at most. An absence counts from when it was made known:
 * one entered late takes back nothing that was handed out before.
 */
export async function readCandidates(
  db: Db | Transaction<Tables>,
  teamId: string,
  hours: Hours,
  now: Date,
): Promise<Colleague[]> {
  const { rows } = await sql<Row>`
    select p.id, p.name, p.calendar_id, coalesce(m.exempt, false) as exempt, m.cap,
           coalesce((select jsonb_object_agg(s.skill_id, s.level) from person_skill s where s.person_id = p.id), '{}') as skills,
           coalesce((select jsonb_agg(jsonb_build_object('from', greatest(a.starts_at, a.created_at), 'to', a.ends_at)
                                      order by greatest(a.starts_at, a.created_at))
                     from absence a where a.person_id = p.id and a.cancelled_at is null
                       and a.ends_at > ${now}::timestamptz - interval '30 days'), '[]') as absences,
           k.open, k.load
    from person p
    left join team_member m on m.team_id = ${teamId} and m.person_id = p.id
    left join lateral (
      select count(*) as open, coalesce(sum(${WEIGHT}) filter (where k.state <> 'pending'), 0)::int as load from ticket k
      where k.assignee_id = p.id and k.state not in ('resolved', 'closed', 'cancelled')) k on true
    where ${worksIn(teamId)} order by p.id`.execute(db)
  const timesOf = await readTimes(db, hours, rows, now)
  return rows.map(({ calendar_id, absences, ...row }) => ({
    ...row,
    calendarId: calendar_id,
    away: joined(absences.map(stretch)).find(({ to }) => to > now) ?? null,
    ...timesOf(row.id),
  }))
}

const stretch = ({ from, to }: { from: string; to: string }): Stretch => ({
  from: new Date(from),
  to: new Date(to),
})
