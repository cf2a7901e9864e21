import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archivePerson,
  createPerson,
  createSignIn,
  editPerson,
  found,
  grantRole,
  recomputeForRequester,
  revokeRole,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { body, Empty, Id, IdParams, Instant, json, page, Paging, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const Person = z
  .object({
    id: Id,
    name: z.string(),
    email: z.string().nullable(),
    locale: z.enum(['en', 'fr', 'it']),
    zone: z.string(),
    organisation: z.object({ id: Id, name: z.string() }).nullable(),
    signs_in: z.boolean(),
    archived: z.boolean(),
    roles: z.array(z.object({ role: z.string(), team_id: Id.nullable(), team: z.string().nullable() })),
    failing: z
      .array(z.object({ kind: z.string(), since: Instant, reason: z.string() }))
      .openapi({ description: 'ways to reach them over which something failed for good' }),
  })
  .openapi('Person')

const Input = z.strictObject({
  name: z.string().trim().min(1).max(200),
  email: z.email().max(320).nullable().optional(),
  locale: z.enum(['en', 'fr', 'it']).optional(),
  zone: z.string().max(60).optional(),
  organisation_id: Id.nullable().optional(),
})
const Grant = z.strictObject({
  role: z.enum(['agent', 'on_call', 'manager', 'administrator']),
  team_id: Id.nullable(),
})

const tags = ['People']
const list = route('person.read', {
  method: 'get',
  path: '/people',
  summary: 'People, by name; q finds by name or e-mail',
  tags,
  request: {
    query: Paging.extend({
      q: z.string().max(200).optional(),
      team: Id.optional(),
      role: z
        .enum(['any', ...Grant.shape.role.options])
        .optional()
        .openapi({ description: '`any`: those who hold some role, not those who only ask' }),
    }),
  },
  responses: { 200: json(page(Person), 'People') },
})
const get = route('person.read', {
  method: 'get',
  path: '/people/{id}',
  summary: 'One person',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Person, 'The person') },
})
const create = route('person.edit', {
  method: 'post',
  path: '/people',
  summary: 'Add a person, with or without a sign-in',
  tags,
  request: { body: body(Input.extend({ password: z.string().max(200).optional() })) },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const edit = route('person.edit', {
  method: 'patch',
  path: '/people/{id}',
  summary: 'Change a person; to another organisation their open tickets go with them',
  tags,
  request: { params: IdParams, body: body(Input.partial()) },
  responses: { 200: json(Empty, 'Changed') },
})
const setPassword = route('person.edit', {
  method: 'post',
  path: '/people/{id}/sign-in',
  summary: 'Give a sign-in, or a new password; ends their sessions',
  tags,
  request: { params: IdParams, body: body(z.strictObject({ password: z.string().max(200) })) },
  responses: { 200: json(Empty, 'Given') },
})
const grant = route('person.edit', {
  method: 'post',
  path: '/people/{id}/roles',
  summary: 'Give a role in a team, or make an administrator',
  tags,
  request: { params: IdParams, body: body(Grant) },
  responses: { 200: json(Empty, 'Given') },
})
const revoke = route('person.edit', {
  method: 'delete',
  path: '/people/{id}/roles',
  summary: 'Take a role away',
  tags,
  request: { params: IdParams, body: body(Grant) },
  responses: { 200: json(Empty, 'Taken') },
})

const COLUMNS = sql`
  p.id, p.name, p.email, p.locale, p.zone,
  (select jsonb_build_object('id', o.id, 'name', o.name) from organisation o where o.id = p.organisation_id) as organisation,
  p.auth_user_id is not null as signs_in, p.archived_at is not null as archived,
  coalesce((select jsonb_agg(jsonb_build_object('role', g.role, 'team_id', g.team_id, 'team', t.name) order by g.role, t.name)
            from role_grant g left join team t on t.id = g.team_id where g.person_id = p.id), '[]') as roles,
  coalesce((select jsonb_agg(jsonb_build_object('kind', c.kind, 'since', c.failing_since, 'reason', c.failing ->> 'reason') order by c.failing_since)
            from contact_method c where c.person_id = p.id and c.archived_at is null and c.failing_since is not null), '[]') as failing`

type PersonRow = z.infer<typeof Person>

export const peopleRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { q, team, role, cursor, limit } = c.req.valid('query')
    const after = cursor ? decodeCursor(cursor, 2) : null
    const { rows } = await sql<PersonRow>`
      select ${COLUMNS} from person p
      where p.archived_at is null
        ${q ? sql`and p.known_as like '%' || replace(replace(fold_text(${q}), '%', '\\%'), '_', '\\_') || '%'` : sql``}
        ${team ? sql`and exists (select from role_grant g where g.person_id = p.id and g.team_id = ${team})` : sql``}
        ${role ? sql`and exists (select from role_grant g where g.person_id = p.id and ${role} in ('any', g.role))` : sql``}
        ${after ? sql`and (p.name, p.id) > (${after[0]}, ${after[1]}::uuid)` : sql``}
      order by p.name, p.id limit ${limit + 1}`.execute(db)
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return c.json(
      { items, next: rows.length > limit && last ? encodeCursor([last.name, last.id]) : null },
      200,
    )
  })
  app.openapi(get, async (c) => {
    const { rows } =
      await sql<PersonRow>`select ${COLUMNS} from person p where p.id = ${c.req.valid('param').id}`.execute(
        db,
      )
    return c.json(found(rows[0], 'person'), 200)
  })
  app.openapi(create, async (c) => {
    const { password, organisation_id, ...input } = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), async (tx) => {
      const personId = await createPerson(tx, { ...input, organisationId: organisation_id })
      if (password) await createSignIn(tx, personId, password)
      return personId
    })
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const { organisation_id, ...input } = c.req.valid('json')
    const { id } = c.req.valid('param')
    await transact(db, actorOf(c.get('reader')), async (tx) => {
      const moved = await editPerson(tx, id, {
        ...input,
        ...(organisation_id !== undefined && { organisationId: organisation_id }),
      })
      if (moved) await recomputeForRequester(tx, id, moved.left)
    })
    return c.json({ ok: true as const }, 200)
  })
  rowVerb(app, db, {
    permission: 'person.edit',
    path: '/people/{id}/archive',
    summary: 'Archive a person and end their sessions',
    tags,
    run: archivePerson,
  })
  app.openapi(setPassword, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) =>
      createSignIn(tx, c.req.valid('param').id, c.req.valid('json').password),
    )
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(grant, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) =>
      grantRole(tx, roleInput(c.req.valid('param').id, c.req.valid('json'))),
    )
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(revoke, async (c) => {
    const { role, team_id } = c.req.valid('json')
    await transact(db, actorOf(c.get('reader')), (tx) =>
      revokeRole(tx, { personId: c.req.valid('param').id, role, teamId: team_id }),
    )
    return c.json({ ok: true as const }, 200)
  })
}

function roleInput(personId: string, { role, team_id }: z.infer<typeof Grant>) {
  return role === 'administrator' ? { personId, role } : { personId, role, teamId: team_id ?? '' }
}
