import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { found, readNow } from '../activity/index.ts'
import { readCandidates } from './candidates.ts'
import { type Refusal, refusalOf } from './choose.ts'
import { type AssignmentSettings, readSettingsOf } from './settings.ts'

export interface MemberLoad {
  person: { id: string; name: string }
  exempt: boolean
  cap: number | null
  calendar_id: string | null
  skills: { skill_id: string; level: number }[]
  open: number
  load: number
  /** Why they would be given nothing now; null: they would. */
  unavailable: Exclude<Refusal, { code: 'skill' }> | null
  away: { starts_at: Date; ends_at: Date } | null
}

export interface TeamLoad {
  settings: AssignmentSettings
  members: MemberLoad[]
  /** Tickets in the queue that nobody has. */
  queued: number
  /** Of these, those that the desk would hand out and cannot. */
  waiting: number
}

/** How a team hands its tickets out, and how its people stand now. */
export async function readTeamLoad(db: Db, teamId: string): Promise<TeamLoad> {
  const { rows } = await sql<{ queued: number; waiting: number }>`
    select (select count(*) from ticket t where t.team_id = m.id and t.assignee_id is null
              and t.state not in ('resolved', 'closed', 'cancelled') and t.state <> 'pending') as queued,
           (select count(*) from assignment_wait w where w.team_id = m.id) as waiting
    from team m where m.id = ${teamId}`.execute(db)
  const counted = found(rows[0], 'team')
  const now = await readNow(db)
  const settings = await readSettingsOf(db, teamId)
  const people = await readCandidates(db, teamId, settings, now)
  const members = people.map((one): MemberLoad => {
    const refusal = refusalOf(settings, one, { needs: {} }, now)
    return {
      person: { id: one.id, name: one.name },
      exempt: one.exempt,
      cap: one.cap,
      calendar_id: one.calendarId,
      skills: Object.entries(one.skills).map(([skill_id, level]) => ({ skill_id, level })),
      open: one.open,
      load: one.load,
      unavailable: (refusal as MemberLoad['unavailable']) ?? null,
      away: one.away && { starts_at: one.away.from, ends_at: one.away.to },
    }
  })
  return { settings, ...counted, members }
}

export interface ToldWait {
  since: string
  /** Everybody of the team, and why not them; empty: the team has nobody. */
  refused: {
    person: { id: string; name: string }
    code: Refusal['code']
    until?: string | null
    skill?: { id: string; name: string }
    needs?: number
    has?: number
    open?: number
    cap?: number
  }[]
}

/** Why nobody was given a ticket that waits in its team's queue, as JSON over `ticket t`. */
export const WAIT_TOLD = sql<ToldWait | null>`(
  select jsonb_build_object('since', w.since, 'refused', coalesce((
    select jsonb_agg(r || jsonb_build_object('person', jsonb_build_object('id', p.id, 'name', p.name))
        || case when s.id is not null then jsonb_build_object('skill', jsonb_build_object('id', s.id, 'name', s.name)) else '{}' end
      order by p.name)
    from jsonb_array_elements(w.why -> 'refused') r join person p on p.id = (r ->> 'person')::uuid
    left join skill s on s.id = (r ->> 'skill')::uuid), '[]'))
  from assignment_wait w where w.ticket_id = t.id and w.team_id = t.team_id and t.assignee_id is null
    and t.state not in ('resolved', 'closed', 'cancelled') and t.state <> 'pending')`
