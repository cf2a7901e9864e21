import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { checkTerms, type PolicyTerms } from './check.ts'
import type { Targets } from './policies.ts'

export interface PolicyInput extends PolicyTerms {
  name: string
  /** Lower is asked first. */
  position: number
}

/** Makes a policy with its first version, in force at once. `conflict` when the name is taken. */
export async function createPolicy(tx: Tx, input: PolicyInput): Promise<string> {
  checkTerms(input)
  await demandReferences(tx, input)
  const row = await tx.db
    .insertInto('sla_policy')
    .values({ name: input.name, position: input.position, created_at: tx.now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new DeskError('conflict', `An SLA policy named “${input.name}” exists already.`)
  await insertVersion(tx, row.id, 1, input, tx.now)
  await tell(tx, row.id, 'create', undefined, { version: 1 })
  return row.id
}

export interface PolicyEdit extends Partial<PolicyInput> {
  id: string
  effectiveFrom?: Date
  /** The version that the editor saw; `stale` when another has come since. */
  seenVersion?: number
}

/** Adds a version; tickets that are open keep what they were promised. Answers the newest version. */
export async function editPolicy(tx: Tx, input: PolicyEdit): Promise<number> {
  const row = await tx.db
    .selectFrom('sla_policy')
    .select(['name', 'position'])
    .where('id', '=', input.id)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  const policy = found(row, 'SLA policy')
  const latest = await tx.db
    .selectFrom('sla_policy_version')
    .select(['version', 'kinds', 'service_ids', 'calendar_id', 'targets'])
    .where('policy_id', '=', input.id)
    .orderBy('version', 'desc')
    .executeTakeFirstOrThrow()
  if (input.seenVersion !== undefined && input.seenVersion !== latest.version)
    throw new DeskError('stale', 'Somebody changed this policy meanwhile.', { current: latest })
  if (input.effectiveFrom && input.effectiveFrom < tx.now)
    throw new DeskError('invalid', 'A promise cannot change in the past.', {
      errors: [{ path: 'effective_from', message: 'Now or later.' }],
    })
  const name = input.name ?? policy.name
  const position = input.position ?? policy.position
  if (name !== policy.name || position !== policy.position) await arrange(tx, input.id, name, position)

  const { kinds, serviceIds, calendarId, targets } = input
  if (!kinds && !serviceIds && !calendarId && !targets) return latest.version
  const terms: PolicyTerms = {
    kinds: kinds ?? latest.kinds,
    serviceIds: serviceIds ?? latest.service_ids,
    calendarId: calendarId ?? latest.calendar_id,
    targets: targets ?? (latest.targets as unknown as Targets),
  }
  checkTerms(terms)
  await demandReferences(tx, terms)
  const version = latest.version + 1
  await insertVersion(tx, input.id, version, terms, input.effectiveFrom ?? tx.now)
  await tell(tx, input.id, 'edit', { version: latest.version }, { version })
  return version
}

/** Takes a policy out of use; the clocks that it started run on. */
export async function archivePolicy(tx: Tx, id: string): Promise<void> {
  const row = await tx.db
    .updateTable('sla_policy')
    .set({ archived_at: tx.now })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'SLA policy')
  await tell(tx, id, 'archive')
}

async function arrange(tx: Tx, id: string, name: string, position: number): Promise<void> {
  const namesake = await tx.db
    .selectFrom('sla_policy')
    .select('id')
    .where('name', '=', name)
    .where('id', '!=', id)
    .executeTakeFirst()
  if (namesake) throw new DeskError('conflict', `An SLA policy named “${name}” exists already.`)
  await tx.db.updateTable('sla_policy').set({ name, position }).where('id', '=', id).execute()
  await tell(tx, id, 'edit', undefined, { position, fields: ['name', 'position'] })
}

async function insertVersion(
  tx: Tx,
  policyId: string,
  version: number,
  terms: PolicyTerms,
  effectiveFrom: Date,
): Promise<void> {
  await tx.db
    .insertInto('sla_policy_version')
    .values({
      policy_id: policyId,
      version,
      effective_from: effectiveFrom,
      kinds: terms.kinds,
      service_ids: terms.serviceIds,
      calendar_id: terms.calendarId,
      targets: JSON.stringify(terms.targets),
      author_id: tx.actor.kind === 'person' ? tx.actor.id : null,
      created_at: tx.now,
    })
    .execute()
}

/** Calendars and services that are named must be there and in use. */
async function demandReferences(tx: Tx, terms: PolicyTerms): Promise<void> {
  const named = Object.entries(terms.targets).flatMap(([priority, target]) =>
    target.calendar_id ? [{ path: `targets.${priority}.calendar_id`, id: target.calendar_id }] : [],
  )
  const wanted = [{ path: 'calendar_id', id: terms.calendarId }, ...named]
  const calendars = await tx.db
    .selectFrom('calendar')
    .select('id')
    .where(
      'id',
      'in',
      wanted.map((one) => one.id),
    )
    .where('archived_at', 'is', null)
    .execute()
  const errors = wanted
    .filter((one) => !calendars.some((calendar) => calendar.id === one.id))
    .map(({ path }) => ({ path, message: 'There is no such calendar in use.' }))
  if (terms.serviceIds.length > 0) {
    const services = await tx.db
      .selectFrom('service')
      .select('id')
      .where('id', 'in', terms.serviceIds)
      .execute()
    if (services.length < new Set(terms.serviceIds).size)
      errors.push({ path: 'service_ids', message: 'One of the services does not exist.' })
  }
  if (errors.length > 0) throw new DeskError('invalid', 'The policy names what does not exist.', { errors })
}

async function tell(
  tx: Tx,
  id: string,
  verb: string,
  before?: Record<string, unknown>,
  after?: Record<string, unknown>,
): Promise<void> {
  await record(tx, [{ verb, subject: { kind: 'sla_policy', id }, before, after, visibility: 'audit' }])
}
