import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'

const MOST_MEMBERS = 5000

export interface GroupInput {
  name: string
  memberIds: string[]
}

/** People who are promised the same, such as VIP. A rule may ask whether a requester is one of them. */
export async function createGroup(tx: Tx, input: GroupInput): Promise<string> {
  const row = await tx.db
    .insertInto('people_group')
    .values({ name: input.name, created_at: tx.now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw taken(input.name)
  await setMembers(tx, row.id, input.memberIds)
  await tell(tx, row.id, 'create', { members: input.memberIds.length })
  return row.id
}

/**
 * Changes what is given; `memberIds` are all of them. `stale` when another edit came between. Answers who came in and
 * who left: what is promised to them may be another thing now.
 */
export async function editGroup(
  tx: Tx,
  id: string,
  input: Partial<GroupInput> & { seenRevision?: number },
): Promise<string[]> {
  const row = await tx.db
    .selectFrom('people_group')
    .select('revision')
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  const { revision } = found(row, 'group')
  if (input.seenRevision !== undefined && input.seenRevision !== revision)
    throw new DeskError('stale', 'Somebody changed this group meanwhile.', { current: { revision } })
  if (input.name !== undefined) {
    const namesake = await tx.db
      .selectFrom('people_group')
      .select('id')
      .where((eb) => eb(eb.fn('lower', ['name']), '=', input.name!.toLowerCase()))
      .where('archived_at', 'is', null)
      .where('id', '!=', id)
      .executeTakeFirst()
    if (namesake) throw taken(input.name)
  }
  await tx.db
    .updateTable('people_group')
    .set({ ...(input.name !== undefined && { name: input.name }), revision: revision + 1 })
    .where('id', '=', id)
    .execute()
  const changed = input.memberIds ? await setMembers(tx, id, input.memberIds) : []
  await tell(tx, id, 'edit', { fields: Object.keys(input).filter((field) => field !== 'seenRevision') })
  return changed
}

/** Takes a group out of use: nobody is in it any more for what is asked from now on. */
export async function archiveGroup(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select p.name from sla_policy p
    join lateral (select conditions from sla_policy_version v where v.policy_id = p.id
                  order by version desc limit 1) v on true
    where p.archived_at is null and v.conditions -> 'group_ids' ? ${id} limit 1`.execute(tx.db)
  if (rows[0])
    throw new DeskError('conflict', `The SLA policy “${rows[0].name}” asks for it. Change the policy first.`)
  const row = await tx.db
    .updateTable('people_group')
    .set({ archived_at: tx.now })
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  found(row, 'group')
  await tell(tx, id, 'archive')
}

/** Answers who came in and who left. */
async function setMembers(tx: Tx, id: string, memberIds: string[]): Promise<string[]> {
  const ids = [...new Set(memberIds)]
  const wrong = (message: string) =>
    new DeskError('invalid', 'The group cannot be like this.', { errors: [{ path: 'member_ids', message }] })
  if (ids.length > MOST_MEMBERS) throw wrong(`At most ${MOST_MEMBERS} people.`)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from person where id = any(${ids}::uuid[]) and archived_at is null`.execute(
    tx.db,
  )
  if (rows[0]!.count < ids.length) throw wrong('One of these people does not exist.')
  const { rows: changed } = await sql<{ person_id: string }>`
    with gone as (
      delete from people_group_member where group_id = ${id} and person_id <> all(${ids}::uuid[]) returning person_id
    ), came as (
      insert into people_group_member (group_id, person_id, created_at)
      select ${id}, unnest(${ids}::uuid[]), ${tx.now} on conflict do nothing returning person_id
    ) select person_id from gone union all select person_id from came`.execute(tx.db)
  return changed.map(({ person_id }) => person_id)
}

const taken = (name: string) => new DeskError('conflict', `A group named “${name}” exists already.`)

async function tell(tx: Tx, id: string, verb: string, after?: Record<string, unknown>): Promise<void> {
  await record(tx, [{ verb, subject: { kind: 'people_group', id }, after, visibility: 'audit' }])
}
