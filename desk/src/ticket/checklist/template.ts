import { sql } from 'kysely'
import { DeskError, found, record, type Tx } from '../../activity/index.ts'

export interface ChecklistPoint {
  text: string
  /** The ticket is not resolved before it is done. */
  required?: boolean
}

export interface TemplateInput {
  name: string
  points: ChecklistPoint[]
  /** New tickets of these, and of what stands beneath them, get it. */
  categoryIds?: string[]
  /** What is filed by these items of the catalogue gets it. */
  itemIds?: string[]
}

const MOST = 200

/** Adds a checklist that tickets can be given, or that some are opened with. */
export async function createTemplate(tx: Tx, input: TemplateInput): Promise<string> {
  await demandRoom(tx)
  await demandKnown(tx, input)
  const { id } = await tx.db
    .insertInto('checklist_template')
    .values({
      name: input.name,
      points: JSON.stringify(input.points),
      category_ids: input.categoryIds ?? [],
      item_ids: input.itemIds ?? [],
      created_at: tx.now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tell(tx, 'create', id)
  return id
}

/** Changes a template; tickets keep the points that they were given. */
export async function editTemplate(
  tx: Tx,
  id: string,
  input: Partial<TemplateInput> & { seenRevision?: number },
): Promise<void> {
  const before = await lockTemplate(tx, id)
  if (before.archived_at) throw new DeskError('conflict', 'This template is archived. Restore it first.')
  if (input.seenRevision !== undefined && input.seenRevision !== before.revision)
    throw new DeskError('stale', 'Somebody changed this template meanwhile.')
  await demandKnown(tx, input)
  await tx.db
    .updateTable('checklist_template')
    .set((eb) => ({
      ...(input.name && { name: input.name }),
      ...(input.points && { points: JSON.stringify(input.points) }),
      ...(input.categoryIds && { category_ids: input.categoryIds }),
      ...(input.itemIds && { item_ids: input.itemIds }),
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
  await tell(tx, 'edit', id)
}

/** No ticket is given it any more. */
export async function archiveTemplate(tx: Tx, id: string): Promise<void> {
  const { archived_at } = await lockTemplate(tx, id)
  if (archived_at) return
  await sql`update checklist_template set archived_at = ${tx.now}, revision = revision + 1 where id = ${id}`.execute(
    tx.db,
  )
  await tell(tx, 'archive', id)
}

export async function restoreTemplate(tx: Tx, id: string): Promise<void> {
  const { archived_at } = await lockTemplate(tx, id)
  if (!archived_at) return
  await demandRoom(tx)
  await sql`update checklist_template set archived_at = null, revision = revision + 1 where id = ${id}`.execute(
    tx.db,
  )
  await tell(tx, 'restore', id)
}

async function lockTemplate(tx: Tx, id: string) {
  const row = await tx.db
    .selectFrom('checklist_template')
    .select(['archived_at', 'revision'])
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return found(row, 'template')
}

async function demandRoom(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('checklist_template'))`.execute(tx.db)
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from checklist_template where archived_at is null`.execute(tx.db)
  if (rows[0]!.count >= MOST)
    throw new DeskError('conflict', `There are ${MOST} templates: archive some first.`)
}

async function demandKnown(
  tx: Tx,
  { categoryIds = [], itemIds = [] }: Partial<TemplateInput>,
): Promise<void> {
  const { rows } = await sql<{ categories: number; items: number }>`
    select (select count(*)::int from category where id = any(${categoryIds}::uuid[])) as categories,
           (select count(*)::int from catalogue_item where id = any(${itemIds}::uuid[])) as items`.execute(
    tx.db,
  )
  const errors = [
    ...(rows[0]!.categories < new Set(categoryIds).size
      ? [{ path: 'category_ids', message: 'names a category that there is not' }]
      : []),
    ...(rows[0]!.items < new Set(itemIds).size
      ? [{ path: 'item_ids', message: 'names an item that there is not' }]
      : []),
  ]
  if (errors.length > 0) throw new DeskError('invalid', 'The template cannot be like this.', { errors })
}

const tell = (tx: Tx, verb: string, id: string) =>
  record(tx, [{ verb, subject: { kind: 'checklist_template', id }, visibility: 'audit' }])
