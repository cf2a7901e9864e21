import { z } from '@hono/zod-openapi'
import { beat, hereNow, leave, type Reader } from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { body, Empty, Id, Instant, json, page, route } from '../../route.ts'
import { findTicket } from './find.ts'
import { NumberParams } from './schema.ts'
import { demandPlace } from './verb.ts'

const Typing = z.enum(['reply', 'note']).nullable()
const tags = ['Presence']
const say = route('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/presence',
  summary:
    'I am on this ticket, and write or not: to be said when that changes and every half minute. Answers who else is',
  tags,
  request: { params: NumberParams, body: body(z.strictObject({ typing: Typing.default(null) })) },
  responses: {
    200: json(
      page(z.object({ person: z.object({ id: Id, name: z.string() }), typing: Typing, since: Instant })),
      'The others; a minute without a word and somebody is gone',
    ),
  },
})
const go = route('ticket.answer', {
  method: 'delete',
  path: '/tickets/{number}/presence',
  summary: 'I am there no more',
  tags,
  request: { params: NumberParams },
  responses: { 200: json(Empty, 'Gone') },
})

/** Among those who work on a ticket; its requester neither shows nor sees it. */
export const presenceRoutes: Resource = (app, { db }) => {
  const placeOf = async (reader: Reader, number: string) => {
    const ticket = await findTicket(db, reader, number)
    demandPlace(ticket)
    return { ticketId: ticket.id, personId: reader.person.id }
  }
  app.openapi(say, async (c) => {
    const place = await placeOf(c.get('reader'), c.req.valid('param').number)
    await beat(db, { ...place, typing: c.req.valid('json').typing })
    const here = await hereNow(db, place.ticketId)
    return c.json({ items: here.filter(({ person }) => person.id !== place.personId), next: null }, 200)
  })
  app.openapi(go, async (c) => {
    await leave(db, await placeOf(c.get('reader'), c.req.valid('param').number))
    return c.json({ ok: true as const }, 200)
  })
}
