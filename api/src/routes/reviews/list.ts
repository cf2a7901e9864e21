import { z } from '@hono/zod-openapi'
import { ticketWorkable } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { json, page, Paging, route } from '../../route.ts'
import { at } from '../tickets/details.ts'
import { CALLED, ListedReview } from './schema.ts'

const list = route('ticket.answer', {
  method: 'get',
  path: '/reviews',
  summary: 'Major incidents that are solved, by their review: those without a finished one first of all',
  tags: ['Reviews'],
  request: {
    query: Paging.extend({
      state: z.enum(['owed', 'finished']).default('owed').openapi({
        description:
          'owed: not begun or not finished, whatever waits longest first; finished: the latest first',
      }),
    }),
  },
  responses: { 200: json(page(ListedReview), 'Of the incidents that the reader works on') },
})

// From the side of the majors, of which there are few.
const STATES = {
  owed: {
    where: sql`r.finished_at is null`,
    instant: sql`coalesce(t.resolved_at, t.closed_at)`,
    order: sql`asc`,
    past: sql`>`,
  },
  finished: {
    where: sql`r.finished_at is not null`,
    instant: sql`r.finished_at`,
    order: sql`desc`,
    past: sql`<`,
  },
}

export const reviewListRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const reader = c.get('reader')
    const { cursor, limit, state } = c.req.valid('query')
    const after = cursor ? decodeCursor(cursor, 2) : null
    const { where, instant, order, past } = STATES[state]
    const { rows } = await sql<z.infer<typeof ListedReview> & { id: string; instant: Date }>`
      select t.id, ${instant} as instant, t.number as incident, ${CALLED} as title, t.state as incident_state,
        case when r.ticket_id is null then 'none' when r.finished_at is null then 'draft' else 'finished' end as state,
        to_char(coalesce(t.resolved_at, t.closed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as solved_at,
        ${at('r.finished_at')} as finished_at,
        (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = m.lead_id) as lead
      from major_incident m join ticket t on t.id = m.ticket_id left join review r on r.ticket_id = t.id
      where m.state = 'declared' and t.state in ('resolved', 'closed') and ${where} and ${ticketWorkable(reader)}
        ${after ? sql`and (${instant}, t.id) ${past} (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by ${instant} ${order}, t.id ${order} limit ${limit + 1}`.execute(db)
    const last = rows.length > limit ? rows[limit - 1] : undefined
    const items = rows.slice(0, limit).map(({ id: _id, instant: _instant, ...review }) => review)
    return c.json({ items, next: last ? encodeCursor([last.instant.toISOString(), last.id]) : null }, 200)
  })
}
