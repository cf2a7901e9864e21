import { z } from '@hono/zod-openapi'
import type { Resource } from '../../context.ts'
import { json, route } from '../../route.ts'
import { TicketFilter } from './filter.ts'
import { inTime } from './in-time.ts'
import { readFilter } from './names.ts'
import { countAll } from './view-counts.ts'

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

const count = route('ticket.read', {
  method: 'get',
  path: '/tickets/count',
  summary: 'How many tickets a filter finds; it stops at 1,000',
  tags: ['Tickets'],
  request: { query: TicketFilter },
  responses: { 200: json(Count, 'Count') },
})

const USUAL: Record<(typeof VIEWS)[number], TicketFilter> = {
  all_open: { state: 'open' },
  mine: { state: 'open', assignee: ['me'] },
  my_teams: { state: 'open', team: ['mine'] },
  unassigned: { state: 'open', assignee: ['none'] },
  at_risk: { sla: 'at_risk' },
  breached: { state: 'open', sla: 'breached' },
  p1_p2: { state: 'open', priority: ['P1', 'P2'] },
}

export const countRoutes: Resource = (app, { db }) => {
  app.openapi(counts, async (c) => {
    const counted = await countAll(db, c.get('reader'), USUAL)
    return c.json(counted as Record<(typeof VIEWS)[number], { count: number; capped: boolean }>, 200)
  })
  app.openapi(count, async (c) => {
    const reader = c.get('reader')
    const { filter } = await readFilter(db, c.req.valid('query'))
    if (!filter) return c.json({ count: 0, capped: false }, 200)
    const { found } = await inTime(db, (tx) => countAll(tx, reader, { found: filter }))
    return c.json(found!, 200)
  })
}
