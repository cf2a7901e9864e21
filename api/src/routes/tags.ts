import { z } from '@hono/zod-openapi'
import { actorOf, mergeTags, renameTag, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { body, Empty, Id, IdParams, json, page, Paging, route } from '../route.ts'

const Tag = z
  .object({
    id: Id,
    name: z.string(),
    tickets: z.object({ count: z.number(), capped: z.boolean() }),
  })
  .openapi('Tag')

const tags = ['Tags']
const list = route('ticket.answer', {
  method: 'get',
  path: '/tags',
  summary: 'Tags by name, with how many tickets have each; counting stops at 10,000',
  tags,
  request: {
    query: Paging.extend({ q: z.string().max(100).optional().openapi({ description: 'how a name begins' }) }),
  },
  responses: { 200: json(page(Tag), 'Tags') },
})
const rename = route('catalogue.edit', {
  method: 'patch',
  path: '/tags/{id}',
  summary: 'Another name for a tag, on every ticket at once',
  tags,
  request: { params: IdParams, body: body(z.strictObject({ name: z.string().min(1).max(200) })) },
  responses: { 200: json(Empty, 'Renamed') },
})
const merge = route('catalogue.edit', {
  method: 'post',
  path: '/tags/{id}/merge',
  summary: 'Make two tags one: tickets of this one have the other, and so does its name from now on',
  tags,
  request: { params: IdParams, body: body(z.strictObject({ into: Id })) },
  responses: { 200: json(Empty, 'Merged') },
})

const CAP = 10_000

export const tagRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { q = '', cursor, limit } = c.req.valid('query')
    const after = cursor ? String(decodeCursor(cursor, 1)[0]) : null
    const begins = q.trim().toLowerCase().replaceAll(' ', '-')
    const { rows } = await sql<{ id: string; name: string; count: number }>`
      select g.id, g.name,
        (select count(*)::int from (select from ticket_tag x where x.tag_id = g.id limit ${CAP}) n) as count
      from (select id, name from tag where merged_into_id is null and starts_with(name, ${begins})
              and (${after}::text is null or name > ${after})
              and exists (select from ticket_tag x where x.tag_id = tag.id)
            order by name limit ${limit + 1}) g
      order by g.name`.execute(db)
    const items = rows
      .slice(0, limit)
      .map(({ id, name, count }) => ({ id, name, tickets: { count, capped: count === CAP } }))
    return c.json({ items, next: rows.length > limit ? encodeCursor([items.at(-1)!.name]) : null }, 200)
  })
  app.openapi(rename, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) =>
      renameTag(tx, c.req.valid('param').id, c.req.valid('json').name),
    )
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(merge, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) =>
      mergeTags(tx, { from: c.req.valid('param').id, into: c.req.valid('json').into }),
    )
    return c.json({ ok: true as const }, 200)
  })
}
