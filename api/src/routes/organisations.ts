import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveOrganisation,
  createOrganisation,
  DeskError,
  editOrganisation,
  recomputeForTree,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, Empty, Id, IdParams, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const Organisation = z
  .object({
    id: Id,
    name: z.string(),
    parent_id: Id.nullable(),
    path: z.array(Id).openapi({ description: 'ids from the top of the tree down to this one' }),
    people: z.number().openapi({ description: 'who belong to it itself' }),
    revision: z.number(),
  })
  .openapi('Organisation')
const Terms = z.strictObject({ name: z.string().trim().min(1).max(200), parent_id: Id.nullable() })

const tags = ['People']
const list = route('person.read', {
  method: 'get',
  path: '/organisations',
  summary: 'The tree of organisations that people belong to: each after what it stands beneath',
  tags,
  request: {},
  responses: { 200: json(page(Organisation), 'Organisations') },
})
const create = route('person.edit', {
  method: 'post',
  path: '/organisations',
  summary: 'Add an organisation',
  tags,
  request: { body: body(Terms.partial({ parent_id: true })) },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const edit = route('person.edit', {
  method: 'patch',
  path: '/organisations/{id}',
  summary: 'Rename an organisation, or move it with all beneath it; the clocks of their open tickets follow',
  tags,
  request: {
    params: IdParams,
    body: body(
      Terms.partial().extend({
        seen_revision: z.number().int().optional().openapi({ description: '412 when there is a newer one' }),
      }),
    ),
  },
  responses: { 200: json(Empty, 'Changed') },
})
export const organisationRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { rows } = await sql<z.infer<typeof Organisation>>`
      with recursive tree as (
        select o.*, array[o.id] as path, array[lower(o.name) || o.id] as place
        from organisation o where o.parent_id is null
        union all
        select o.*, t.path || o.id, t.place || (lower(o.name) || o.id)
        from organisation o join tree t on o.parent_id = t.id where cardinality(t.path) < 50
      ), belonging as (
        select organisation_id, count(*)::int as people from person
        where organisation_id is not null and archived_at is null group by organisation_id
      )
      select t.id, t.name, t.parent_id, to_jsonb(t.path) as path, coalesce(b.people, 0) as people, t.revision
      from tree t left join belonging b on b.organisation_id = t.id
      where t.archived_at is null order by t.place`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(create, async (c) => {
    const { name, parent_id } = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), (tx) =>
      createOrganisation(tx, { name, parentId: parent_id }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const { seen_revision, name, parent_id } = c.req.valid('json')
    if (name === undefined && parent_id === undefined) throw new DeskError('invalid', 'Say what to change.')
    const { id } = c.req.valid('param')
    await transact(db, actorOf(c.get('reader')), async (tx) => {
      const moved = await editOrganisation(tx, id, {
        name,
        parentId: parent_id,
        seenRevision: seen_revision,
      })
      await recomputeForTree(tx, 'organisation', id, moved)
    })
    return c.json({ ok: true as const }, 200)
  })
  rowVerb(app, db, {
    permission: 'person.edit',
    path: '/organisations/{id}/archive',
    summary: 'Archive an organisation that nobody belongs to and no SLA policy asks for; its tickets keep it',
    tags,
    run: archiveOrganisation,
  })
}
