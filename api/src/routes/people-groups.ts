import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveGroup,
  createGroup,
  editGroup,
  found,
  recomputeForGroup,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, Empty, Id, IdParams, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const Group = z
  .object({ id: Id, name: z.string(), members: z.number(), revision: z.number() })
  .openapi('PeopleGroup')
const GroupDetail = Group.omit({ members: true })
  .extend({
    members: z.array(z.object({ id: Id, name: z.string(), email: z.string().nullable() })),
  })
  .openapi('PeopleGroupDetail')
const Input = z.strictObject({
  name: z.string().trim().min(1).max(120),
  member_ids: z.array(Id).max(5000),
})

const tags = ['People']
const list = route('person.read', {
  method: 'get',
  path: '/people-groups',
  summary: 'Groups of people who are promised the same, such as VIP',
  tags,
  request: {},
  responses: { 200: json(page(Group), 'Groups') },
})
const get = route('person.read', {
  method: 'get',
  path: '/people-groups/{id}',
  summary: 'One group with its members',
  tags,
  request: { params: IdParams },
  responses: { 200: json(GroupDetail, 'The group') },
})
const create = route('person.edit', {
  method: 'post',
  path: '/people-groups',
  summary: 'Add a group',
  tags,
  request: { body: body(Input.extend({ member_ids: Input.shape.member_ids.default([]) })) },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const edit = route('person.edit', {
  method: 'patch',
  path: '/people-groups/{id}',
  summary: 'Rename, or set who is in it; the clocks of open tickets of those who come or go follow',
  tags,
  request: {
    params: IdParams,
    body: body(
      Input.partial().extend({
        seen_revision: z.number().int().optional().openapi({ description: '412 when there is a newer one' }),
      }),
    ),
  },
  responses: { 200: json(Empty, 'Changed') },
})

export const peopleGroupRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { rows } = await sql<z.infer<typeof Group>>`
      select g.id, g.name, g.revision, count(p.id)::int as members
      from people_group g left join people_group_member m on m.group_id = g.id
      left join person p on p.id = m.person_id and p.archived_at is null
      where g.archived_at is null group by g.id order by lower(g.name)`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(get, async (c) => {
    const { rows } = await sql<z.infer<typeof GroupDetail>>`
      select g.id, g.name, g.revision,
        coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'email', p.email) order by lower(p.name), p.id)
                  from people_group_member m join person p on p.id = m.person_id and p.archived_at is null
                  where m.group_id = g.id), '[]') as members
      from people_group g where g.id = ${c.req.valid('param').id} and g.archived_at is null`.execute(db)
    return c.json(found(rows[0], 'group'), 200)
  })
  app.openapi(create, async (c) => {
    const { name, member_ids } = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), (tx) =>
      createGroup(tx, { name, memberIds: member_ids }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const { name, member_ids, seen_revision } = c.req.valid('json')
    const { id } = c.req.valid('param')
    await transact(db, actorOf(c.get('reader')), async (tx) => {
      const changed = await editGroup(tx, id, { name, memberIds: member_ids, seenRevision: seen_revision })
      await recomputeForGroup(tx, id, changed)
    })
    return c.json({ ok: true as const }, 200)
  })
  rowVerb(app, db, {
    permission: 'person.edit',
    path: '/people-groups/{id}/archive',
    summary: 'Archive a group that no SLA policy asks for',
    tags,
    run: archiveGroup,
  })
}
