import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import type { WhyPolicy } from './choose.ts'
import type { ClockState, Mark } from './clock.ts'
import type { HistoryRow, Pauses, Target } from './runs.ts'

export interface HeldClock {
  ticket_id: string
  target: Target
  policy_id: string
  policy_version_id: string
  calendar_version_id: string
  target_ms: number
  state: ClockState
  due_at: Date | null
  started_at: Date
  /** Null: from before this was kept. */
  set_at: Date | null
  stopped_at: Date | null
  breached_at: Date | null
  missed: number
  imported: boolean
  why: WhyPolicy | null
  /** As the version that promised it has them. */
  pauses: Pauses
  marks: Mark[]
}

/** The clock rows of tickets as they stand, with their marks. */
export async function heldClocks(db: Db | Transaction<Tables>, ticketIds: string[]): Promise<HeldClock[]> {
  type Stored = Omit<HeldClock, 'marks'> & {
    marks: { percent: Mark['percent']; due_at: string | null; reached_at: string | null }[]
  }
  const { rows } = await sql<Stored>`
    select c.ticket_id, c.target, v.policy_id, c.policy_version_id, c.calendar_version_id, c.target_ms, c.state, c.due_at,
           c.started_at, c.set_at, c.stopped_at, c.breached_at, c.missed, c.imported, c.why,
           jsonb_build_object('reasons', v.pause_reasons, 'states', v.pause_states) as pauses,
           (select coalesce(jsonb_agg(jsonb_build_object('percent', m.percent, 'due_at', m.due_at, 'reached_at', m.reached_at)), '[]')
            from sla_mark m where m.clock_id = c.id) as marks
    from sla_clock c left join sla_policy_version v on v.id = c.policy_version_id
    where c.ticket_id = any(${ticketIds}::uuid[])`.execute(db)
  const instant = (text: string | null) => (text === null ? null : new Date(text))
  return rows.map((row) => ({
    ...row,
    marks: row.marks.map(({ percent, due_at, reached_at }) => ({
      percent,
      due_at: instant(due_at),
      reached_at: instant(reached_at),
    })),
  }))
}

export type PastRow = HistoryRow & {
  ticket_id: string
  service_id: string | null
  team_id: string | null
  assignee_id: string | null
}

/** The state history of tickets, each in order. */
export async function historyOf(db: Db | Transaction<Tables>, ticketIds: string[]): Promise<PastRow[]> {
  return db
    .selectFrom('ticket_state')
    .select([
      'ticket_id',
      'at',
      'state',
      'pending_reason',
      'priority',
      'service_id',
      'team_id',
      'assignee_id',
    ])
    .where('ticket_id', 'in', ticketIds)
    .orderBy('ticket_id')
    .orderBy('revision')
    .execute()
}
