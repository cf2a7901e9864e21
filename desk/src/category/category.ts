import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import type { Label } from '../services/index.ts'

export interface CategoryInput {
  key: string
  name: Label
  parentId?: string | null
  /** Whose tickets of it are, and of what stands beneath it, where nothing nearer says. */
  teamId?: string | null
  position?: number
}

export const MOST_LEVELS = 6
export const MOST_CATEGORIES = 2000

interface Row {
  id: string
  path: string[]
  parent_id: string | null
  archived_at: Date | null
  revision: number
}

const wrong = (path: string, message: string) =>
  new DeskError('invalid', 'The category cannot stand like this.', { errors: [{ path, message }] })

/** Adds a category to the tree. `conflict` when its key is taken, also by an archived one. */
export async function createCategory(tx: Tx, input: CategoryInput): Promise<string> {
  await holdTree(tx)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from category where archived_at is null`.execute(tx.db)
  if (rows[0]!.count >= MOST_CATEGORIES)
    throw new DeskError('conflict', `There are ${MOST_CATEGORIES} categories: archive some first.`)
  if (input.parentId) await demandRoom(tx, input.parentId, 1)
  const row = await tx.db
    .insertInto('category')
    .values({
      key: input.key,
      name: JSON.stringify(input.name),
      parent_id: input.parentId ?? null,
      team_id: input.teamId ?? null,
      position: input.position ?? 0,
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new DeskError('conflict', `A category with the key “${input.key}” exists already.`)
  await tell(tx, 'create', row.id, { parent: input.parentId ?? null, team: input.teamId ?? null })
  return row.id
}

/**
 * Renames a category, moves it with all beneath it, or gives its tickets to a team. Answers the ids of what moved: what
 * is promised to its tickets may be another thing there.
 */
export async function editCategory(
  tx: Tx,
  id: string,
  input: Partial<Omit<CategoryInput, 'key'>> & { seenRevision?: number },
): Promise<string[]> {
  await holdTree(tx)
  const before = await readCategory(tx, id)
  if (input.seenRevision !== undefined && input.seenRevision !== before.revision)
    throw new DeskError('stale', 'Somebody changed this category meanwhile.')
  if (input.parentId && input.parentId !== before.parent_id)
    await demandRoom(tx, input.parentId, await heightOf(tx, id), id)
  await tx.db
    .updateTable('category')
    .set((eb) => ({
      ...(input.name && { name: JSON.stringify(input.name) }),
      ...(input.parentId !== undefined && { parent_id: input.parentId }),
      ...(input.teamId !== undefined && { team_id: input.teamId }),
      ...(input.position !== undefined && { position: input.position }),
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
  await tell(tx, 'edit', id, { parent: input.parentId, team: input.teamId, position: input.position })
  if (input.parentId === undefined || input.parentId === before.parent_id) return []
  const moved = await tx.db
    .selectFrom('category')
    .select('id')
    .where(sql<boolean>`path @> array[${id}::uuid]`)
    .execute()
  return moved.map((one) => one.id)
}

/** Takes a category out of what can be chosen; tickets keep it. What stands beneath it goes first. */
export async function archiveCategory(tx: Tx, id: string): Promise<void> {
  await holdTree(tx)
  await readCategory(tx, id)
  const { rows: beneath } = await sql<{ key: string }>`
    select key from category where parent_id = ${id} and archived_at is null order by position, key limit 1`.execute(
    tx.db,
  )
  if (beneath[0])
    throw new DeskError('conflict', `“${beneath[0].key}” stands beneath it: move it or archive it first.`)
  await sql`update category set archived_at = ${tx.now}, revision = revision + 1 where id = ${id}`.execute(
    tx.db,
  )
  await tell(tx, 'archive', id)
}

/** Brings an archived category back to where it stood. */
export async function restoreCategory(tx: Tx, id: string): Promise<void> {
  await holdTree(tx)
  const row = await tx.db
    .selectFrom('category')
    .select(['parent_id', 'archived_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  const { parent_id, archived_at } = found(row, 'category')
  if (!archived_at) return
  if (parent_id) await demandRoom(tx, parent_id, 1)
  await sql`update category set archived_at = null, revision = revision + 1 where id = ${id}`.execute(tx.db)
  await tell(tx, 'restore', id)
}

/** A category that a ticket can be given: it exists, and is not archived. */
export async function demandCategory(tx: Tx, id: string): Promise<void> {
  const { rows } = await sql`select from category where id = ${id} and archived_at is null`.execute(tx.db)
  if (rows.length === 0)
    throw new DeskError('invalid', 'There is no such category to choose.', {
      errors: [{ path: 'category_id', message: 'is not a category that can be chosen' }],
    })
}

/** One change of the tree at a time; the trigger that guards it takes the same lock. */
const holdTree = (tx: Tx) => sql`select pg_advisory_xact_lock(hashtext('category'))`.execute(tx.db)

async function readCategory(tx: Tx, id: string): Promise<Row> {
  const row = await tx.db
    .selectFrom('category')
    .select(['id', 'path', 'parent_id', 'archived_at', 'revision'])
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  return found(row, 'category')
}

/** How many levels a category and what stands beneath it take. */
async function heightOf(tx: Tx, id: string): Promise<number> {
  const { rows } = await sql<{ height: number }>`
    select max(cardinality(c.path)) - min(cardinality(c.path)) + 1 as height
    from category c where c.path @> array[${id}::uuid]`.execute(tx.db)
  return rows[0]!.height
}

async function demandRoom(tx: Tx, parentId: string, levels: number, id?: string): Promise<void> {
  const parent = await readCategory(tx, parentId).catch(() => {
    throw wrong('parent_id', 'is not a category that can be chosen')
  })
  if (id && parent.path.includes(id)) throw wrong('parent_id', 'a category cannot stand beneath itself')
  if (parent.path.length + levels > MOST_LEVELS) throw wrong('parent_id', `at most ${MOST_LEVELS} levels`)
}

const tell = (tx: Tx, verb: string, id: string, after?: Record<string, unknown>) =>
  record(tx, [{ verb, subject: { kind: 'category', id }, after, visibility: 'audit' }])
