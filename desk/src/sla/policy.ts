import { DeskError, found, record, type Tx } from '../activity/index.ts'
import { checkTerms } from './check.ts'
import { policyHistory, type PolicyTerms } from './policies.ts'
import { demandReferences } from './references.ts'

export type PolicyInput = Partial<PolicyTerms> & {
  kinds: PolicyTerms['kinds']
  calendarId: string
  name: string
  /** Lower is asked first. */
  position: number
}

const PLAIN: Omit<PolicyTerms, 'kinds' | 'calendarId'> = {
  serviceIds: [],
  conditions: {},
  targets: {},
  pauseReasons: null,
  pauseStates: [],
  olas: [],
  escalations: [],
}
const TERMS = [...(Object.keys(PLAIN) as (keyof PolicyTerms)[]), 'kinds', 'calendarId'] as const

const given = (input: Partial<PolicyTerms>): Partial<PolicyTerms> =>
  Object.fromEntries(TERMS.filter((term) => input[term] !== undefined).map((term) => [term, input[term]]))

/** Makes a policy with its first version, in force at once. `conflict` when the name is taken. */
export async function createPolicy(tx: Tx, input: PolicyInput): Promise<string> {
  const terms: PolicyTerms = { ...PLAIN, kinds: input.kinds, calendarId: input.calendarId, ...given(input) }
  checkTerms(terms)
  await demandReferences(tx, terms)
  const row = await tx.db
    .insertInto('sla_policy')
    .values({ name: input.name, position: input.position, created_at: tx.now })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw nameTaken(input.name, await namesake(tx, input.name))
  await insertVersion(tx, row.id, 1, terms, tx.now)
  await tell(tx, row.id, 'create', undefined, { version: 1 })
  return row.id
}

export type PolicyEdit = Partial<PolicyInput> & {
  id: string
  effectiveFrom?: Date
  /** The version that the editor saw; `stale` when another has come since. */
  seenVersion?: number
}

/** Adds a version; tickets that are open keep what they were promised until they are computed again. Answers the newest version. */
export async function editPolicy(tx: Tx, input: PolicyEdit): Promise<number> {
  const row = await tx.db
    .selectFrom('sla_policy')
    .select(['name', 'position'])
    .where('id', '=', input.id)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  const policy = found(row, 'SLA policy')
  const latest = (await policyHistory(tx.db, input.id))[0]!
  if (input.seenVersion !== undefined && input.seenVersion !== latest.version)
    throw new DeskError('stale', 'Somebody changed this policy meanwhile.', { current: latest })
  if (input.effectiveFrom && input.effectiveFrom < tx.now)
    throw new DeskError('invalid', 'A promise cannot change in the past.', {
      errors: [{ path: 'effective_from', message: 'Now or later.' }],
    })
  const name = input.name ?? policy.name
  const position = input.position ?? policy.position
  if (name !== policy.name || position !== policy.position) await arrange(tx, input.id, name, position)

  const changes = given(input)
  if (Object.keys(changes).length === 0) return latest.version
  const terms: PolicyTerms = { ...latest, ...changes }
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
  const other = await namesake(tx, name)
  if (other && other.id !== id) throw nameTaken(name, other)
  await tx.db.updateTable('sla_policy').set({ name, position }).where('id', '=', id).execute()
  await tell(tx, id, 'edit', undefined, { position, fields: ['name', 'position'] })
}

const namesake = (tx: Tx, name: string) =>
  tx.db.selectFrom('sla_policy').select(['id', 'archived_at']).where('name', '=', name).executeTakeFirst()

/** An archived one keeps its name, for what it promised is still told by it. */
const nameTaken = (name: string, by?: { archived_at: Date | null }): DeskError =>
  new DeskError(
    'conflict',
    by?.archived_at
      ? `An archived SLA policy keeps the name “${name}”. Choose another.`
      : `An SLA policy named “${name}” exists already.`,
  )

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
      conditions: JSON.stringify(terms.conditions),
      pause_reasons: terms.pauseReasons,
      pause_states: terms.pauseStates,
      olas: JSON.stringify(terms.olas),
      escalations: JSON.stringify(terms.escalations),
      author_id: tx.actor.kind === 'person' ? tx.actor.id : null,
      created_at: tx.now,
    })
    .execute()
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
