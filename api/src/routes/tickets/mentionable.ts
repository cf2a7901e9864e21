import { z } from '@hono/zod-openapi'
import { seenBy, workedBy } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { Id, json, page, route } from '../../route.ts'
import { findTicket } from './find.ts'
import { NumberParams } from './schema.ts'
import { demandPlace } from './verb.ts'

const MOST = 8
const mentionable = route('ticket.answer', {
  method: 'get',
  path: '/tickets/{number}/mentionable',
  summary:
    'People to mention, by name: first those who may read it, then colleagues who may not and would not be told',
  tags: ['Tickets'],
  request: {
    params: NumberParams,
    query: z.object({ q: z.string().max(100).default(''), in: z.enum(['reply', 'note']).default('note') }),
  },
  responses: {
    200: json(
      page(
        z.object({
          id: Id,
          name: z.string(),
          reads: z.boolean().openapi({ description: 'may read it, and so is told' }),
        }),
      ),
      'People',
    ),
  },
})

export const mentionableRoutes: Resource = (app, { db }) => {
  app.openapi(mentionable, async (c) => {
    const reader = c.get('reader')
    const ticket = await findTicket(db, reader, c.req.valid('param').number)
    demandPlace(ticket)
    const { q, in: kind } = c.req.valid('query')
    const words = q.trim()
    const folded = sql`fold_text(${words})`
    // Those at the desk, and whom the ticket names: an employee who has nothing to do with it is nobody to ask.
    const { rows } = await sql<{ id: string; name: string; reads: boolean }>`
      select * from (
        select p.id, p.name, ${seenBy} and (${kind === 'reply'} or ${workedBy}) as reads
        from ticket t cross join lateral (
          select g.person_id as id from role_grant g union select t.requester_id union select t.reporter_id
          union select w.person_id from watcher w where w.ticket_id = t.id) asked join person p on p.id = asked.id
        where t.id = ${ticket.id} and p.archived_at is null and p.id <> ${reader.person.id}
          and (starts_with(p.folded_name, ${folded}) or strpos(p.folded_name, ' ' || ${folded}) > 0)) found
      where reads or ${words.length >= 2}
      order by reads desc, name, id limit ${MOST}`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
}
