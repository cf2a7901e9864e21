import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { WhyPolicy } from './choose.ts'
import type { ClockDecision } from './clock.ts'
import { type Target, teamOf } from './runs.ts'

export interface ClockRow extends ClockDecision {
  ticketId: string
  target: Target
  targetMs: number
  policyVersionId: string
  calendarVersionId: string
  startedAt: Date
  /** When this target was set. */
  setAt: Date | null
  why: WhyPolicy | null
  /** Ended periods of news that came late. */
  missed: number
}

/** Writes clocks and their marks, new or changed, in one statement. */
export async function saveClocks(tx: Tx, clocks: ClockRow[]): Promise<void> {
  if (clocks.length === 0) return
  const given = clocks.map((clock) => ({
    ticket_id: clock.ticketId,
    target: clock.target,
    team_id: teamOf(clock.target),
    policy_version_id: clock.policyVersionId,
    calendar_version_id: clock.calendarVersionId,
    target_ms: clock.targetMs,
    state: clock.state,
    elapsed_ms: clock.elapsedMs,
    due_at: clock.dueAt,
    started_at: clock.startedAt,
    set_at: clock.setAt,
    stopped_at: clock.stoppedAt,
    breached_at: clock.breachedAt,
    why: clock.why,
    missed: clock.missed,
    marks: clock.marks,
  }))
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(
        ticket_id uuid, target text, team_id uuid, policy_version_id uuid, calendar_version_id uuid, target_ms bigint, state text,
        elapsed_ms bigint, due_at timestamptz(3), started_at timestamptz(3), set_at timestamptz(3),
        stopped_at timestamptz(3), breached_at timestamptz(3), why jsonb, missed int, marks jsonb)
    ), clock as (
      insert into sla_clock (ticket_id, target, team_id, policy_version_id, calendar_version_id, target_ms, state, elapsed_ms,
                             counted_at, due_at, started_at, set_at, stopped_at, breached_at, why, missed)
      select ticket_id, target, team_id, policy_version_id, calendar_version_id, target_ms, state, elapsed_ms,
             coalesce(stopped_at, ${tx.now}), due_at, started_at, set_at, stopped_at, breached_at, why, missed
      from given
      on conflict (ticket_id, target) do update set
        policy_version_id = excluded.policy_version_id, calendar_version_id = excluded.calendar_version_id,
        target_ms = excluded.target_ms, state = excluded.state, elapsed_ms = excluded.elapsed_ms,
        counted_at = excluded.counted_at, due_at = excluded.due_at, started_at = excluded.started_at,
        set_at = excluded.set_at, stopped_at = excluded.stopped_at, breached_at = excluded.breached_at,
        why = excluded.why, missed = excluded.missed, version = sla_clock.version + 1
      returning id, ticket_id, target
    )
    insert into sla_mark (clock_id, percent, due_at, reached_at)
    select c.id, m.percent, m.due_at, m.reached_at
    from given g join clock c on c.ticket_id = g.ticket_id and c.target = g.target,
         jsonb_to_recordset(g.marks) as m(percent int, due_at timestamptz(3), reached_at timestamptz(3))
    on conflict (clock_id, percent) do update set due_at = excluded.due_at, reached_at = excluded.reached_at`.execute(
    tx.db,
  )
}
