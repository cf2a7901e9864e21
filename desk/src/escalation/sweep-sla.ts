import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { recordOnTickets, SYSTEM, transact, type Tx } from '../activity/index.ts'
import type { MarkEscalation } from '../sla/index.ts'
import type { Target } from './advance.ts'
import { resolveTargets } from './resolve-targets.ts'
import { type SlaCause, startEscalations } from './start.ts'

interface Asked {
  id: string
  clock_id: string
  ticket_id: string
  target: string
  percent: number
  policy: SlaCause['policy']
  escalations: MarkEscalation[]
  /** The ticket has ended, or its clock: nobody is needed any more. */
  over: boolean
  /** It pages nobody, and nobody is told. */
  shadow: boolean
  /** Policies that page for this ticket already. */
  running: string[]
}

interface Decision {
  asked: Asked
  /** What it asks for; undefined where nobody is needed any more. */
  mark: MarkEscalation | undefined
  /** By which policy it is to page; null: by none, or by one that pages already. */
  pages: string | null
  people: string[]
}

const BATCH = 200

/**
 * Carries out what the marks of clocks ask for: pages by an escalation policy, and people told by mail, in one
 * transaction with the row that says it is done. Whichever engine comes first takes a row.
 */
export async function sweepSlaEscalations(db: Db): Promise<number> {
  let due: Asked[] = []
  const claim = async (trx: Transaction<Tables>) => {
    due = await claimAsked(trx)
  }
  return transact(db, SYSTEM, (tx) => carryOut(tx, due), claim)
}

async function claimAsked(trx: Transaction<Tables>): Promise<Asked[]> {
  const { rows } = await sql<Asked>`
    select e.id, e.clock_id, c.ticket_id, split_part(c.target, ':', 1) as target, e.percent, v.escalations,
           jsonb_build_object('id', p.id, 'name', p.name, 'version', v.version) as policy,
           c.stopped_at is not null or t.state in ('resolved', 'closed', 'cancelled') as over,
           exists (select from shadow_ticket h where h.ticket_id = t.id and h.left_at is null) as shadow,
           array(select w.policy_id::text from escalation x join escalation_policy_version w on w.id = x.policy_version_id
                 where x.ticket_id = t.id and x.state = 'running') as running
    from sla_escalation e
    join sla_clock c on c.id = e.clock_id
    join ticket t on t.id = c.ticket_id
    join sla_policy_version v on v.id = c.policy_version_id
    join sla_policy p on p.id = v.policy_id
    where e.decided_at is null and e.due_at <= (select tocsin_now())
    order by e.due_at, e.id limit ${BATCH}
    for update of e, t skip locked`.execute(trx)
  return rows
}

async function carryOut(tx: Tx, due: Asked[]): Promise<number> {
  if (due.length === 0) return 0
  const wanted = due.map((asked) => ({
    asked,
    mark: asked.over
      ? undefined
      : asked.escalations.find((one) => one.target === asked.target && one.percent === asked.percent),
  }))
  const reach = await resolveTargets(
    tx,
    wanted.flatMap(({ mark }) => (mark ? targetsOf(mark) : [])),
  )
  const begun = new Set<string>()
  const decisions = wanted.map(({ asked, mark }): Decision => {
    if (!mark) return { asked, mark, pages: null, people: [] }
    const named = targetsOf(mark).flatMap((target) => reach(target).map((one) => one.personId))
    const wakes = mark.escalation_policy_id
    const key = `${asked.ticket_id} ${wakes}`
    const already = wakes !== null && (asked.running.includes(wakes) || begun.has(key))
    begun.add(key)
    return { asked, mark, pages: already ? null : wakes, people: asked.shadow ? [] : [...new Set(named)] }
  })
  await tellPeople(tx, decisions)
  const started = await startEscalations(
    tx,
    decisions.flatMap(({ asked, pages }) =>
      pages === null
        ? []
        : [
            {
              ticketId: asked.ticket_id,
              policyId: pages,
              cause: { kind: 'sla_clock', id: asked.clock_id },
              sla: { target: asked.target, percent: asked.percent, policy: asked.policy },
            },
          ],
    ),
  )
  const outcomes = decisions.map((one) => ({ id: one.asked.id, outcome: outcomeOf(one, started) }))
  await sql`
    update sla_escalation e set decided_at = ${tx.now}, outcome = g.outcome
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb)
      as g(id uuid, outcome jsonb)
    where e.id = g.id`.execute(tx.db)
  return due.length
}

/** What came of a mark, and where that is less than it asked for, why. */
function outcomeOf(
  { asked, mark, pages, people }: Decision,
  started: (ticketId: string, policyId: string) => boolean,
): { paged?: boolean; told?: number; reason?: string } {
  if (!mark) return { reason: asked.over ? 'over' : 'not-asked' }
  const wakes = mark.escalation_policy_id !== null
  const paged = pages !== null && started(asked.ticket_id, pages)
  const reason = () => {
    if (wakes && !paged) return pages === null ? 'already-paging' : 'policy-archived'
    return targetsOf(mark).length > 0 && people.length === 0 && !asked.shadow ? 'nobody' : undefined
  }
  return { ...(wakes && { paged }), told: people.length, reason: reason() }
}

const targetsOf = (mark: MarkEscalation): Target[] => [
  ...mark.person_ids.map((id) => ({ kind: 'person' as const, id })),
  ...mark.team_ids.map((id) => ({ kind: 'team' as const, id })),
]

/** One line a mark, from which the notices are made: each person is told once of it. */
async function tellPeople(tx: Tx, decisions: Decision[]): Promise<void> {
  await recordOnTickets(
    tx,
    decisions
      .filter(({ people }) => people.length > 0)
      .map(({ asked, people }) => ({
        ticketId: asked.ticket_id,
        verb: 'sla-tell',
        subject: { kind: 'ticket', id: asked.ticket_id },
        actor: { kind: 'rule' as const, id: asked.policy.id },
        after: { target: asked.target, percent: asked.percent, people },
        cause: { kind: 'sla_clock', id: asked.clock_id },
        why: { policy: asked.policy.id, version: asked.policy.version },
      })),
  )
}
