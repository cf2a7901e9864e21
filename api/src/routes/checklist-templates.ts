import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveTemplate,
  createTemplate,
  DeskError,
  editTemplate,
  restoreTemplate,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, edits, Empty, Id, IdParams, json, page, route, WithArchived } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const Point = z.strictObject({
  text: z.string().trim().min(1).max(500),
  required: z.boolean().default(false).openapi({ description: 'tickets are not resolved before it is done' }),
})
const Terms = z.strictObject({
  name: z.string().trim().min(1).max(200),
  points: z.array(Point).min(1).max(50),
  category_ids: z
    .array(Id)
    .max(200)
    .openapi({ description: 'new tickets of these, and of what stands beneath them, get it' }),
  items: z
    .array(z.string().max(64))
    .max(200)
    .openapi({ description: 'keys of catalogue items; what is filed by them gets it' }),
})
const Template = Terms.extend({ id: Id, archived: z.boolean(), revision: z.number() }).openapi(
  'ChecklistTemplate',
)

const tags = ['Checklists']
const list = route('ticket.answer', {
  method: 'get',
  path: '/checklist-templates',
  summary: 'Checklists that tickets can be given, or are opened with',
  tags,
  request: { query: WithArchived },
  responses: { 200: json(page(Template), 'Templates') },
})
const create = route('catalogue.edit', {
  method: 'post',
  path: '/checklist-templates',
  summary: 'Add a template',
  tags,
  request: { body: body(Terms.partial().required({ name: true, points: true })) },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const edit = route('catalogue.edit', {
  method: 'patch',
  path: '/checklist-templates/{id}',
  summary: 'Change a template; tickets keep the points that they were given',
  tags,
  request: {
    params: IdParams,
    body: edits(Terms),
  },
  responses: { 200: json(Empty, 'Changed') },
})
const verbs = [
  ['archive', 'Give it to tickets no more', archiveTemplate],
  ['restore', 'Bring an archived template back', restoreTemplate],
] as const

export const checklistTemplateRoutes: Resource = (app, { db }) => {
  const idsOf = async (keys: string[] | undefined) => {
    if (!keys) return undefined
    const { rows } = await sql<{ id: string; key: string }>`
      select id, key from catalogue_item where key = any(${keys})`.execute(db)
    const unknown = keys.find((key) => !rows.some((row) => row.key === key))
    if (unknown !== undefined)
      throw new DeskError('invalid', 'The template cannot be like this.', {
        errors: [{ path: 'items', message: `there is no item “${unknown}”` }],
      })
    return rows.map(({ id }) => id)
  }
  app.openapi(list, async (c) => {
    const all = c.req.valid('query').archived === 'true'
    const { rows } = await sql<z.infer<typeof Template>>`
      select id, name, points, to_jsonb(category_ids) as category_ids, archived_at is not null as archived, revision,
             array(select key from catalogue_item i where i.id = any(c.item_ids) order by key) as items
      from checklist_template c where ${all} or archived_at is null order by name, id`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(create, async (c) => {
    const { category_ids, items, ...terms } = c.req.valid('json')
    const itemIds = await idsOf(items)
    const id = await transact(db, actorOf(c.get('reader')), (tx) =>
      createTemplate(tx, { ...terms, categoryIds: category_ids, itemIds }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const { category_ids, items, seen_revision, ...terms } = c.req.valid('json')
    if (Object.keys(terms).length === 0 && !category_ids && !items)
      throw new DeskError('invalid', 'Say what to change.')
    const itemIds = await idsOf(items)
    await transact(db, actorOf(c.get('reader')), (tx) =>
      editTemplate(tx, c.req.valid('param').id, {
        ...terms,
        categoryIds: category_ids,
        itemIds,
        seenRevision: seen_revision,
      }),
    )
    return c.json({ ok: true as const }, 200)
  })
  for (const [name, summary, run] of verbs)
    rowVerb(app, db, {
      permission: 'catalogue.edit',
      path: `/checklist-templates/{id}/${name}`,
      summary,
      tags,
      run,
    })
}
