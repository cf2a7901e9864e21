import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { Id, Instant, json, page, Paging, route } from '../../route.ts'
import { findTicket, type FoundTicket } from './find.ts'
import { NumberParams } from './schema.ts'

const Message = z
  .object({
    id: Id,
    kind: z.enum(['reply', 'note']),
    from_requester: z.boolean(),
    author: z.object({ id: Id, name: z.string() }).nullable(),
    body: z.string(),
    created_at: Instant,
  })
  .openapi('Message')

export const Line = z
  .object({
    id: Id,
    revision: z.number().nullable(),
    at: Instant,
    recorded_at: Instant,
    actor: z.object({ kind: z.string(), id: Id.nullable(), name: z.string().nullable() }),
    verb: z.string(),
    /** What changed: the ticket itself, an alert in it, a page about it. */
    subject: z.object({ kind: z.string(), id: Id }),
    before: z.unknown(),
    after: z.unknown(),
    cause: z.unknown(),
    why: z.unknown(),
    visibility: z.string(),
    /** The words themselves, where the line tells of a message. */
    message: Message.nullable(),
    /** Names of the people, teams and services whose ids stand in before and after. */
    names: z.record(z.string(), z.string()),
  })
  .openapi('ActivityLine')

const activity = route('ticket.read', {
  method: 'get',
  path: '/tickets/{number}/activity',
  summary: 'The timeline, from either end. Requesters see its public lines',
  tags: ['Tickets'],
  request: {
    params: NumberParams,
    query: Paging.extend({
      limit: z.coerce.number().int().min(1).max(500).default(200),
      order: z.enum(['oldest', 'newest']).default('oldest').openapi({ description: 'which come first' }),
    }),
  },
  responses: { 200: json(page(Line), 'Lines') },
})
const messages = route('ticket.read', {
  method: 'get',
  path: '/tickets/{number}/messages',
  summary: 'Replies and, for the desk, notes, oldest first',
  tags: ['Tickets'],
  request: { params: NumberParams },
  responses: { 200: json(page(Message), 'Messages') },
})

// Keys of before and after whose values are ids of things with a name.
const NAMED = [
  'assignee_id',
  'team_id',
  'service_id',
  'category_id',
  'status_id',
  'requester_id',
  'team',
  'service',
  'recipient',
  'person',
  'other',
]

const MESSAGE = sql`jsonb_build_object('id', m.id, 'kind', m.kind, 'from_requester', m.from_requester, 'body', m.body,
  'created_at', m.created_at, 'author', (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = m.author_id))`

interface Asked {
  cursor?: string
  limit: number
  order: 'oldest' | 'newest'
}

/** Lines of a ticket's timeline as its reader may see them; one more than the limit where there are more. */
export async function linesOf(
  db: Db,
  ticket: FoundTicket,
  { cursor, limit, order }: Asked,
): Promise<z.infer<typeof Line>[]> {
  const [after, direction] = order === 'newest' ? [sql`<`, sql`desc`] : [sql`>`, sql`asc`]
  const from = cursor ? sql`and a.revision ${after} ${Number(decodeCursor(cursor, 1)[0])}` : sql``
  const { rows } = await sql<z.infer<typeof Line>>`
    with line as (
      select * from activity a where a.ticket_id = ${ticket.id} ${from}
        and (${ticket.workable} or a.visibility = 'public')
      order by a.revision ${direction} limit ${limit + 1}
    )
    select a.id, a.revision, a.at, a.recorded_at, a.verb, a.before, a.after, a.cause, a.why, a.visibility,
      jsonb_build_object('kind', a.subject_kind, 'id', a.subject_id) as subject,
      jsonb_build_object('kind', a.actor_kind, 'id', a.actor_id, 'name', case a.actor_kind
        when 'person' then (select name from person where id = a.actor_id)
        when 'integration' then (select name from integration where id = a.actor_id) end) as actor,
      (select ${MESSAGE} from message m where m.id = (a.after->>'message')::uuid) as message,
      coalesce((select jsonb_object_agg(n.id, n.name)
        from (select v.value::uuid as id from jsonb_each_text(a.before) v where v.key = any(${NAMED})
              union select v.value::uuid from jsonb_each_text(a.after) v where v.key = any(${NAMED})
              union select v.value::uuid from jsonb_array_elements_text(
                case jsonb_typeof(a.after -> 'tags') when 'array' then a.after -> 'tags' else '[]' end) v
              union select p.value::uuid from jsonb_array_elements_text(
                case when jsonb_typeof(a.after -> 'people') = 'array' then a.after -> 'people' else '[]' end) p) w
        cross join lateral (
          select id, name from person where id = w.id
          union all select id, name from team where id = w.id
          union all select id, coalesce(name->>'en', key) from service where id = w.id
          union all select id, coalesce(name->>'en', key) from category where id = w.id
          union all select id, coalesce(name->>'en', key) from ticket_status where id = w.id
          union all select id, name from tag where id = w.id
          union all select id, number from ticket where id = w.id) n), '{}') as names
    from line a order by a.revision ${direction}`.execute(db)
  return rows
}

export const timelineRoutes: Resource = (app, { db }) => {
  app.openapi(activity, async (c) => {
    const ticket = await findTicket(db, c.get('reader'), c.req.valid('param').number)
    const { cursor, limit, order } = c.req.valid('query')
    const rows = await linesOf(db, ticket, { cursor, limit, order })
    const items = rows.slice(0, limit)
    return c.json({ items, next: rows.length > limit ? encodeCursor([items.at(-1)!.revision]) : null }, 200)
  })

  app.openapi(messages, async (c) => {
    const ticket = await findTicket(db, c.get('reader'), c.req.valid('param').number)
    const { rows } = await sql<{ message: z.infer<typeof Message> }>`
      select ${MESSAGE} as message from message m where m.ticket_id = ${ticket.id} and (${ticket.workable} or m.kind = 'reply')
      order by m.created_at, m.id limit 1000`.execute(db)
    return c.json({ items: rows.map((row) => row.message), next: null }, 200)
  })
}
