import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  actorOf,
  addPoints,
  DeskError,
  editPoint,
  type Reader,
  removePoint,
  ticketWorkable,
  transact,
} from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Id, Instant, json, page, route } from '../../route.ts'
import { findTicket } from './find.ts'
import { NumberParams } from './schema.ts'
import { demandPlace } from './verb.ts'

const Words = z.string().trim().min(1).max(500)
const Point = z
  .object({
    id: Id,
    text: z.string(),
    required: z.boolean().openapi({ description: 'the ticket is not resolved before it is done' }),
    done_at: Instant.nullable(),
    done_by: z.object({ id: Id, name: z.string() }).nullable(),
    revision: z.number(),
  })
  .openapi('ChecklistPoint')
const Points = json(page(Point), 'The checklist, in its order')
const PointParams = NumberParams.extend({ id: Id })

const tags = ['Checklists']
const list = route('ticket.answer', {
  method: 'get',
  path: '/tickets/{number}/checklist',
  summary: 'What is to be done on a ticket, point by point; for those who work on it',
  tags,
  request: { params: NumberParams },
  responses: { 200: Points },
})
const add = route('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/checklist',
  summary: 'Add a point, or those of a template',
  tags,
  request: {
    params: NumberParams,
    body: body(
      z.union([
        z.strictObject({ text: Words, required: z.boolean().optional() }),
        z.strictObject({ template_id: Id }),
      ]),
    ),
  },
  responses: { 200: Points },
})
const edit = route('ticket.answer', {
  method: 'patch',
  path: '/tickets/{number}/checklist/{id}',
  summary: 'Tick a point or not, change its words, or move it',
  tags,
  request: {
    params: PointParams,
    body: body(
      z.strictObject({
        text: Words.optional(),
        required: z.boolean().optional(),
        done: z.boolean().optional(),
        place: z.number().int().min(0).max(1000).optional().openapi({ description: 'from 0' }),
        seen_revision: z.number().int().optional(),
      }),
    ),
  },
  responses: { 200: Points },
})
const remove = route('ticket.answer', {
  method: 'delete',
  path: '/tickets/{number}/checklist/{id}',
  summary: 'Take a point away',
  tags,
  request: { params: PointParams },
  responses: { 200: Points },
})

/** How far a `ticket t` has come, for those who work on it; null where nothing is to be done. */
export const checklistMark = (reader: Reader): RawBuilder<unknown> => sql`
  case when ${ticketWorkable(reader)} then (
    select jsonb_build_object('done', count(k.done_at), 'total', count(*)) from checklist_item k
    where k.ticket_id = t.id and k.removed_at is null having count(*) > 0) end`

async function pointsOf(db: Db, ticketId: string) {
  const { rows } = await sql<z.infer<typeof Point>>`
    select k.id, k.text, k.required, k.done_at, k.revision,
           case when p.id is not null then jsonb_build_object('id', p.id, 'name', p.name) end as done_by
    from checklist_item k left join person p on p.id = k.done_by
    where k.ticket_id = ${ticketId} and k.removed_at is null order by k.position, k.id`.execute(db)
  return { items: rows, next: null }
}

export const checklistRoutes: Resource = (app, { db }) => {
  const findPlace = async (reader: Reader, number: string) => {
    const ticket = await findTicket(db, reader, number)
    demandPlace(ticket)
    return ticket
  }
  app.openapi(list, async (c) => {
    const ticket = await findPlace(c.get('reader'), c.req.valid('param').number)
    return c.json(await pointsOf(db, ticket.id), 200)
  })
  app.openapi(add, async (c) => {
    const reader = c.get('reader')
    const { id: ticketId } = await findPlace(reader, c.req.valid('param').number)
    const input = c.req.valid('json')
    await transact(db, actorOf(reader), (tx) =>
      addPoints(tx, { ticketId, ...('text' in input ? input : { templateId: input.template_id }) }),
    )
    return c.json(await pointsOf(db, ticketId), 200)
  })
  app.openapi(edit, async (c) => {
    const reader = c.get('reader')
    const { number, id } = c.req.valid('param')
    const { id: ticketId } = await findPlace(reader, number)
    const { seen_revision, ...input } = c.req.valid('json')
    if (Object.keys(input).length === 0) throw new DeskError('invalid', 'Say what to change.')
    await transact(db, actorOf(reader), (tx) =>
      editPoint(tx, { ticketId, id, ...input, seenRevision: seen_revision }),
    )
    return c.json(await pointsOf(db, ticketId), 200)
  })
  app.openapi(remove, async (c) => {
    const reader = c.get('reader')
    const { number, id } = c.req.valid('param')
    const { id: ticketId } = await findPlace(reader, number)
    await transact(db, actorOf(reader), (tx) => removePoint(tx, { ticketId, id }))
    return c.json(await pointsOf(db, ticketId), 200)
  })
}
