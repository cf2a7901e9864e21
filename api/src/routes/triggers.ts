import { z } from '@hono/zod-openapi'
import { checkOpenTickets, checkTrigger, ticketVisible, TRIGGER_FACTS, TRIGGER_VERBS } from '@tocsin/desk'
import type { Resource } from '../context.ts'
import { body, Instant, json, page, route } from '../route.ts'

const tags = ['Automation']
const SHOWN = 5
const MOST = 200

const facts = route('rule.read', {
  method: 'get',
  path: '/triggers/facts',
  summary: 'What a condition of a webhook or of an automation rule may name, with its type',
  tags,
  request: {},
  responses: { 200: json(page(z.object({ name: z.string(), type: z.string() })), 'Facts') },
})
const check = route('rule.read', {
  method: 'post',
  path: '/triggers/check',
  summary:
    'Whether a condition holds over the latest lines of tickets that I may see, or over those that are open',
  tags,
  request: {
    body: body(
      z.strictObject({
        when: z.string().max(4_000),
        verbs: z.array(z.enum(TRIGGER_VERBS)).max(TRIGGER_VERBS.length).default([]),
        over: z.enum(['lines', 'open']).default('lines').openapi({
          description: 'open: tickets as they are now, as rules on a schedule and before a date see them',
        }),
        last: z.int().min(1).max(MOST).default(MOST),
      }),
    ),
  },
  responses: {
    200: json(
      z
        .object({
          error: z.string().nullable().openapi({ description: 'why the condition cannot be used at all' }),
          checked: z.number(),
          holds: z.number(),
          /** The first few that it holds for, then of the others. */
          examples: z.array(
            z.object({
              verb: z.string(),
              at: Instant,
              ticket: z.object({ number: z.string(), title: z.string() }),
              holds: z.boolean(),
              error: z.string().nullable(),
            }),
          ),
        })
        .openapi('TriggerCheck'),
      'What it gives',
    ),
  },
})

export const triggerRoutes: Resource = (app, { db }) => {
  app.openapi(facts, (c) => {
    const items = Object.entries(TRIGGER_FACTS).map(([name, type]) => ({ name, type }))
    return c.json({ items, next: null }, 200)
  })
  app.openapi(check, async (c) => {
    const { when, verbs, over, last } = c.req.valid('json')
    const where = ticketVisible(c.get('reader'))
    const { error, results } =
      over === 'open'
        ? await checkOpenTickets(db, when, { last, where })
        : await checkTrigger(db, when, { verbs, last, where })
    const holding = results.filter(({ holds }) => holds)
    const others = results.filter(({ holds }) => !holds)
    const examples = [...holding, ...others]
      .slice(0, SHOWN)
      .map((one) => ({ ...one, at: one.at.toISOString() }))
    return c.json({ error, checked: results.length, holds: holding.length, examples }, 200)
  })
}
