import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { ACTOR_TOLD, type Reader, ticketVisible } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { Id, Instant, json, page, Paging, route } from '../../route.ts'
import { at as utc } from './details.ts'
import { findTicket, type FoundTicket } from './find.ts'
import { storyOf, toldRows } from './merged.ts'
import { NumberParams } from './schema.ts'

const MergedFrom = z
  .string()
  .nullable()
  .openapi({ description: 'the merged ticket in whose story it stands; null: in this one' })

const Message = z
  .object({
    id: Id,
    kind: z.enum(['reply', 'note']),
    from_requester: z.boolean(),
    author: z.object({ id: Id, name: z.string() }).nullable(),
    body: z.string(),
    mentions: z
      .array(z.object({ id: Id, name: z.string(), told: z.boolean() }))
      .openapi({ description: 'whom it names; told: false where they may not read it' }),
    created_at: Instant,
    merged_from: MergedFrom,
    update: z
      .object({ title: z.string(), affected: z.string(), next_update_at: Instant.nullable() })
      .nullable()
      .openapi({ description: 'of what was told of a major incident, also outside the desk' }),
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
    merged_from: MergedFrom,
    /** The words themselves, where the line tells of a message. */
    message: Message.nullable(),
    /** Where the line told of a message that was split off: the ticket in which it stands now. */
    moved_to: z
      .object({ number: z.string().nullable().openapi({ description: 'null: not yours to see' }) })
      .nullable(),
    /** Names of the people, teams, services and other things whose ids stand in before and after. */
    names: z.record(z.string(), z.string()),
  })
  .openapi('ActivityLine')

