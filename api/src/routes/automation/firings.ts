import { z } from '@hono/zod-openapi'
import { ticketVisible } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { Id, Instant, json, page, Paging, route } from '../../route.ts'

const State = z.enum(['waiting', 'done', 'failed', 'cut'])
const Firing = z
  .object({
    id: Id,
    rule: z.object({ id: Id, name: z.string().nullable(), version: z.number(), place: z.number() }),
    kind: z.enum(['activity', 'sla', 'unchanged', 'schedule', 'before']),
    of: Instant.nullable().openapi({
      description:
        'since when it was unchanged, the time of the schedule, the date it came before; else null',
    }),
    ticket: z.object({ number: z.string(), title: z.string() }),
    state: State,
    reason: z.string().nullable().openapi({ description: 'loop, depth, rate; refused, internal' }),
    matched: z.record(z.string(), z.string()).openapi({ description: 'what its condition looked at' }),
    outcome: z.array(z.record(z.string(), z.unknown())).openapi({ description: 'one for each action' }),
    depth: z.number().openapi({ description: 'how many rules led to it' }),
    created_at: Instant,
    ended_at: Instant.nullable(),
  })
  .openapi('AutomationFiring')

const list = route('automation.edit', {
  method: 'get',
  path: '/automation-rules/firings',
  summary: 'What rules acted on, the newest first, and what came of it',
  tags: ['Automation'],
  request: {
    query: Paging.extend({
      rule: Id.optional(),
      state: State.optional(),
      ticket: z.string().max(20).optional(),
    }),
  },
  responses: { 200: json(page(Firing), 'Firings') },
})

export const firingRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { cursor, limit, rule, state, ticket } = c.req.valid('query')
    const before = cursor ? String(decodeCursor(cursor, 1)[0]) : undefined
    const { rows } = await sql<z.infer<typeof Firing>>`
      select f.id, f.kind, f.state, f.reason, f.matched, f.outcome, cardinality(f.chain) as depth, f.created_at, f.ended_at,
        case when f.kind in ('unchanged', 'schedule', 'before') then split_part(f.occasion, ' ', 2) end as of,
        jsonb_build_object('id', f.rule, 'version', f.version, 'place', f.place,
          'name', (select v.body #>> array['rules', (f.place - 1)::text, 'name'] from automation_ruleset v where v.version = f.version)) as rule,
        jsonb_build_object('number', t.number, 'title', t.title) as ticket
      from automation_firing f join ticket t on t.id = f.ticket_id
      where ${ticketVisible(c.get('reader'))}
        ${rule ? sql`and f.rule = ${rule}` : sql``}
        ${state ? sql`and f.state = ${state}` : sql``}
        ${ticket ? sql`and f.ticket_id = (select id from ticket where number = ${ticket.toUpperCase()})` : sql``}
        ${before ? sql`and f.id < ${before}::uuid` : sql``}
      order by f.id desc limit ${limit + 1}`.execute(db)
    const items = rows.slice(0, limit)
    return c.json({ items, next: rows.length > limit ? encodeCursor([items.at(-1)!.id]) : null }, 200)
  })
}
