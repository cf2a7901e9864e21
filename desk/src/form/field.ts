import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { DeskError, type FieldError, found, record, type Tx } from '../activity/index.ts'
import type { Label } from '../services/index.ts'
import { checkConditions, checkForm, type Condition, type FieldType, type FormField } from './form.ts'

/** A question that tickets of some kinds and categories are asked. */
export interface CustomField extends FormField {
  id: string
  kinds: string[]
  /** Of these and of what stands beneath them; empty: of any and of none. */
  category_ids: string[]
  /** Employees are asked it, and see it. */
  asked: boolean
  /** Must be answered before a person says that the work is done. */
  required_at_end: boolean
  position: number
  archived: boolean
  revision: number
}

export interface FieldInput {
  key: string
  type: FieldType
  label: Label
  help?: Label | null
  options?: FormField['options']
  names?: boolean
  required?: boolean
  requiredAtEnd?: boolean
  requiredWhen?: Condition | null
  visibleWhen?: Condition | null
  kinds?: string[]
  categoryIds?: string[]
  asked?: boolean
  position?: number
}

const MOST = 500
const KINDS = ['incident', 'request', 'problem', 'change']

/** Every definition in its order; archived ones too where they are asked for. */
export async function readFields(
  db: Db | Transaction<Tables>,
  { archived = false, key }: { archived?: boolean; key?: string } = {},
): Promise<CustomField[]> {
  const { rows } = await sql<CustomField & { question: Partial<CustomField> }>`
    select id, key, type, question, kinds, to_jsonb(category_ids) as category_ids, asked, position, revision,
           archived_at is not null as archived
    from custom_field where (${archived} or archived_at is null) and (${key ?? null}::text is null or key = ${key ?? null})
    order by position, key`.execute(db)
  return rows.map(
    ({ question, ...row }) =>
      ({ ...row, ...question, required_at_end: question.required_at_end ?? false }) as CustomField,
  )
}

