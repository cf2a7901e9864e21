import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveField,
  createField,
  DeskError,
  editField,
  FIELD_TYPES,
  readFields,
  restoreField,
  scopeOf,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, edits, Empty, Id, IdParams, Instant, json, page, route, WithArchived } from '../route.ts'
import { rowVerb } from '../row-verb.ts'
import { Label } from './services.ts'
import { Kind } from './tickets/schema.ts'

export const FieldType = z.enum(FIELD_TYPES)
export const Condition = z
  .strictObject({ field: z.string().min(1).max(40), is: z.array(z.string().min(1).max(120)).max(200) })
  .openapi('Condition')
const Option = z.strictObject({
  value: z.string().min(1).max(120),
  label: Label,
  retired: z.boolean().optional().openapi({ description: 'can be chosen no more' }),
})
/** One question of a form, of the catalogue or of tickets. */
export const FormField = z.strictObject({
  key: z.string().min(1).max(40),
  label: Label,
  help: Label.optional(),
  type: FieldType,
  required: z.boolean(),
  required_when: Condition.optional(),
  visible_when: Condition.optional().openapi({ description: 'asked only then' }),
  options: z.array(Option).max(400).optional(),
  names: z.boolean().optional().openapi({
    description: 'of a person: employees may look people up, and see their names alone',
  }),
})

const Field = FormField.extend({
  id: Id,
  kinds: z.array(Kind),
  category_ids: z.array(Id).openapi({ description: 'and what stands beneath them; empty: any' }),
  asked: z.boolean().openapi({ description: 'employees are asked it, and see it' }),
  required_at_end: z.boolean().openapi({
    description: 'must be answered before a person says that the work is done',
  }),
  position: z.number(),
  archived: z.boolean(),
  revision: z.number(),
}).openapi('Field')
const Terms = z.strictObject({
  label: Label,
  help: Label.nullable(),
  options: z.array(Option).max(200),
  names: z.boolean(),
  required: z.boolean(),
  required_at_end: z.boolean(),
  required_when: Condition.nullable(),
  visible_when: Condition.nullable(),
  kinds: z.array(Kind).min(1).max(4),
  category_ids: z.array(Id).max(200),
  asked: z.boolean(),
  position: z.number().int().min(0).max(100_000),
})
const Version = z
  .object({
    revision: z.number(),
    definition: z.record(z.string(), z.unknown()),
    author: z.object({ id: Id, name: z.string() }).nullable(),
    created_at: Instant,
  })
  .openapi('FieldVersion')

const tags = ['Fields']
const list = route('catalogue.read', {
  method: 'get',
  path: '/fields',
  summary:
    'The questions that tickets are asked, by kind and category; employees see those that they are asked',
  tags,
  request: { query: WithArchived },
  responses: { 200: json(page(Field), 'Fields') },
})
const create = route('catalogue.edit', {
  method: 'post',
  path: '/fields',
  summary: 'Add a question; its key and type stay',
  tags,
  request: {
    body: body(
      Terms.partial()
        .required({ label: true })
        .extend({ key: z.string().min(1).max(40), type: FieldType }),
    ),
  },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const edit = route('catalogue.edit', {
  method: 'patch',
  path: '/fields/{id}',
  summary: 'Change a question; a choice that is left out is retired, and tickets keep it',
  tags,
  request: {
    params: IdParams,
    body: edits(Terms),
  },
  responses: { 200: json(Empty, 'Changed') },
})
const versions = route('catalogue.edit', {
  method: 'get',
  path: '/fields/{id}/versions',
  summary: 'Every definition that was in force, newest first',
  tags,
  request: { params: IdParams },
  responses: { 200: json(page(Version), 'Versions') },
})
const verbs = [
  ['archive', 'Ask it no more; tickets keep their answers', archiveField],
  ['restore', 'Ask it again', restoreField],
] as const

const termsOf = (terms: Partial<z.infer<typeof Terms>>) => ({
  label: terms.label,
  help: terms.help,
  options: terms.options,
  names: terms.names,
  required: terms.required,
  requiredAtEnd: terms.required_at_end,
  requiredWhen: terms.required_when,
  visibleWhen: terms.visible_when,
  kinds: terms.kinds,
  categoryIds: terms.category_ids,
  asked: terms.asked,
  position: terms.position,
})

export const fieldRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const atDesk = scopeOf(c.get('reader'), 'ticket.answer') !== undefined
    const fields = await readFields(db, { archived: c.req.valid('query').archived === 'true' })
    const items = fields.filter((field) => atDesk || field.asked)
    return c.json({ items: items as z.infer<typeof Field>[], next: null }, 200)
  })
  app.openapi(create, async (c) => {
    const { key, type, label, ...terms } = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), (tx) =>
      createField(tx, { ...termsOf(terms), key, type, label }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const { seen_revision, ...terms } = c.req.valid('json')
    if (Object.keys(terms).length === 0) throw new DeskError('invalid', 'Say what to change.')
    await transact(db, actorOf(c.get('reader')), (tx) =>
      editField(tx, c.req.valid('param').id, { ...termsOf(terms), seenRevision: seen_revision }),
    )
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(versions, async (c) => {
    const { rows } = await sql<z.infer<typeof Version>>`
      select v.revision, v.definition, v.created_at,
             case when p.id is not null then jsonb_build_object('id', p.id, 'name', p.name) end as author
      from custom_field_version v left join person p on p.id = v.author_id
      where v.field_id = ${c.req.valid('param').id} order by v.revision desc limit 200`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  for (const [name, summary, run] of verbs)
    rowVerb(app, db, { permission: 'catalogue.edit', path: `/fields/{id}/${name}`, summary, tags, run })
}
