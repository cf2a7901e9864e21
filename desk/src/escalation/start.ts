import { sql } from 'kysely'
import { type Line, recordOnTickets, type Tx } from '../activity/index.ts'

export interface EscalationStart {
  ticketId: string
  /** null: nobody decided whom this ticket wakes, and its timeline says so. */
  policyId: string | null
  cause?: Line['cause']
  /** A mark of a clock asks for it: it runs beside what pages already, and each page says so. */
  sla?: SlaCause
  /** It runs beside what pages already, whoever asks. */
  beside?: boolean
}

/** Which clock asked, at which share of its time, by which policy. */
export interface SlaCause {
  target: string
  percent: number
  policy: { id: string; name: string; version: number }
}

interface Started {
  ticket_id: string
  id: string
  cycle: number
  policy_id: string
  version: number
}

/**
 * Begins a cycle of escalation for each ticket: the first step is a due-time row, now plus its wait. Its own cycle
 * that still runs is stopped, save where one is asked for beside it. A ticket without a policy, or whose policy is archived, pages nobody and says so.
 * Answers whether one began, by ticket and policy.
 */
export async function startEscalations(
  tx: Tx,
  starts: EscalationStart[],
): Promise<(ticketId: string, policyId: string) => boolean> {
  if (starts.length === 0) return () => false
  const given = JSON.stringify(
    starts.map(({ ticketId, policyId, sla = null, beside = sla !== null }) => ({
      ticket_id: ticketId,
      policy_id: policyId,
      sla,
      beside,
    })),
  )
  const { rows } = await sql<Started>`
    with given as (
      select * from jsonb_to_recordset(${given}::jsonb) as g(ticket_id uuid, policy_id uuid, sla jsonb, beside boolean)
    ), stopped as (
      update escalation e set state = 'stopped', ended_at = ${tx.now} from given g
      where e.ticket_id = g.ticket_id and e.state = 'running' and not g.beside and not e.beside returning e.id
    ), skipped as (
      update escalation_step s set decided_at = ${tx.now}, outcome = '{"skipped": "started-again"}' from stopped e
      where s.escalation_id = e.id and s.decided_at is null
    ), started as (
      insert into escalation (ticket_id, cycle, policy_version_id, state, started_at, cause, beside)
      select g.ticket_id, coalesce((select max(e.cycle) from escalation e where e.ticket_id = g.ticket_id), 0)
               + row_number() over (partition by g.ticket_id),
             v.id, 'running', ${tx.now}, g.sla, g.beside
      from given g
      join escalation_policy p on p.id = g.policy_id and p.archived_at is null
      join lateral (select id from escalation_policy_version where policy_id = p.id and effective_from <= ${tx.now}
                    order by version desc limit 1) v on true
      returning id, ticket_id, cycle, policy_version_id
    ), first as (
      insert into escalation_step (escalation_id, position, due_at)
      select s.id, 0, ${tx.now}::timestamptz(3) + (v.steps -> 0 ->> 'wait_ms')::bigint * interval '1 millisecond'
      from started s join escalation_policy_version v on v.id = s.policy_version_id
    )
    select s.ticket_id, s.id, s.cycle, v.policy_id, v.version
    from started s join escalation_policy_version v on v.id = s.policy_version_id`.execute(tx.db)
  const keyOf = (ticketId: string, policyId: string | null) => `${ticketId} ${policyId}`
  const started = new Map(rows.map((row) => [keyOf(row.ticket_id, row.policy_id), row]))
  await recordOnTickets(
    tx,
    starts.map(({ ticketId, policyId, cause }) => {
      const row = started.get(keyOf(ticketId, policyId))
      return row
        ? {
            ticketId,
            verb: 'escalate',
            subject: { kind: 'escalation', id: row.id },
            actor: { kind: 'rule' as const, id: row.policy_id },
            after: { cycle: row.cycle, policy: row.policy_id, version: row.version },
            cause,
          }
        : {
            ticketId,
            verb: 'page-nobody',
            subject: { kind: 'ticket', id: ticketId },
            actor: { kind: 'rule' as const, id: policyId },
            why: { reason: policyId ? 'policy_archived' : 'no_policy' },
            cause,
          }
    }),
  )
  if (rows.length > 0) await sql`select pg_notify('due', 'steps')`.execute(tx.db)
  return (ticketId, policyId) => started.has(keyOf(ticketId, policyId))
}