/** Adds a question. Its key and type stay for good: answers lean on them. `conflict` when the key is taken. */
export async function createField(tx: Tx, input: FieldInput): Promise<string> {
  await holdFields(tx)
  const all = await readFields(tx.db)
  if (all.length >= MOST) throw new DeskError('conflict', `There are ${MOST} fields: archive some first.`)
  const field = fieldOf(input)
  await check(tx, field, { categoryIds: input.categoryIds, others: all, asked: input.asked })
  const row = await tx.db
    .insertInto('custom_field')
    .values({
      key: input.key,
      type: input.type,
      question: JSON.stringify(questionOf(field)),
      kinds: input.kinds ?? KINDS,
      category_ids: input.categoryIds ?? [],
      asked: input.asked ?? false,
      position: input.position ?? 0,
      created_at: tx.now,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) throw new DeskError('conflict', `A field with the key “${input.key}” exists already.`)
  await keepVersion(tx, row.id, 'create')
  return row.id
}

/** Changes a question. A choice that is left out is retired: tickets that have it keep its name. */
export async function editField(
  tx: Tx,
  id: string,
  input: Partial<Omit<FieldInput, 'key' | 'type'>> & { seenRevision?: number },
): Promise<void> {
  await holdFields(tx)
  const all = await readFields(tx.db)
  const before = found(
    all.find((one) => one.id === id),
    'field',
  )
  if (input.seenRevision !== undefined && input.seenRevision !== before.revision)
    throw new DeskError('stale', 'Somebody changed this field meanwhile.', { current: before })
  const given = input.options
  const retired = given
    ? (before.options ?? []).filter(({ value }) => !given.some((option) => option.value === value))
    : []
  const field: Question = {
    ...before,
    ...(input.label && { label: input.label }),
    ...(input.help !== undefined && { help: input.help ?? undefined }),
    ...(given && { options: [...given, ...retired.map((option) => ({ ...option, retired: true }))] }),
    ...(input.names !== undefined && { names: input.names }),
    ...(input.required !== undefined && { required: input.required }),
    ...(input.requiredAtEnd !== undefined && { required_at_end: input.requiredAtEnd }),
    ...(input.requiredWhen !== undefined && { required_when: input.requiredWhen ?? undefined }),
    ...(input.visibleWhen !== undefined && { visible_when: input.visibleWhen ?? undefined }),
  }
  await check(tx, field, {
    categoryIds: input.categoryIds,
    others: all.filter((one) => one.id !== id),
    asked: input.asked ?? before.asked,
  })
  await tx.db
    .updateTable('custom_field')
    .set((eb) => ({
      question: JSON.stringify(questionOf(field)),
      ...(input.kinds && { kinds: input.kinds }),
      ...(input.categoryIds && { category_ids: input.categoryIds }),
      ...(input.asked !== undefined && { asked: input.asked }),
      ...(input.position !== undefined && { position: input.position }),
      revision: eb('revision', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
  await keepVersion(tx, id, 'edit')
}

/** Asked no more; tickets keep their answers, and the page their names. What leans on it goes first. */
export async function archiveField(tx: Tx, id: string): Promise<void> {
  await holdFields(tx)
  const all = await readFields(tx.db)
  const { key } = found(
    all.find((one) => one.id === id),
    'field',
  )
  const leaning = all.find((one) => one.visible_when?.field === key || one.required_when?.field === key)
  if (leaning) throw new DeskError('conflict', `“${leaning.key}” leans on its answer: change that first.`)
  await sql`update custom_field set archived_at = ${tx.now}, revision = revision + 1 where id = ${id}`.execute(
    tx.db,
  )
  await keepVersion(tx, id, 'archive')
}

export async function restoreField(tx: Tx, id: string): Promise<void> {
  await holdFields(tx)
  const all = await readFields(tx.db, { archived: true })
  const field = found(
    all.find((one) => one.id === id),
    'field',
  )
  if (!field.archived) return
  await check(tx, field, { others: all.filter((one) => !one.archived), asked: field.asked })
  await sql`update custom_field set archived_at = null, revision = revision + 1 where id = ${id}`.execute(
    tx.db,
  )
  await keepVersion(tx, id, 'restore')
}

/** One change at a time: a condition leans on what stands there. */
const holdFields = (tx: Tx) => sql`select pg_advisory_xact_lock(hashtext('custom_field'))`.execute(tx.db)

/** The question alone, then what it leans on: never, by way of others, on itself. */
async function check(
  tx: Tx,
  field: FormField,
  terms: { categoryIds?: string[]; others: readonly FormField[]; asked?: boolean },
): Promise<void> {
  const { categoryIds = [], others, asked = false } = terms
  const bare = { ...field, visible_when: undefined, required_when: undefined }
  const byKey = new Map(others.map((one) => [one.key, one]))
  const errors: FieldError[] = checkConditions(field, byKey, '').map(({ path, message }) => ({
    path: path.slice(1),
    message,
  }))
  const leansOn = (key: string, seen: Set<string>): boolean =>
    key === field.key ||
    (!seen.has(key) &&
      [byKey.get(key)?.visible_when, byKey.get(key)?.required_when].some(
        (condition) => condition && leansOn(condition.field, seen.add(key)),
      ))
  for (const name of ['visible_when', 'required_when'] as const)
    if (field[name] && leansOn(field[name].field, new Set()))
      errors.push({ path: name, message: 'Leans on itself.' })
  if (categoryIds.length > 0) {
    const { rows } = await sql<{ known: number }>`
      select count(*)::int as known from category where id = any(${categoryIds}::uuid[])`.execute(tx.db)
    if (rows[0]!.known < new Set(categoryIds).size)
      errors.push({ path: 'category_ids', message: 'names a category that there is not' })
  }
  try {
    checkForm([bare], { employees: asked })
  } catch (error) {
    if (!(error instanceof DeskError)) throw error
    for (const { path, message } of error.details.errors ?? [])
      errors.push({ path: path.replace(/^fields\.0\./, ''), message })
  }
  if (errors.length > 0) throw new DeskError('invalid', 'This cannot be asked as it stands.', { errors })
}

type Question = FormField & Pick<CustomField, 'required_at_end'>

const fieldOf = (input: FieldInput): Question => ({
  key: input.key,
  type: input.type,
  label: input.label,
  help: input.help ?? undefined,
  options: input.options,
  names: input.names,
  required: input.required ?? false,
  required_at_end: input.requiredAtEnd ?? false,
  required_when: input.requiredWhen ?? undefined,
  visible_when: input.visibleWhen ?? undefined,
})

const questionOf = ({ label, help, options, names, ...terms }: Question) => ({
  label,
  help,
  options,
  names,
  required: terms.required,
  required_at_end: terms.required_at_end,
  required_when: terms.required_when,
  visible_when: terms.visible_when,
})

async function keepVersion(tx: Tx, id: string, verb: string): Promise<void> {
  const author = tx.actor.kind === 'person' ? tx.actor.id : null
  const { rows } = await sql<{ revision: number }>`
    insert into custom_field_version (field_id, revision, definition, author_id, created_at)
    select id, revision, to_jsonb(f) - 'id' - 'revision' - 'created_at', ${author}, ${tx.now} from custom_field f where id = ${id}
    returning revision`.execute(tx.db)
  await record(tx, [
    {
      verb,
      subject: { kind: 'custom_field', id },
      after: { version: rows[0]!.revision },
      visibility: 'audit',
    },
  ])
}
