import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { json, route } from '../../route.ts'
import { type TicketFilter, whereTickets } from './filter.ts'

const Count = z.object({ count: z.number(), capped: z.boolean() })
const VIEWS = ['all_open', 'mine', 'my_teams', 'unassigned', 'at_risk', 'breached', 'p1_p2'] as const
const counts = route('ticket.read', {
  method: 'get',
  path: '/tickets/counts',
  summary: 'Live counts of the usual views; they stop at 1,000',
  tags: ['Tickets'],
  request: {},
  responses: {
    200: json(
      z.object(
        Object.fromEntries(VIEWS.map((view) => [view, Count])) as Record<
          (typeof VIEWS)[number],
          typeof Count
        >,
      ),
      'Counts',
    ),
  },
})

const CAP = 1000

export const countRoutes: Resource = (app, { db }) => {
  app.openapi(counts, async (c) => {
    const reader = c.get('reader')
    const filters: Record<(typeof VIEWS)[number], TicketFilter> = {
      all_open: { state: 'open' },
      mine: { state: 'open', assignee: 'me' },
      my_teams: { state: 'open', team: 'mine' },
      unassigned: { state: 'open', assignee: 'none' },
      at_risk: { sla: 'at_risk' },
      breached: { state: 'open', sla: 'breached' },
      p1_p2: { state: 'open', priority: ['P1', 'P2'] },
    }
    const columns = VIEWS.map(
      (view) =>
        sql`(select count(*) from (select from ticket t where ${whereTickets(filters[view], reader)} limit ${CAP}) x) as ${sql.ref(view)}`,
    )
    const { rows } = await sql<Record<(typeof VIEWS)[number], number>>`select ${sql.join(columns)}`.execute(
      db,
    )
    const found = rows[0]!
    const counted = Object.fromEntries(
      VIEWS.map((view) => [view, { count: found[view], capped: found[view] === CAP }]),
    )
    return c.json(counted as Record<(typeof VIEWS)[number], { count: number; capped: boolean }>, 200)
  })
}
