import { sql } from 'kysely'
import { DeskError, type FieldError, found, record, type Tx } from '../activity/index.ts'
import type { Policy } from './advance.ts'

export interface EscalationPolicyInput extends Policy {
  name: string
  teamId?: string | null
}

const MOST_STEPS = 20
const MOST_TARGETS = 20
const MOST_REPEATS = 9
const LONGEST_WAIT_MS = 7 * 86_400_000

/** Creates an escalation policy; its first version is in force at once. `invalid` names the fields that are wrong. */
export async function createEscalationPolicy(tx: Tx, input: EscalationPolicyInput): Promise<string> {
  await checkPolicy(tx, input)
  const { id } = await tx.db
    .insertInto('escalation_policy')
    .values({ name: input.name, team_id: input.teamId ?? null, created_at: tx.now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await addVersion(tx, id, 1, input)
  await record(tx, [
    {
      verb: 'create',
      subject: { kind: 'escalation_policy', id },
      after: { team: input.teamId ?? null, version: 1 },
      visibility: 'audit',
    },
  ])
  return id
}

/** Changes a policy. Steps are never edited: escalations under way keep the version they began with. */
export async function editEscalationPolicy(
  tx: Tx,
  id: string,
  change: { name?: string; teamId?: string | null; policy?: Policy },
): Promise<void> {
  const policy = await tx.db
    .selectFrom('escalation_policy')
    .select('id')
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  found(policy, 'escalation policy')
  const named = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.teamId !== undefined && { team_id: change.teamId }),
  }
  if (Object.keys(named).length > 0)
    await tx.db.updateTable('escalation_policy').set(named).where('id', '=', id).execute()
  const version = change.policy && (await nextVersion(tx, id, change.policy))
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'escalation_policy', id },
      after: { fields: Object.keys(change), version: version ?? null, team: change.teamId ?? null },
      visibility: 'audit',
    },
  ])
}

/** Archives a policy that no service, no integration and no mark of an SLA names. */
export async function archiveEscalationPolicy(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select key as name from service where escalation_policy_id = ${id} and archived_at is null
    union all select name from integration where escalation_policy_id = ${id} and archived_at is null
    union all select p.name from sla_policy p
      join lateral (select escalations from sla_policy_version where policy_id = p.id order by version desc limit 1) v on true
      where p.archived_at is null
        and v.escalations @> jsonb_build_array(jsonb_build_object('escalation_policy_id', ${id}::text)) limit 1`.execute(
    tx.db,
  )
  if (rows[0])
    throw new DeskError(
      'conflict',
      `“${rows[0].name}” still escalates by this policy. Give it another one first.`,
    )
  const row = await tx.db
    .updateTable('escalation_policy')
    .set({ archived_at: tx.now })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'escalation policy')
  await record(tx, [{ verb: 'archive', subject: { kind: 'escalation_policy', id }, visibility: 'audit' }])
}

async function nextVersion(tx: Tx, id: string, policy: Policy): Promise<number> {
  await checkPolicy(tx, policy)
  const last = await tx.db
    .selectFrom('escalation_policy_version')
    .select('version')
    .where('policy_id', '=', id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow()
  await addVersion(tx, id, last.version + 1, policy)
  return last.version + 1
}

async function addVersion(tx: Tx, policyId: string, version: number, policy: Policy): Promise<void> {
  await tx.db
    .insertInto('escalation_policy_version')
    .values({
      policy_id: policyId,
      version,
      effective_from: tx.now,
      steps: JSON.stringify(policy.steps),
      repeats: policy.repeats,
      author_id: tx.actor.kind === 'person' ? tx.actor.id : null,
      created_at: tx.now,
    })
    .execute()
}

async function checkPolicy(tx: Tx, { steps, repeats }: Policy): Promise<void> {
  const errors: FieldError[] = []
  const demand = (holds: boolean, path: string, message: string) => {
    if (!holds) errors.push({ path, message })
  }
  demand(steps.length >= 1 && steps.length <= MOST_STEPS, 'steps', `needs 1 to ${MOST_STEPS} steps`)
  demand(
    Number.isInteger(repeats) && repeats >= 0 && repeats <= MOST_REPEATS,
    'repeats',
    `is 0 to ${MOST_REPEATS}`,
  )
  for (const [index, { wait_ms, targets }] of steps.entries()) {
    demand(wait_ms >= 0 && wait_ms <= LONGEST_WAIT_MS, `steps.${index}.wait_ms`, 'is 0 to 7 days')
    demand(
      targets.length >= 1 && targets.length <= MOST_TARGETS,
      `steps.${index}.targets`,
      `needs 1 to ${MOST_TARGETS}`,
    )
  }
  const { rows } = await sql<{ step: number; target: number }>`
    select g.step, g.target
    from jsonb_to_recordset(${JSON.stringify(
      steps.flatMap(({ targets }, step) =>
        targets.map(({ kind, id }, target) => ({ step, target, kind, id })),
      ),
    )}::jsonb) as g(step int, target int, kind text, id uuid)
    where not case g.kind
      when 'schedule' then exists (select from schedule x where x.id = g.id and x.archived_at is null)
      when 'team' then exists (select from team x where x.id = g.id and x.archived_at is null)
      else exists (select from person x where x.id = g.id and x.archived_at is null) end`.execute(tx.db)
  for (const { step, target } of rows)
    demand(false, `steps.${step}.targets.${target}`, 'is not there any more')
  if (errors.length > 0) throw new DeskError('invalid', 'The policy cannot work like this.', { errors })
}
