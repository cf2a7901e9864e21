import { z } from '@hono/zod-openapi'
import { actorOf, createApiKey, revokeApiKey, scopeOf, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, Id, Instant, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const Key = z
  .object({
    id: Id,
    name: z.string(),
    hint: z.string(),
    owner: z.object({ id: Id, name: z.string() }),
    created_at: Instant,
    expires_at: Instant.nullable(),
    revoked_at: Instant.nullable(),
    last_used_at: Instant.nullable(),
  })
  .openapi('ApiKey')

const tags = ['API keys']
const list = route('self', {
  method: 'get',
  path: '/keys',
  summary: 'My keys; every key for those who administer keys',
  tags,
  request: {},
  responses: { 200: json(page(Key), 'Keys') },
})
const create = route('self', {
  method: 'post',
  path: '/keys',
  summary: 'Make a key that acts as me; it is shown this once',
  tags,
  request: {
    body: body(
      z.strictObject({ name: z.string().trim().min(1).max(120), expires_at: Instant.nullable().optional() }),
    ),
  },
  responses: { 201: json(z.object({ id: Id, key: z.string(), hint: z.string() }), 'Made') },
})

export const keyRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const reader = c.get('reader')
    const { rows } = await sql<z.infer<typeof Key>>`
      select k.id, k.name, k.hint, jsonb_build_object('id', p.id, 'name', p.name) as owner,
             k.created_at, k.expires_at, k.revoked_at, k.last_used_at
      from api_key k join person p on p.id = k.owner_id
      where ${scopeOf(reader, 'key.edit') === 'all'} or k.owner_id = ${reader.person.id}
      order by k.id desc limit 500`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(create, async (c) => {
    const reader = c.get('reader')
    const { name, expires_at } = c.req.valid('json')
    const made = await transact(db, actorOf(reader), (tx) =>
      createApiKey(tx, {
        ownerId: reader.person.id,
        name,
        expiresAt: expires_at ? new Date(expires_at) : null,
      }),
    )
    return c.json(made, 201)
  })
  rowVerb(app, db, {
    permission: 'self',
    path: '/keys/{id}/revoke',
    summary: 'Revoke a key at once',
    tags,
    run: (tx, id, reader) =>
      revokeApiKey(tx, id, scopeOf(reader, 'key.edit') === 'all' ? undefined : reader.person.id),
  })
}
