import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { explainSla, readSla, type Reader, type Target } from '@tocsin/desk'
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
  team_id: Id.nullable(),
  kind: z
    .enum([
      'queue',
      'hands-on',
      'requester',
      'vendor',
      'change',
      'other',
      'elsewhere',
      'closed-hours',
      'ended',
    ])
    .openapi({ description: 'whose time it was' }),
  counts: z.boolean().openapi({ description: 'part of the elapsed time' }),
  why: z
    .enum(['working', 'outside-hours', 'holiday', 'pending', 'paused', 'elsewhere', 'ended'])
    .openapi({ description: 'paused: in a state that the policy names' }),
  holiday: z.string().optional(),
})
const Clock = Sla.extend({
  started_at: Instant,
  set_at: Instant.nullable().openapi({
    description:
      'when this target was set: at the beginning, or by the last change of priority, policy or calendar; null where that was not kept. A breach is never dated before it',
  }),
  stopped_at: Instant.nullable(),
  policy: z
    .object({ id: Id, name: z.string(), version: z.number() })
    .nullable()
    .openapi({ description: 'null, like the calendar, for an imported outcome' }),
  calendar: z.object({ id: Id, name: z.string(), version: z.number(), zone: z.string() }).nullable(),
  missed: z.number().openapi({ description: 'earlier periods of news that ended late' }),
  marks: z.array(
    z.object({
      percent: z.number(),
      due_at: Instant.nullable(),
      reached_at: Instant.nullable(),
      told: z
        .array(
          z.object({
            at: Instant,
            decided_at: Instant.nullable(),
            outcome: z
              .object({
                paged: z.boolean().optional(),
                told: z.number().optional(),
                reason: z.string().optional(),
              })
              .nullable(),
          }),
        )
        .openapi({ description: 'each time that this mark asked for somebody' }),
    }),
  ),
  why: z
    .object({
      rule: z.literal('first-policy-by-position'),
      priority: z.string(),
      policy_version: Id,
      calendar_version: Id,
      passed: z
        .number()
        .nullable()
        .openapi({ description: 'policies asked before that did not cover the ticket; null: not kept then' }),
      matched: z
        .array(z.object({ by: z.string(), value: z.string(), name: z.string().nullable() }))
        .openapi({ description: 'the conditions of the policy, and what met them' }),
    })
    .nullable()
    .openapi({ description: 'null for an imported outcome' }),
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

const named = (target: Target) =>
  (target.startsWith('ola:') ? 'ola' : target) as z.infer<typeof Sla>['target']

/** The clocks of tickets as a line of the queue shows them, by ticket id; what teams owe each other, to the desk. */
export async function clocksOf(
  db: Db,
  reader: Reader,
  ticketIds: string[],
): Promise<Map<string, z.infer<typeof Sla>[]>> {
  const readings = await readSla(db, ticketIds)
  const ofTheDesk = reader.administrator || reader.teams.length > 0
  return new Map(
    [...readings].map(([id, clocks]) => [
      id,
      clocks
        .filter(({ team }) => ofTheDesk || team === null)
        .map(
          ({ target, team, state, due_at, elapsed_ms, target_ms, remaining_ms, imported, breached_at }) => ({
            target: named(target),
            team,
            state,
            due_at: iso(due_at),
            elapsed_ms,
            target_ms,
            remaining_ms,
            imported,
            breached_at: iso(breached_at),
          }),
        ),
    ]),
  )
}

export const slaRoutes: Resource = (app, { db }) => {
  app.openapi(explain, async (c) => {
    const ticket = await findTicket(db, c.get('reader'), c.req.valid('param').number)
    const clocks = await explainSla(db, ticket.id)
    const items = clocks.map((clock) => ({
      ...clock,
      target: named(clock.target),
      marks: clock.marks.map(({ target: _target, ...mark }) => ({
        ...mark,
        due_at: iso(mark.due_at),
        reached_at: iso(mark.reached_at),
        told: mark.told.map((one) => ({ ...one, at: one.at.toISOString(), decided_at: iso(one.decided_at) })),
      })),
      due_at: iso(clock.due_at),
      started_at: clock.started_at.toISOString(),
      set_at: iso(clock.set_at),
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
