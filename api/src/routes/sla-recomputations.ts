import { z } from '@hono/zod-openapi'
import { actorOf, recentRecomputations, requestRecomputation, transact } from '@tocsin/desk'
import type { Resource } from '../context.ts'
import { Id, Instant, json, page, route } from '../route.ts'

const Recomputation = z
  .object({
    id: Id,
    cause: z.object({
      kind: z.enum([
        'calendar',
        'sla_policy',
        'person',
        'import',
        'people_group',
        'requester',
        'organisation',
        'category',
      ]),
      id: Id,
      name: z.string().nullable(),
      version: z.number().optional(),
    }),
    author: z.object({ id: Id, name: z.string() }).nullable(),
    due_at: Instant.openapi({ description: 'later than now where the new terms hold only then' }),
    started_at: Instant.nullable(),
    finished_at: Instant.nullable(),
    total: z
      .number()
      .nullable()
      .openapi({ description: 'open tickets that it concerns; null before it starts' }),
    done: z.number(),
    changed: z.number().openapi({ description: 'tickets whose clocks were set anew' }),
  })
  .openapi('SlaRecomputation')

const tags = ['SLA']
const list = route('calendar.read', {
  method: 'get',
  path: '/sla-recomputations',
  summary: 'How far the latest recomputations of open tickets have come, newest first',
  tags,
  request: {},
  responses: { 200: json(page(Recomputation), 'Recomputations') },
})
const create = route('calendar.edit', {
  method: 'post',
  path: '/sla-recomputations',
  summary: 'Compute the clocks of every open ticket again, by the policies and calendars in force',
  tags,
  request: {},
  responses: { 202: json(z.object({ id: Id }), 'Under way in the background') },
})

const iso = (instant: Date | null) => instant?.toISOString() ?? null

export const slaRecomputationRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const items = (await recentRecomputations(db, c.get('reader').person.locale)).map((one) => ({
      ...one,
      due_at: one.due_at.toISOString(),
      started_at: iso(one.started_at),
      finished_at: iso(one.finished_at),
    }))
    return c.json({ items, next: null }, 200)
  })
  app.openapi(create, async (c) => {
    const reader = c.get('reader')
    const id = await transact(db, actorOf(reader), (tx) =>
      requestRecomputation(tx, { kind: 'person', id: reader.person.id }),
    )
    return c.json({ id }, 202)
  })
}
