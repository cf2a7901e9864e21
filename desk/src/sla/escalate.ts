import { sql } from 'kysely'
import type { Tx } from '../activity/index.ts'
import type { Target } from './runs.ts'

interface ReachedMark {
  ticketId: string
  target: Target
  percent: number
  dueAt: Date
}

/**
 * Leaves a due row for each mark whose policy asks for somebody. The key holds the instant that the mark came
 * due at, so racing engines leave one, and a clock that goes on with another due time may ask again.
 */
export async function escalateMarks(tx: Tx, marks: ReachedMark[]): Promise<void> {
  if (marks.length === 0) return
  const given = marks.map(({ ticketId, target, percent, dueAt }) => ({
    ticket_id: ticketId,
    target,
    percent,
    due_at: dueAt,
  }))
  await sql`
    insert into sla_escalation (clock_id, percent, mark_due_at, due_at)
    select c.id, g.percent, g.due_at, ${tx.now}
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
      as g(ticket_id uuid, target text, percent int, due_at timestamptz(3))
    join sla_clock c on c.ticket_id = g.ticket_id and c.target = g.target
    join sla_policy_version v on v.id = c.policy_version_id
    where v.escalations @> jsonb_build_array(jsonb_build_object('target', split_part(c.target, ':', 1), 'percent', g.percent))
    on conflict do nothing
    returning pg_notify('due', 'sla-escalations')`.execute(tx.db)
}

/** Breaches that a change found before the sweep did. */
export const escalateBreaches = (
  tx: Tx,
  broken: { ticketId: string; target: Target; breachedAt: Date | null }[],
): Promise<void> =>
  escalateMarks(
    tx,
    broken.map(({ breachedAt, ...clock }) => ({ ...clock, percent: 100, dueAt: breachedAt! })),
  )