const activity = route('ticket.read', {
  method: 'get',
  path: '/tickets/{number}/activity',
  summary:
    'The timeline with those of the tickets merged into it, from either end. Requesters see its public lines',
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
  summary: 'Replies and, for the desk, notes, oldest first; with those of the tickets merged into it',
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
  'organisation_id',
  'status_id',
  'requester_id',
  'team',
  'service',
  'recipient',
  'person',
  'other',
  'macro',
  'item',
  'webhook',
]

const MESSAGE = sql`jsonb_build_object('id', m.id, 'kind', m.kind, 'from_requester', m.from_requester, 'body', m.body,
  'mentions', coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'told', n.told) order by p.name, p.id)
      from mention n join person p on p.id = n.person_id where n.message_id = m.id and (n.told or s.workable)), '[]'),
  'created_at', m.created_at, 'merged_from', s.number,
  'update', (select jsonb_build_object('title', u.title, 'affected', u.affected, 'next_update_at', ${utc('u.next_at')})
    from major_update u where u.message_id = m.id), 'author', (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = m.author_id))`

interface Asked {
  cursor?: string
  limit: number
  order: 'oldest' | 'newest'
}

type StoryRow = z.infer<typeof Line> & { ticket_id: string }

/**
 * Lines of a ticket's story as its reader may see them, those of tickets merged into it among them; one more than the
 * limit where there are more.
 */
export async function linesOf(
  db: Db,
  reader: Reader,
  ticket: FoundTicket,
  { cursor, limit, order }: Asked,
): Promise<StoryRow[]> {
  const [after, direction] = order === 'newest' ? [sql`<`, sql`desc`] : [sql`>`, sql`asc`]
  const [at, of, revision] = cursor ? decodeCursor(cursor, 3) : []
  const told = await storyOf(db, reader, ticket)
  // The lines of one ticket are in the order of their revisions, those of several in that of time.
  const line =
    told.length === 1
      ? sql`
        select a.*, null as number, ${ticket.workable}::boolean as workable from activity a
        where a.ticket_id = ${ticket.id} and (${ticket.workable} or a.visibility = 'public')
          ${cursor ? sql`and a.revision ${after} ${Number(revision)}` : sql``}
        order by a.revision ${direction} limit ${limit + 1}`
      : sql`
        select a.*, s.number, s.workable from ${toldRows(told)} join activity a on a.ticket_id = s.id
        where (s.workable or a.visibility = 'public')
          ${cursor ? sql`and (a.at, a.ticket_id, a.revision) ${after} (${at}::timestamptz, ${of}::uuid, ${revision}::int)` : sql``}
        order by a.at ${direction}, a.ticket_id ${direction}, a.revision ${direction} limit ${limit + 1}`
  const sorted =
    told.length === 1
      ? sql`a.revision ${direction}`
      : sql`a.at ${direction}, a.ticket_id ${direction}, a.revision ${direction}`
  const { rows } = await sql<StoryRow>`
    with line as (${line})
    select a.id, a.revision, a.at, a.recorded_at, a.verb, a.before, a.after, a.cause, a.why, a.visibility, a.ticket_id,
      a.number as merged_from,
      jsonb_build_object('kind', a.subject_kind, 'id', a.subject_id) as subject,
      ${ACTOR_TOLD} as actor,
      (select ${MESSAGE} from message m, (select a.number, a.workable) s
       where m.id = (a.after->>'message')::uuid and m.ticket_id = a.ticket_id) as message,
      (select jsonb_build_object('number', (select t.number from ticket t where t.id = m.ticket_id and ${ticketVisible(reader)}))
       from message m where m.id = (a.after->>'message')::uuid and m.ticket_id <> a.ticket_id) as moved_to,
      coalesce((select jsonb_object_agg(n.id, n.name)
        from (select v.value::uuid as id from jsonb_each_text(a.before) v where v.key = any(${NAMED})
              union select v.value::uuid from jsonb_each_text(a.after) v where v.key = any(${NAMED})
              union select v.value::uuid from jsonb_array_elements_text(
                case jsonb_typeof(a.after -> 'tags') when 'array' then a.after -> 'tags' else '[]' end) v
              union select p.value::uuid from jsonb_array_elements_text(
                case when jsonb_typeof(a.after -> 'people') = 'array' then a.after -> 'people' else '[]' end) p
              union select g.value::uuid from jsonb_array_elements_text(
                case when jsonb_typeof(a.after -> 'teams') = 'array' then a.after -> 'teams' else '[]' end) g) w
        cross join lateral (
          select id, name from person where id = w.id
          union all select id, name from team where id = w.id
          union all select id, name from organisation where id = w.id
          union all select id, coalesce(name->>'en', key) from service where id = w.id
          union all select id, coalesce(name->>'en', key) from category where id = w.id
          union all select id, coalesce(name->>'en', key) from ticket_status where id = w.id
          union all select id, name from tag where id = w.id
          union all select id, title from canned where id = w.id
          union all select id, name from webhook where id = w.id
          union all select id, text from checklist_item where id = w.id
          union all select id, number from ticket where id = w.id) n), '{}') as names
    from line a order by ${sorted}`.execute(db)
  return rows
}

export const timelineRoutes: Resource = (app, { db }) => {
  app.openapi(activity, async (c) => {
    const reader = c.get('reader')
    const ticket = await findTicket(db, reader, c.req.valid('param').number)
    const { cursor, limit, order } = c.req.valid('query')
    const rows = await linesOf(db, reader, ticket, { cursor, limit, order })
    const last = rows.length > limit ? rows[limit - 1] : undefined
    const items = rows.slice(0, limit).map(({ ticket_id: _of, ...one }) => one)
    const next = last ? encodeCursor([new Date(last.at).toISOString(), last.ticket_id, last.revision]) : null
    return c.json({ items, next }, 200)
  })

  app.openapi(messages, async (c) => {
    const reader = c.get('reader')
    const told = await storyOf(db, reader, await findTicket(db, reader, c.req.valid('param').number))
    const { rows } = await sql<{ message: z.infer<typeof Message> }>`
      select ${MESSAGE} as message from ${toldRows(told)} join message m on m.ticket_id = s.id
      where s.workable or m.kind = 'reply'
      order by m.created_at, m.id limit 1000`.execute(db)
    return c.json({ items: rows.map((row) => row.message), next: null }, 200)
  })
}
