import { z } from '@hono/zod-openapi'
import { actorOf, BOXES, discardDraft, keepDraft, type Reader, readDrafts, transact } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Empty, Id, Instant, json, page, route } from '../../route.ts'
import { findTicket } from './find.ts'
import { NumberParams } from './schema.ts'
import { demandPlace } from './verb.ts'

const Box = z.enum(BOXES)
const Version = Id.openapi({ description: 'another one each time that it is kept' })
const Kept = z.object({ box: Box, version: Version, kept_at: Instant })
const Draft = Kept.extend({ body: z.string() }).openapi('Draft')
const BoxParams = NumberParams.extend({ box: Box })

const tags = ['Drafts']
const list = route('ticket.comment', {
  method: 'get',
  path: '/tickets/{number}/drafts',
  summary: 'What I have begun to write on a ticket; nobody else can read it',
  tags,
  request: { params: NumberParams },
  responses: { 200: json(page(Draft), 'Drafts') },
})
const keep = route('ticket.comment', {
  method: 'put',
  path: '/tickets/{number}/drafts/{box}',
  summary: 'Keep what I have written so far; 412 with `current` where I wrote something else elsewhere since',
  tags,
  request: {
    params: BoxParams,
    body: body(
      z.strictObject({
        body: z.string().min(1).max(100_000),
        seen_version: Id.optional().openapi({ description: 'the version that was written on from' }),
      }),
    ),
  },
  responses: { 200: json(Kept, 'Kept') },
})
const discard = route('ticket.comment', {
  method: 'delete',
  path: '/tickets/{number}/drafts/{box}',
  summary: 'Discard it',
  tags,
  request: { params: BoxParams },
  responses: { 200: json(Empty, 'Discarded') },
})

/** Whether the reader has begun to write on a `ticket t`. */
export const hasDraft = (reader: Reader): RawBuilder<boolean> =>
  sql<boolean>`exists (select from draft d where d.person_id = ${reader.person.id} and d.ticket_id = t.id)`

export const draftRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const reader = c.get('reader')
    const { id } = await findTicket(db, reader, c.req.valid('param').number)
    const drafts = await readDrafts(db, { personId: reader.person.id, ticketId: id })
    const items = drafts.map(({ kept_at, ...draft }) => ({ ...draft, kept_at: kept_at.toISOString() }))
    return c.json({ items, next: null }, 200)
  })
  app.openapi(keep, async (c) => {
    const reader = c.get('reader')
    const { number, box } = c.req.valid('param')
    const { body: text, seen_version: seen } = c.req.valid('json')
    const ticket = await findTicket(db, reader, number)
    demandPlace(ticket, box === 'reply' ? 'requester' : undefined)
    const place = { personId: reader.person.id, ticketId: ticket.id, box }
    const kept = await transact(db, actorOf(reader), (tx) => keepDraft(tx, { ...place, body: text, seen }))
    return c.json({ ...kept, kept_at: kept.kept_at.toISOString() }, 200)
  })
  app.openapi(discard, async (c) => {
    const reader = c.get('reader')
    const { number, box } = c.req.valid('param')
    const { id } = await findTicket(db, reader, number)
    const place = { personId: reader.person.id, ticketId: id, box }
    await transact(db, actorOf(reader), (tx) => discardDraft(tx, place))
    return c.json({ ok: true as const }, 200)
  })
}
