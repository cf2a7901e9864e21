import type { Db, Impact, Tables } from '@tocsin/db'
import { sql, type Transaction, type Updateable } from 'kysely'
import { DeskError, found, record, type Tx } from '../activity/index.ts'
import type { Label } from '../services/index.ts'
import { checkForm, fieldsOf, type FormField, readFields } from '../form/index.ts'

/** Whom a request filed by an item asks for approval: people, or a team's managers. */
export type ItemApproval = { rule: 'any' | 'all' } & ({ people: string[] } | { team_id: string })

export interface ItemInput {
  key: string
  /** incident: employees report a fault with it. */
  kind: 'incident' | 'request'
  name: Label
  description?: Label | Record<string, never>
  fields: FormField[]
  serviceId?: string | null
  teamId?: string | null
  categoryId?: string | null
  impact?: Impact
  urgency?: Impact
  position?: number
  /** Every one of them must be given before it is carried out; of a request alone. */
  approvals?: ItemApproval[]
}

export interface CatalogueItem {
  id: string
  key: string
  kind: 'incident' | 'request'
  name: Label
  description: Label | Record<string, never>
  fields: FormField[]
  service_id: string | null
  team_id: string | null
  category_id: string | null
  impact: Impact
  urgency: Impact
  position: number
  approvals: ItemApproval[]
  revision: number
}

const COLUMNS = [
  'id',
  'key',
  'kind',
  'name',
  'description',
  'fields',
  'service_id',
  'team_id',
  'category_id',
  'impact',
  'urgency',
  'position',
  'approvals',
  'revision',
] as const

/** What employees can ask for, in the order of the shelf. */
export async function readCatalogue(db: Db | Transaction<Tables>): Promise<CatalogueItem[]> {
  const rows = await db
    .selectFrom('catalogue_item')
    .select(COLUMNS)
    .where('archived_at', 'is', null)
    .orderBy('position')
    .orderBy('key')
    .execute()
  return rows as unknown as CatalogueItem[]
}

/** The same as employees read it: each item's form with what they are asked of its category. */
export async function readShelf(db: Db | Transaction<Tables>): Promise<CatalogueItem[]> {
  const [items, fields] = [await readCatalogue(db), await readFields(db)]
  const { rows } = await sql<{ id: string; path: string[] }>`
    select id, to_jsonb(path) as path from category
    where id = any(${items.flatMap(({ category_id }) => category_id ?? [])}::uuid[])`.execute(db)
  const paths = new Map(rows.map(({ id, path }) => [id, path]))
  return items.map((item) => ({
    ...item,
    fields: [
      ...item.fields,
      ...fieldsOf(fields, { kind: item.kind, path: paths.get(item.category_id ?? ''), employee: true })
        .filter(({ key }) => !item.fields.some((own) => own.key === key))
        .map(({ key, type, label, help, options, names, required, required_when, visible_when }) => ({
          key,
          type,
          label,
          help,
          options: options?.filter(({ retired }) => !retired),
          names,
          required,
          required_when,
          visible_when,
        })),
    ],
  }))
}

export async function findItem(db: Db | Transaction<Tables>, key: string): Promise<CatalogueItem> {
  const row = await db
    .selectFrom('catalogue_item')
    .select(COLUMNS)
    .where('key', '=', key)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  return found(row, 'item in the catalogue') as unknown as CatalogueItem
}

/** Puts an item on the shelf. `conflict` when the key is taken, also by an archived one. */
export async function createItem(tx: Tx, input: ItemInput): Promise<string> {
  checkForm(input.fields, { employees: true })
  await demandApprovers(tx, input.kind, input.approvals)
  const row = await tx.db
    .insertInto('catalogue_item')
    .values({
      key: input.key,
      kind: input.kind,
      name: JSON.stringify(input.name),
      ...columnsOf(input),
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new DeskError('conflict', `An item with the key “${input.key}” exists already.`)
  await tell(tx, row.id, 'create')
  return row.id
}

/** Changes an item; requests filed before keep the answers to the form they were asked. */
export async function editItem(
  tx: Tx,
  key: string,
  input: Partial<Omit<ItemInput, 'key' | 'kind'>> & { seenRevision?: number },
): Promise<void> {
  if (input.fields) checkForm(input.fields, { employees: true })
  const item = await findItem(tx.db, key)
  if (input.seenRevision !== undefined && input.seenRevision !== item.revision)
    throw new DeskError('stale', 'Somebody changed this item meanwhile.', { current: item })
  await demandApprovers(tx, item.kind, input.approvals)
  const changed = await tx.db
    .updateTable('catalogue_item')
    .set(columnsOf(input))
    .set({ revision: sql<number>`revision + 1` })
    .where('id', '=', item.id)
    .where('revision', '=', item.revision)
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) throw new DeskError('stale', 'Somebody changed this item meanwhile.')
  await tell(tx, item.id, 'edit')
}

export async function archiveItem(tx: Tx, key: string): Promise<void> {
  const item = await findItem(tx.db, key)
  await tx.db.updateTable('catalogue_item').set({ archived_at: tx.now }).where('id', '=', item.id).execute()
  await tell(tx, item.id, 'archive')
}

/** Whom an item asks has to be here. Who leaves later is asked no more, and then the desk asks by hand. */
async function demandApprovers(tx: Tx, kind: string, approvals: ItemApproval[] = []): Promise<void> {
  if (approvals.length === 0) return
  if (kind !== 'request')
    throw new DeskError('invalid', 'Only a request waits for an approval.', {
      errors: [{ path: 'approvals', message: 'are for requests' }],
    })
  const people = approvals.flatMap((one) => ('people' in one ? one.people : []))
  const teams = approvals.flatMap((one) => ('team_id' in one ? [one.team_id] : []))
  const { rows } = await sql<{ id: string }>`
    select id from person where id = any(${people}::uuid[]) and archived_at is null
    union all select id from team where id = any(${teams}::uuid[]) and archived_at is null`.execute(tx.db)
  const here = new Set(rows.map(({ id }) => id))
  const errors = approvals.flatMap((one, position) =>
    ('people' in one ? one.people : [one.team_id]).every((id) => here.has(id))
      ? []
      : [{ path: `approvals.${position}`, message: 'names somebody who is not here' }],
  )
  if (errors.length > 0) throw new DeskError('invalid', 'Nobody can approve this.', { errors })
}

const columnsOf = (input: Partial<ItemInput>): Updateable<Tables['catalogue_item']> => ({
  ...(input.name && { name: JSON.stringify(input.name) }),
  ...(input.description && { description: JSON.stringify(input.description) }),
  ...(input.fields && { fields: JSON.stringify(input.fields) }),
  ...(input.serviceId !== undefined && { service_id: input.serviceId }),
  ...(input.teamId !== undefined && { team_id: input.teamId }),
  ...(input.categoryId !== undefined && { category_id: input.categoryId }),
  ...(input.impact && { impact: input.impact }),
  ...(input.urgency && { urgency: input.urgency }),
  ...(input.position !== undefined && { position: input.position }),
  ...(input.approvals && { approvals: JSON.stringify(input.approvals) }),
})

const tell = (tx: Tx, id: string, verb: string) =>
  record(tx, [{ verb, subject: { kind: 'catalogue_item', id }, visibility: 'audit' }])
