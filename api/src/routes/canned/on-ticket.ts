import { z } from '@hono/zod-openapi'
import {
  actorOf,
  applyMacro,
  checkDoes,
  DeskError,
  demandVariables,
  Does,
  fillIn,
  offerMacros,
  previewMacro,
  type Reader,
  readValues,
  transact,
  VARIABLES,
} from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { body, Id, json, page, route } from '../../route.ts'
import { findTicket } from '../tickets/find.ts'
import { readTicket } from '../tickets/get.ts'
import { NumberParams, Ticket } from '../tickets/schema.ts'
import { demandPlace } from '../tickets/verb.ts'

const Variable = z.enum(VARIABLES)
const fill = route('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/fill',
  summary: 'A text with its variables filled in from this ticket; 422 names those that there are not',
  tags: ['Canned replies'],
  request: { params: NumberParams, body: body(z.strictObject({ body: z.string().min(1).max(20_000) })) },
  responses: {
    200: json(
      z.object({
        text: z.string(),
        missing: z.array(Variable).openapi({ description: 'what the ticket has nothing for' }),
      }),
      'The text',
    ),
  },
})
const variables = route('ticket.answer', {
  method: 'get',
  path: '/canned-replies/variables',
  summary: 'What a text may ask for, as {{name}}',
  tags: ['Canned replies'],
  request: {},
  responses: { 200: json(page(z.object({ name: Variable })), 'Variables') },
})

const Refused = z
  .string()
  .nullable()
  .openapi({ description: 'why it cannot be applied to the ticket as it stands; null: it can' })
const offer = route('ticket.answer', {
  method: 'get',
  path: '/tickets/{number}/macros',
  summary: 'The macros that I have, and which of them this ticket’s life allows now',
  tags: ['Macros'],
  request: { params: NumberParams, query: z.object({ q: z.string().max(100).optional() }) },
  responses: {
    200: json(
      page(z.object({ id: Id, title: z.string(), revision: z.number(), refused: Refused })),
      'Macros, a hundred at most',
    ),
  },
})
const Seen = z
  .object({
    revision: z.number().openapi({ description: 'of the ticket, for If-Match' }),
    refused: Refused,
    changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
    says: z.array(z.object({ kind: z.enum(['reply', 'note']), body: z.string() })),
  })
  .openapi('MacroPreview')
const preview = route('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/macros/{id}/preview',
  summary: 'What a macro would change on a ticket now, and what it would write; nothing is done',
  tags: ['Macros'],
  request: { params: NumberParams.extend({ id: Id }) },
  responses: { 200: json(Seen, 'What would happen') },
})
const tryOut = route('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/macros/preview',
  summary: 'The same of a macro that is not kept yet',
  tags: ['Macros'],
  request: { params: NumberParams, body: body(z.strictObject({ does: Does })) },
  responses: { 200: json(Seen, 'What would happen') },
})
const apply = route('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/macro',
  summary:
    'Apply a macro, all of it or nothing; with If-Match only to the ticket as it was looked at, else 412',
  tags: ['Macros'],
  request: {
    params: NumberParams,
    headers: z.object({ 'if-match': z.string().max(40).optional() }),
    body: body(
      z.strictObject({
        macro_id: Id,
        seen_revision: z.number().int().optional().openapi({ description: 'of the macro' }),
      }),
    ),
  },
  responses: {
    200: json(
      Ticket.extend({
        edit: Id.openapi({ description: 'by it the macro is taken back, as a bulk edit is' }),
      }),
      'The ticket as it is now',
    ),
  },
})

/** Prepared words and deeds, met with a ticket. */
export const onTicketRoutes: Resource = (app, { db, config }) => {
  const { publicUrl } = config
  app.openapi(variables, (c) => c.json({ items: VARIABLES.map((name) => ({ name })), next: null }, 200))
  app.openapi(fill, async (c) => {
    const reader = c.get('reader')
    const ticket = await findTicket(db, reader, c.req.valid('param').number)
    demandPlace(ticket)
    const { body: text } = c.req.valid('json')
    demandVariables(text, 'body')
    const values = await readValues(db, { ticketId: ticket.id, agentId: reader.person.id, publicUrl })
    return c.json(fillIn(text, values), 200)
  })
  app.openapi(offer, async (c) => {
    const reader = c.get('reader')
    const ticket = await findTicket(db, reader, c.req.valid('param').number)
    demandPlace(ticket)
    const items = await offerMacros(db, reader, { ticketId: ticket.id, q: c.req.valid('query').q })
    return c.json({ items, next: null }, 200)
  })
  const look = async (reader: Reader, number: string, what: { macroId: string } | { does: Does }) => {
    const ticket = await findTicket(db, reader, number)
    demandPlace(ticket)
    const { revision } = await db
      .selectFrom('ticket')
      .select('revision')
      .where('id', '=', ticket.id)
      .executeTakeFirstOrThrow()
    const seen = await previewMacro(db, reader, { ...what, ticketId: ticket.id, publicUrl })
    return { revision, ...seen }
  }
  app.openapi(preview, async (c) => {
    const { number, id } = c.req.valid('param')
    return c.json(await look(c.get('reader'), number, { macroId: id }), 200)
  })
  app.openapi(tryOut, async (c) => {
    const { does } = c.req.valid('json')
    await transact(db, actorOf(c.get('reader')), (tx) => checkDoes(tx, does))
    return c.json(await look(c.get('reader'), c.req.valid('param').number, { does }), 200)
  })
  app.openapi(apply, async (c) => {
    const reader = c.get('reader')
    const { number } = c.req.valid('param')
    const { macro_id: macroId, seen_revision: ifMacroRevision } = c.req.valid('json')
    const ifRevision = revisionOf(c.req.valid('header')['if-match'])
    const ticket = await findTicket(db, reader, number)
    demandPlace(ticket)
    const edit = await transact(db, actorOf(reader), (tx) =>
      applyMacro(tx, reader, { macroId, ticketId: ticket.id, ifRevision, ifMacroRevision, publicUrl }),
    )
    return c.json({ ...(await readTicket(db, reader, number, { justActed: true })), edit }, 200)
  })
}

function revisionOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const revision = /^(?:W\/)?"(\d{1,9})"$/.exec(given)?.[1]
  if (!revision) throw new DeskError('invalid', 'If-Match holds the revision in quotes, as the ETag gave it.')
  return Number(revision)
}
