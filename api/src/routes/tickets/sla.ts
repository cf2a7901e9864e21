import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { explainSla, readSla } from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { Id, Instant, json, route } from '../../route.ts'
import { findTicket } from './find.ts'
import { NumberParams, Priority, Sla, State } from './schema.ts'

const Segment = z.object({
  from: Instant,
  to: Instant,
  state: State,
  pending_reason: z.string().nullable(),
  priority: Priority,
  counts: z.boolean().openapi({ description: 'part of the elapsed time' }),
  why: z.enum(['working', 'outside-hours', 'holiday', 'pending', 'ended']),
  holiday: z.string().optional(),
})
const Clock = Sla.extend({
  started_at: Instant,
  stopped_at: Instant.nullable(),
  policy: z.object({ id: Id, name: z.string(), version: z.number() }),
  calendar: z.object({ id: Id, name: z.string(), version: z.number(), zone: z.string() }),
  why: z.object({
    rule: z.literal('first-policy-by-position'),
    priority: z.string(),
    policy_version: Id,
    calendar_version: Id,
  }),
  segments: z
    .array(Segment)
    .openapi({ description: 'their lengths sum to the wall time, to the millisecond' }),
}).openapi('SlaClock')

const explain = route('ticket.read', {
  method: 'get',
  path: '/tickets/{number}/sla',
  summary: 'The clocks of a ticket: what became of every millisecond, and by which versions',
  tags: ['Tickets'],
  request: { params: NumberParams },
  responses: { 200: json(z.object({ items: z.array(Clock) }), 'Clocks') },
})

const iso = (instant: Date | null) => instant?.toISOString() ?? null

/** The clocks of tickets as a line of the queue shows them, by ticket id. */
export async function clocksOf(db: Db, ticketIds: string[]): Promise<Map<string, z.infer<typeof Sla>[]>> {
  const readings = await readSla(db, ticketIds)
  return new Map(
    [...readings].map(([id, clocks]) => [
      id,
      clocks.map(({ target, state, due_at, elapsed_ms, target_ms, remaining_ms, breached_at }) => ({
        target,
        state,
        due_at: iso(due_at),
        elapsed_ms,
        target_ms,
        remaining_ms,
        breached_at: iso(breached_at),
      })),
    ]),
  )
}

export const slaRoutes: Resource = (app, { db }) => {
  app.openapi(explain, async (c) => {
    const ticket = await findTicket(db, c.get('reader'), c.req.valid('param').number)
    const clocks = await explainSla(db, ticket.id)
    const items = clocks.map((clock) => ({
      ...clock,
      due_at: iso(clock.due_at),
      started_at: clock.started_at.toISOString(),
      stopped_at: iso(clock.stopped_at),
      breached_at: iso(clock.breached_at),
      segments: clock.segments.map((segment) => ({
        ...segment,
        from: segment.from.toISOString(),
        to: segment.to.toISOString(),
      })),
    }))
    return c.json({ items }, 200)
  })
}
