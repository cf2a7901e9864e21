import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveCategory,
  createCategory,
  DeskError,
  editCategory,
  recomputeForTree,
  restoreCategory,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, edits, Empty, Id, IdParams, json, page, route, WithArchived } from '../route.ts'
import { rowVerb } from '../row-verb.ts'
import { Key, Label } from './services.ts'

const Category = z
  .object({
    id: Id,
    key: z.string(),
    name: Label,
    parent_id: Id.nullable(),
    path: z.array(Id).openapi({ description: 'ids from the top of the tree down to this one' }),
    team: z
      .object({ id: Id, name: z.string() })
      .nullable()
      .openapi({ description: 'whose its tickets are, unless something nearer says' }),
    position: z.number(),
    archived: z.boolean(),
    revision: z.number(),
  })
  .openapi('Category')
const Terms = z.strictObject({
  name: Label,
  parent_id: Id.nullable(),
  team_id: Id.nullable(),
  position: z.number().int().min(0).max(100_000),
})

const tags = ['Categories']
const list = route('catalogue.read', {
  method: 'get',
  path: '/categories',
  summary: 'The tree of categories: each after what it stands beneath',
  tags,
  request: { query: WithArchived },
  responses: { 200: json(page(Category), 'Categories') },
})
const create = route('catalogue.edit', {
  method: 'post',
  path: '/categories',
  summary: 'Add a category',
  tags,
  request: { body: body(Terms.partial().required({ name: true }).extend({ key: Key })) },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const edit = route('catalogue.edit', {
  method: 'patch',
  path: '/categories/{id}',
  summary: 'Rename a category, or move it with all beneath it; its key stays, because filters use it',
  tags,
  request: {
    params: IdParams,
    body: edits(Terms),
  },
  responses: { 200: json(Empty, 'Changed') },
})
const verbs = [
  ['archive', 'Take a category out of what can be chosen; its tickets keep it', archiveCategory],
  ['restore', 'Bring an archived category back', restoreCategory],
] as const

export const categoryRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const all = c.req.valid('query').archived === 'true'
    // In the order of the tree: every category is sorted by the places of those above it, then by its own.
    const { rows } = await sql<z.infer<typeof Category>>`
      with recursive tree as (
        select c.*, array[lpad(position::text, 6, '0') || key] as place from category c where parent_id is null
        union all
        select c.*, t.place || (lpad(c.position::text, 6, '0') || c.key) from category c join tree t on t.id = c.parent_id
      )
      select c.id, c.key, c.name, c.parent_id, to_jsonb(c.path) as path, c.position, c.revision,
             c.archived_at is not null as archived,
             case when t.id is not null then jsonb_build_object('id', t.id, 'name', t.name) end as team
      from tree c left join team t on t.id = c.team_id
      where ${all} or c.archived_at is null order by c.place`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(create, async (c) => {
    const { key, name, parent_id, team_id, position } = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), (tx) =>
      createCategory(tx, { key, name, parentId: parent_id, teamId: team_id, position }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const { seen_revision, ...terms } = c.req.valid('json')
    if (Object.keys(terms).length === 0) throw new DeskError('invalid', 'Say what to change.')
    const { id } = c.req.valid('param')
    await transact(db, actorOf(c.get('reader')), async (tx) => {
      const moved = await editCategory(tx, id, {
        name: terms.name,
        parentId: terms.parent_id,
        teamId: terms.team_id,
        position: terms.position,
        seenRevision: seen_revision,
      })
      await recomputeForTree(tx, 'category', id, moved)
    })
    return c.json({ ok: true as const }, 200)
  })
  for (const [name, summary, run] of verbs)
    rowVerb(app, db, { permission: 'catalogue.edit', path: `/categories/{id}/${name}`, summary, tags, run })
}
