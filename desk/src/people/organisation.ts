import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'

interface OrganisationInput {
  name: string
  parentId?: string | null
}

const MOST_ORGANISATIONS = 2000
const MOST_LEVELS = 6

const wrong = (path: string, message: string) =>
  new DeskError('invalid', 'The organisation cannot stand like this.', { errors: [{ path, message }] })

/** Adds an organisation that people belong to. `conflict` when its name is taken. */
export async function createOrganisation(tx: Tx, { name, parentId }: OrganisationInput): Promise<string> {
  await holdTree(tx)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from organisation where archived_at is null`.execute(tx.db)
  if (rows[0]!.count >= MOST_ORGANISATIONS)
    throw new DeskError('conflict', `There are ${MOST_ORGANISATIONS} organisations: archive some first.`)
  await demandFree(tx, name)
  if (parentId) await demandRoom(tx, parentId, 1)
  const { id } = await tx.db
    .insertInto('organisation')
    .values({ name, parent_id: parentId ?? null, created_at: tx.now })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tell(tx, 'create', id, { parent: parentId ?? null })
  return id
}

/**
 * Renames an organisation, or moves it with all beneath it. Answers the ids of what moved: what is promised to them
 * may be another thing there.
 */
export async function editOrganisation(
  tx: Tx,
  id: string,
  input: Partial<OrganisationInput> & { seenRevision?: number },
): Promise<string[]> {
  await holdTree(tx)
  const before = await readOrganisation(tx, id)
  if (input.seenRevision !== undefined && input.seenRevision !== before.revision)
    throw new DeskError('stale', 'Somebody changed this organisation meanwhile.', {
      current: { revision: before.revision },
    })
  if (input.name !== undefined) await demandFree(tx, input.name, id)
  const moves = input.parentId !== undefined && input.parentId !== before.parent_id
  const beneath = moves ? await beneathOf(tx, id) : []
  if (moves && input.parentId) {
    if (beneath.some((one) => one.id === input.parentId))
      throw wrong('parent_id', 'an organisation cannot stand beneath itself')
    await demandRoom(tx, input.parentId, Math.max(...beneath.map(({ level }) => level)))
  }
  await tx.db
    .updateTable('organisation')
    .set({
      ...(input.name !== undefined && { name: input.name }),
      ...(moves && { parent_id: input.parentId }),
      revision: before.revision + 1,
    })
    .where('id', '=', id)
    .execute()
  const fields = [...(input.name === undefined ? [] : ['name']), ...(moves ? ['parent_id'] : [])]
  await tell(tx, 'edit', id, { fields, ...(moves && { parent: input.parentId }) })
  return beneath.map((one) => one.id)
}

/** Takes an organisation out of use, once nobody belongs to it and no policy asks for it; tickets keep it. */
export async function archiveOrganisation(tx: Tx, id: string): Promise<void> {
  await holdTree(tx)
  await readOrganisation(tx, id)
  const { rows } = await sql<{ people: number; beneath: string | null; policy: string | null }>`
    select
      (select count(*)::int from person where organisation_id = ${id} and archived_at is null) as people,
      (select name from organisation where parent_id = ${id} and archived_at is null order by name limit 1) as beneath,
      (select p.name from sla_policy p
       join lateral (select conditions from sla_policy_version v where v.policy_id = p.id
                     order by version desc limit 1) v on true
       where p.archived_at is null and v.conditions -> 'organisation_ids' ? ${id} limit 1) as policy`.execute(
    tx.db,
  )
  const { people, beneath, policy } = rows[0]!
  if (beneath) throw new DeskError('conflict', `“${beneath}” stands beneath it: move it or archive it first.`)
  if (people > 0) throw new DeskError('conflict', `People belong to it (${people}): move them first.`)
  if (policy)
    throw new DeskError('conflict', `The SLA policy “${policy}” asks for it. Change the policy first.`)
  await sql`update organisation set archived_at = ${tx.now}, revision = revision + 1 where id = ${id}`.execute(
    tx.db,
  )
  await tell(tx, 'archive', id)
}

/** An organisation that somebody can belong to. Held until the end, so that none is archived under its people. */
export async function demandOrganisation(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql`
    select from organisation where id = ${id} and archived_at is null for share`.execute(tx.db)
  if (rows.length === 0)
    throw new DeskError('invalid', 'There is no such organisation.', {
      errors: [{ path: 'organisation_id', message: 'is not an organisation that can be chosen' }],
    })
}

/** One change of the tree at a time. */
const holdTree = (tx: Tx) => sql`select pg_advisory_xact_lock(hashtext('organisation'))`.execute(tx.db)

async function readOrganisation(tx: Tx, id: string) {
  const row = await tx.db
    .selectFrom('organisation')
    .select(['id', 'parent_id', 'revision'])
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return found(row, 'organisation')
}

async function demandFree(tx: Tx, name: string, id?: string): Promise<void> {
  const { rows } = await sql`
    select from organisation where lower(name) = lower(${name}) and archived_at is null
      and id is distinct from ${id ?? null}::uuid limit 1`.execute(tx.db)
  if (rows.length > 0)
    throw new DeskError('conflict', `An organisation named “${name}” exists already.`, {
      errors: [{ path: 'name', message: 'is taken' }],
    })
}

/** It and what stands beneath it, archived or not, with the level that each takes, from 1. */
async function beneathOf(tx: Tx, id: string): Promise<{ id: string; level: number }[]> {
  const { rows } = await sql<{ id: string; level: number }>`
    with recursive tree as (
      select id, 1 as level from organisation where id = ${id}
      union all
      select o.id, t.level + 1 from organisation o join tree t on o.parent_id = t.id where t.level < 50
    ) select id, level from tree`.execute(tx.db)
  return rows
}

async function demandRoom(tx: Tx, parentId: string, levels: number): Promise<void> {
  const { rows } = await sql<{ above: number; usable: boolean }>`
    with recursive up as (
      select id, parent_id, archived_at, 1 as level from organisation where id = ${parentId}
      union all
      select o.id, o.parent_id, o.archived_at, u.level + 1 from organisation o join up u on o.id = u.parent_id where u.level < 50
    ) select max(level) as above, bool_and(archived_at is null) as usable from up having count(*) > 0`.execute(
    tx.db,
  )
  if (!rows[0]?.usable) throw wrong('parent_id', 'is not an organisation that can be chosen')
  if (rows[0].above + levels > MOST_LEVELS) throw wrong('parent_id', `at most ${MOST_LEVELS} levels`)
}

const tell = (tx: Tx, verb: string, id: string, after?: Record<string, unknown>) =>
  record(tx, [{ verb, subject: { kind: 'organisation', id }, after, visibility: 'audit' }])
