import { z } from '@hono/zod-openapi'
import { findSimilar, type Likeness, type Reader } from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { Id, Instant, json, page, route } from '../../route.ts'
import { findTicket } from './find.ts'
import { Kind, NumberParams, Priority, State } from './schema.ts'
import { demandPlace } from './verb.ts'

const Similar = z
  .object({
    number: z.string(),
    kind: Kind,
    title: z.string(),
    state: State,
    priority: Priority,
    created_at: Instant,
    resolved_at: Instant.nullable(),
    resolution_code: z.string().nullable(),
    why: z
      .object({
        symptom: z.boolean(),
        ci: z.boolean(),
        service: z.boolean(),
        category: z.boolean(),
        words: z.array(z.string()),
      })
      .openapi({ description: 'what the two have in common' }),
    solution: z
      .object({
        kind: z.enum(['reply', 'note']),
        author: z.string().nullable(),
        at: Instant,
        text: z.string(),
      })
      .nullable()
      .openapi({ description: 'the last word of the desk before it was solved' }),
  })
  .openapi('SimilarTicket')
const Answer = json(page(Similar), 'The likest first, six at most')

const tags = ['Tickets']
const beside = route('ticket.answer', {
  method: 'get',
  path: '/tickets/{number}/similar',
  summary: 'Tickets that I work on and that are like this one, why, and what solved them',
  tags,
  request: { params: NumberParams },
  responses: { 200: Answer },
})
const before = route('ticket.answer', {
  method: 'get',
  path: '/similar-tickets',
  summary: 'The same for one that is being written',
  tags,
  request: {
    query: z.object({
      title: z.string().trim().min(3).max(500),
      service_id: Id.optional(),
      ci_id: Id.optional(),
      category_id: Id.optional(),
      symptom_key: z.string().max(200).optional(),
    }),
  },
  responses: { 200: Answer },
})

export const similarRoutes: Resource = (app, { db }) => {
  const answer = async (reader: Reader, like: Likeness) => ({
    items: (await findSimilar(db, reader, like)) as unknown as z.infer<typeof Similar>[],
    next: null,
  })

  app.openapi(beside, async (c) => {
    const reader = c.get('reader')
    const ticket = await findTicket(db, reader, c.req.valid('param').number)
    demandPlace(ticket)
    const row = await db
      .selectFrom('ticket')
      .select(['title', 'service_id', 'ci_id', 'category_id', 'symptom_key'])
      .where('id', '=', ticket.id)
      .executeTakeFirstOrThrow()
    const like = {
      id: ticket.id,
      title: row.title,
      serviceId: row.service_id,
      ciId: row.ci_id,
      categoryId: row.category_id,
      symptomKey: row.symptom_key,
    }
    return c.json(await answer(reader, like), 200)
  })
  app.openapi(before, async (c) => {
    const { title, service_id, ci_id, category_id, symptom_key } = c.req.valid('query')
    const like = {
      title,
      serviceId: service_id,
      ciId: ci_id,
      categoryId: category_id,
      symptomKey: symptom_key,
    }
    return c.json(await answer(c.get('reader'), like), 200)
  })
}
