import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  acknowledgeWithAlerts,
  actorOf,
  DeskError,
  explainPage,
  found,
  pageByHand,
  type PageReason,
  type Reader,
  scopeOf,
  ticketVisible,
  transact,
} from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { body, Empty, Id, IdParams, Instant, json, page, Paging, route } from '../route.ts'
import { findTicket } from './tickets/find.ts'
import { NumberParams } from './tickets/schema.ts'

const Named = z.object({ id: Id, name: z.string() })
export const Page = z
  .object({
    id: Id,
    ticket: z.object({
      number: z.string(),
      title: z.string(),
      state: z.string(),
      priority: z.string(),
      service: z.record(z.string(), z.string()).nullable(),
    }),
    recipient: Named,
    cycle: z.number(),
    step: z.number(),
    state: z.enum(['open', 'acknowledged', 'ended']),
    created_at: Instant,
    acknowledged_at: Instant.nullable(),
    ended_at: Instant.nullable(),
    because: z.array(z.string()).openapi({ description: 'why this person, in the reader’s language' }),
    why: z.unknown().openapi({ description: 'the same as data: policy, version, step, path to the person' }),
    deliveries: z.array(
      z.object({
        kind: z.enum(['email', 'webhook', 'app']),
        state: z.enum(['waiting', 'leased', 'sent', 'failed', 'cancelled']),
        due_at: Instant,
        sent_at: Instant.nullable(),
        attempts: z.number(),
        reason: z.string().nullable(),
        together: z.number().openapi({ description: 'how many pages its message told of' }),
        held: z.object({ until: Instant, told_at: Instant.nullable() }).nullable().openapi({
          description:
            'why it waited: the recipient was told of something at told_at, and one message a minute is the most',
        }),
      }),
    ),
  })
  .openapi('Page')
type PageJson = z.infer<typeof Page>

const tags = ['On call']
const list = route('page.read', {
  method: 'get',
  path: '/pages',
  summary: 'Pages, newest first: mine, a ticket’s, or all that I may see',
  tags,
  request: {
    query: Paging.extend({
      mine: z.enum(['open', 'all']).optional(),
      state: Page.shape.state.optional(),
      ticket: NumberParams.shape.number.optional(),
    }),
  },
  responses: { 200: json(page(Page), 'Pages') },
})
const get = route('page.read', {
  method: 'get',
  path: '/pages/{id}',
  summary: 'One page: why this person, and how each way of reaching them went',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Page, 'The page') },
})
const create = route('ticket.answer', {
  method: 'post',
  path: '/pages',
  summary: 'Page somebody about a ticket, by hand',
  tags,
  request: { body: body(z.strictObject({ ticket: NumberParams.shape.number, person_id: Id })) },
  responses: { 201: json(z.object({ id: Id }), 'Paged') },
})
const acknowledge = route('page.answer', {
  method: 'post',
  path: '/pages/{id}/acknowledge',
  summary: 'I take it: acknowledges the ticket, which ends its pages and its escalation',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Empty, 'Acknowledged') },
})

export const pageRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const reader = c.get('reader')
    const { mine, state, ticket, cursor, limit } = c.req.valid('query')
    const where = [
      ...(mine ? [sql`g.recipient_id = ${reader.person.id}`] : []),
      ...(mine === 'open' ? [sql`g.state = 'open'`] : []),
      ...(state ? [sql`g.state = ${state}`] : []),
      ...(ticket ? [sql`t.number = ${ticket}`] : []),
      ...(cursor ? [after(cursor)] : []),
    ]
    const items = await readPages(
      db,
      reader,
      where.length > 0 ? sql.join(where, sql` and `) : sql`true`,
      limit + 1,
    )
    const shown = items.slice(0, limit)
    const last = items.length > limit ? shown.at(-1) : undefined
    return c.json({ items: shown, next: last ? encodeCursor([last.created_at, last.id]) : null }, 200)
  })
  app.openapi(get, async (c) => {
    const rows = await readPages(db, c.get('reader'), sql`g.id = ${c.req.valid('param').id}`, 1)
    return c.json(found(rows[0], 'page'), 200)
  })
  app.openapi(create, async (c) => {
    const reader = c.get('reader')
    const { ticket, person_id } = c.req.valid('json')
    const { id, workable } = await findTicket(db, reader, ticket)
    if (!workable)
      throw new DeskError('forbidden', 'Only those who work on this ticket may page somebody about it.')
    const made = await transact(db, actorOf(reader), (tx) =>
      pageByHand(tx, { ticketId: id, personId: person_id }),
    )
    return c.json({ id: made }, 201)
  })
  app.openapi(acknowledge, async (c) => {
    const reader = c.get('reader')
    const row = await db
      .selectFrom('page')
      .select(['ticket_id', 'recipient_id', 'state'])
      .where('id', '=', c.req.valid('param').id)
      .executeTakeFirst()
    const own = row?.recipient_id === reader.person.id || scopeOf(reader, 'page.answer') === 'all'
    const { ticket_id, state } = found(own ? row : undefined, 'page')
    if (state === 'ended')
      throw new DeskError('conflict', 'This page has ended: somebody else took it, or it is over.')
    if (state === 'open')
      await transact(db, actorOf(reader), (tx) => acknowledgeWithAlerts(tx, { id: ticket_id }))
    return c.json({ ok: true as const }, 200)
  })
}

function after(cursor: string): RawBuilder<unknown> {
  const [createdAt, id] = decodeCursor(cursor, 2)
  return sql`(g.created_at, g.id) < (${createdAt}::timestamptz(3), ${id}::uuid)`
}

type PageRow = Omit<PageJson, 'because'> & { why: PageReason; asked_by: string | null }

/** Pages that the reader may see: their own, and those of visible tickets. Newest first. */
export async function readPages(
  db: Db,
  reader: Reader,
  where: RawBuilder<unknown>,
  limit: number,
): Promise<PageJson[]> {
  const { rows } = await sql<PageRow>`
    select g.id, g.cycle, g.step, g.state, g.created_at, g.acknowledged_at, g.ended_at, g.why,
      jsonb_build_object('number', t.number, 'title', t.title, 'state', t.state, 'priority', t.priority, 'service', s.name) as ticket,
      jsonb_build_object('id', p.id, 'name', p.name) as recipient,
      a.name as asked_by,
      coalesce((
        select jsonb_agg(jsonb_build_object('kind', c.kind, 'state', d.state, 'due_at', d.due_at, 'sent_at', d.sent_at,
                                            'attempts', d.attempts, 'reason', d.outcome ->> 'reason',
                                            'together', greatest(1, (select count(*) from delivery o where o.bundle_id = d.bundle_id)),
                                            'held', d.held) order by d.position)
        from delivery d join contact_method c on c.id = d.contact_method_id where d.page_id = g.id), '[]') as deliveries
    from page g join ticket t on t.id = g.ticket_id join person p on p.id = g.recipient_id
    left join service s on s.id = t.service_id
    left join person a on a.id = (g.why ->> 'by_hand')::uuid
    where (g.recipient_id = ${reader.person.id} or ${ticketVisible(reader)}) and ${where}
    order by g.created_at desc, g.id desc limit ${limit}`.execute(db)
  return rows.map(({ asked_by, ...row }) => ({
    ...row,
    because: explainPage({ why: row.why, askedBy: asked_by }, reader.person.locale),
  }))
}
