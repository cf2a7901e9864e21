import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { recordOnTickets, SYSTEM, transact, type TimelineLine, type Tx } from '../activity/index.ts'
import { nextStep, placeOf, type Policy } from './advance.ts'
import { LATE_MS } from './audit.ts'
import { openPages, type PageInput } from './open-pages.ts'
import { type Path, resolveTargets } from './resolve-targets.ts'
import { inShadow, keepShadowPages } from './shadow.ts'
import type { SlaCause } from './start.ts'

interface DueStep extends Policy {
  escalation_id: string
  position: number
  due_at: Date
  ticket_id: string
  cycle: number
  policy: { id: string; name: string; version: number }
  cause: SlaCause | null
}

const BATCH = 200

/**
 * Decides every step that is due: whom it means now, their pages and deliveries, and what comes next, in one
 * transaction. Whichever engine comes first takes a step; tickets that somebody is changing at this moment
 * are left for the next sweep, after their change. Answers how many were decided.
 */
export async function sweepSteps(db: Db): Promise<number> {
  let due: DueStep[] = []
  const claim = async (trx: Transaction<Tables>) => {
    due = await claimDue(trx)
  }
  return transact(db, SYSTEM, (tx) => decideSteps(tx, due), claim)
}

async function claimDue(trx: Transaction<Tables>): Promise<DueStep[]> {
  const { rows } = await sql<DueStep>`
    select s.escalation_id, s.position, s.due_at, e.ticket_id, e.cycle, e.cause, v.steps, v.repeats,
           jsonb_build_object('id', p.id, 'name', p.name, 'version', v.version) as policy
    from escalation_step s
    join escalation e on e.id = s.escalation_id
    join ticket t on t.id = e.ticket_id
    join escalation_policy_version v on v.id = e.policy_version_id
    join escalation_policy p on p.id = v.policy_id
    where s.decided_at is null and s.due_at <= (select tocsin_now()) and e.state = 'running'
    order by s.due_at, s.escalation_id limit ${BATCH}
    for update of s, e, t skip locked`.execute(trx)
  return rows
}

async function decideSteps(tx: Tx, due: DueStep[]): Promise<number> {
  if (due.length === 0) return 0
  const targetsOf = (step: DueStep) => step.steps[placeOf(step, step.position).index]!.targets
  const reach = await resolveTargets(tx, due.flatMap(targetsOf))
  const decided = due.map((step) => {
    const people = new Map<string, Path[]>()
    for (const { personId, path } of targetsOf(step).flatMap(reach))
      people.set(personId, [...(people.get(personId) ?? []), path])
    const lateMs = tx.now.getTime() - step.due_at.getTime()
    return { step, people, lateMs, next: nextStep(step, step.position, people.size > 0, tx.now) }
  })
  const pages = decided.flatMap(pagesOf)
  const shadow = await inShadow(
    tx,
    pages.map(({ ticketId }) => ticketId),
  )
  await openPages(
    tx,
    pages.filter(({ ticketId }) => !shadow.has(ticketId)),
  )
  await keepShadowPages(
    tx,
    pages.filter(({ ticketId }) => shadow.has(ticketId)),
  )
  await keepDecisions(tx, decided)
  await recordOnTickets(tx, decided.flatMap(linesOf))
  return due.length
}

interface Decided {
  step: DueStep
  people: Map<string, Path[]>
  lateMs: number
  next: ReturnType<typeof nextStep>
}

function pagesOf({ step, people }: Decided): PageInput[] {
  const { round, index } = placeOf(step, step.position)
  return [...people].map(([recipientId, paths]) => ({
    ticketId: step.ticket_id,
    cycle: step.cycle,
    step: step.position,
    recipientId,
    why: { policy: step.policy, round, step: index, paths, ...(step.cause && { sla: step.cause }) },
    actor: { kind: 'rule', id: step.policy.id },
  }))
}

async function keepDecisions(tx: Tx, decided: Decided[]): Promise<void> {
  const given = decided.map(({ step, people, lateMs, next }) => ({
    escalation_id: step.escalation_id,
    position: step.position,
    outcome: { paged: [...people.keys()], late_ms: lateMs },
    next: next?.position ?? null,
    due_at: next?.dueAt ?? null,
  }))
  await sql`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
        as g(escalation_id uuid, position int, outcome jsonb, next int, due_at timestamptz(3))
    ), done as (
      update escalation_step s set decided_at = ${tx.now}, outcome = g.outcome from given g
      where s.escalation_id = g.escalation_id and s.position = g.position
    ), follows as (
      insert into escalation_step (escalation_id, position, due_at)
      select escalation_id, next, due_at from given where next is not null
    )
    update escalation e set state = 'finished', ended_at = ${tx.now} from given g
    where e.id = g.escalation_id and g.next is null`.execute(tx.db)
}

/** What the timeline says beside the pages themselves: a step that came late or found nobody, and the policy's end. */
function linesOf({ step, people, lateMs, next }: Decided): TimelineLine[] {
  const { round, index } = placeOf(step, step.position)
  const line = {
    ticketId: step.ticket_id,
    subject: { kind: 'escalation', id: step.escalation_id },
    actor: { kind: 'rule' as const, id: step.policy.id },
    after: { cycle: step.cycle, step: step.position },
  }
  return [
    ...(lateMs >= LATE_MS
      ? [{ ...line, verb: 'page-late', why: { reason: 'late', due_at: step.due_at, late_ms: lateMs } }]
      : []),
    ...(people.size === 0
      ? [
          {
            ...line,
            verb: 'page-nobody',
            why: { reason: 'nobody_found', round, step: index, targets: step.steps[index]!.targets },
          },
        ]
      : []),
    ...(next ? [] : [{ ...line, verb: 'finish', why: { reason: 'nobody_acknowledged', rounds: round + 1 } }]),
  ]
}
