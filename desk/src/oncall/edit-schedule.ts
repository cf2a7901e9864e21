import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { checkSchedule } from './check-schedule.ts'
import type { Rotation } from './schedule.ts'

export interface ScheduleInput {
  name: string
  teamId: string
  zone: string
  rotations: Rotation[]
}

/** Creates a schedule; its first version is in force at once. `invalid` names the fields that are wrong. */
export async function createSchedule(tx: Tx, input: ScheduleInput): Promise<string> {
  await checkSchedule(tx, input.zone, input.rotations)
  const { id } = await tx.db
    .insertInto('schedule')
    .values({ name: input.name, team_id: input.teamId, created_at: tx.now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await addVersion(tx, id, 1, tx.now, input)
  await record(tx, [
    {
      verb: 'create',
      subject: { kind: 'schedule', id },
      after: { team: input.teamId, version: 1 },
      visibility: 'audit',
    },
  ])
  return id
}

export interface ScheduleChange {
  name?: string
  teamId?: string
  /** Zone and rotations change together, as a new version. */
  rota?: { zone: string; rotations: Rotation[]; effectiveFrom?: Date }
}

/**
 * Changes a schedule. A rota is never edited: the new one is another version, in force from `effectiveFrom`
 * (now, unless later); what was decided under the older ones stays explained by them.
 */
export async function editSchedule(tx: Tx, id: string, change: ScheduleChange): Promise<void> {
  const schedule = await tx.db
    .selectFrom('schedule')
    .select(['id', 'team_id'])
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  found(schedule, 'schedule')
  const named = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.teamId !== undefined && { team_id: change.teamId }),
  }
  if (Object.keys(named).length > 0)
    await tx.db.updateTable('schedule').set(named).where('id', '=', id).execute()
  const version = change.rota && (await nextVersion(tx, id, change.rota))
  await record(tx, [
    {
      verb: 'edit',
      subject: { kind: 'schedule', id },
      after: { fields: Object.keys(change), version: version ?? null, team: change.teamId ?? null },
      visibility: 'audit',
    },
  ])
}

/** Archives a schedule that no escalation policy in force names. */
export async function archiveSchedule(tx: Tx, id: string): Promise<void> {
  const user = await tx.db
    .selectFrom('escalation_policy_version as v')
    .innerJoin('escalation_policy as p', 'p.id', 'v.policy_id')
    .select('p.name')
    .where('p.archived_at', 'is', null)
    .where('v.version', '=', (eb) =>
      eb
        .selectFrom('escalation_policy_version as w')
        .select((max) => max.fn.max('w.version').as('version'))
        .whereRef('w.policy_id', '=', 'v.policy_id'),
    )
    .where((eb) => eb(eb.cast<string>('v.steps', 'text'), 'like', `%"${id}"%`))
    .executeTakeFirst()
  if (user)
    throw new DeskError(
      'conflict',
      `The escalation policy “${user.name}” pages this schedule. Change the policy first.`,
    )
  const row = await tx.db
    .updateTable('schedule')
    .set({ archived_at: tx.now })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'schedule')
  await record(tx, [{ verb: 'archive', subject: { kind: 'schedule', id }, visibility: 'audit' }])
}

async function nextVersion(tx: Tx, id: string, rota: NonNullable<ScheduleChange['rota']>): Promise<number> {
  await checkSchedule(tx, rota.zone, rota.rotations)
  const last = await tx.db
    .selectFrom('schedule_version')
    .select(['version', 'effective_from'])
    .where('schedule_id', '=', id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow()
  const effectiveFrom = rota.effectiveFrom && rota.effectiveFrom > tx.now ? rota.effectiveFrom : tx.now
  if (effectiveFrom < last.effective_from)
    throw new DeskError(
      'conflict',
      `Another change takes effect at ${last.effective_from.toISOString()}; this one cannot come before it.`,
    )
  await addVersion(tx, id, last.version + 1, effectiveFrom, rota)
  return last.version + 1
}

async function addVersion(
  tx: Tx,
  scheduleId: string,
  version: number,
  effectiveFrom: Date,
  rota: { zone: string; rotations: Rotation[] },
): Promise<void> {
  await tx.db
    .insertInto('schedule_version')
    .values({
      schedule_id: scheduleId,
      version,
      effective_from: effectiveFrom,
      zone: rota.zone,
      rotations: JSON.stringify(rota.rotations),
      author_id: tx.actor.kind === 'person' ? tx.actor.id : null,
      created_at: tx.now,
    })
    .execute()
}
