import { z } from '@hono/zod-openapi'
import {
  actorOf,
  checkCondition,
  checkRouting,
  previewRouting,
  publishRouting,
  readRouted,
  ROUTING,
  ROUTING_FACTS,
  RoutingBody,
  RoutingRule,
  ticketVisible,
  transact,
} from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { body, Id, Instant, json, page, Paging, route } from '../../route.ts'
import { Author, Note, Version, VersionParams } from '../rules/schema.ts'
import { readPublished, readVersionPage } from '../rules/versions.ts'

const tags = ['Routing']
const MOST = 200
const SHOWN = 5

const Named = z.object({ id: Id, name: z.string() })
const RoutingSet = z
  .object({
    version: z.number(),
    rules: z.array(RoutingRule),
    note: z.string().nullable(),
    author: Author,
    published_at: Instant.nullable(),
  })
  .openapi('RoutingSet')
const Routed = z.object({ number: z.string(), title: z.string(), team: Named.nullable() })
const Last = z.int().min(1).max(MOST).default(MOST)

const get = route('rule.read', {
  method: 'get',
  path: '/routing-rules',
  summary: 'The routing rules in force, in their order, and how many tickets each routed in the last 30 days',
  tags,
  request: {},
  responses: {
    200: json(
      RoutingSet.extend({ use: z.array(z.object({ rule: z.string(), routed: z.number() })) }),
      'The rules',
    ),
  },
})
const versions = route('rule.read', {
  method: 'get',
  path: '/routing-rules/versions',
  summary: 'Every version of the routing rules, the newest first',
  tags,
  request: { query: Paging },
  responses: { 200: json(page(Version), 'Versions') },
})
const version = route('rule.read', {
  method: 'get',
  path: '/routing-rules/versions/{version}',
  summary: 'The routing rules of one version',
  tags,
  request: { params: VersionParams },
  responses: { 200: json(RoutingSet, 'The rules') },
})
const facts = route('rule.read', {
  method: 'get',
  path: '/routing-rules/facts',
  summary: 'What a routing condition may name, with its type',
  tags,
  request: {},
  responses: { 200: json(page(z.object({ name: z.string(), type: z.string() })), 'Facts') },
})
const publish = route('rule.edit', {
  method: 'put',
  path: '/routing-rules',
  summary:
    'Publish routing rules, in force at once; 409 with the rules in force where `base` is no longer the latest',
  tags,
  request: { body: body(RoutingBody.extend({ base: z.int().min(1), note: Note })) },
  responses: { 200: json(z.object({ version: z.number() }), 'Published') },
})
const check = route('rule.read', {
  method: 'post',
  path: '/routing-rules/check',
  summary: 'Whether a condition holds over the latest tickets that I may see',
  tags,
  request: { body: body(z.strictObject({ when: z.string().max(4_000), last: Last })) },
  responses: {
    200: json(
      z
        .object({
          error: z.string().nullable().openapi({ description: 'why the condition cannot be used at all' }),
          checked: z.number(),
          holds: z.number(),
          /** The first few that it holds for, then of the others. */
          examples: z.array(z.object({ ticket: Routed, holds: z.boolean(), error: z.string().nullable() })),
        })
        .openapi('RoutingCheck'),
      'What it gives',
    ),
  },
})
const preview = route('rule.read', {
  method: 'post',
  path: '/routing-rules/preview',
  summary: 'Where the latest tickets that I may see would have gone under these rules; nothing is changed',
  tags,
  request: { body: body(RoutingBody.extend({ last: Last })) },
  responses: {
    200: json(
      z
        .object({
          checked: z.number(),
          /** By rule, in their order: how many it would have decided. */
          rules: z.array(z.object({ rule: Id, routed: z.number() })),
          unrouted: z.number().openapi({ description: 'no rule holds: the team of the service, or none' }),
          moved: z.number().openapi({ description: 'would have gone to another team than they lie in now' }),
          items: z.array(
            z.object({
              ticket: Routed,
              rule: z.object({ id: Id, name: z.string(), place: z.number() }).nullable(),
              team: Named.nullable(),
              matched: z.record(z.string(), z.string()),
            }),
          ),
        })
        .openapi('RoutingPreview'),
      'What would have been',
    ),
  },
})

export const routingRoutes: Resource = (app, { db }) => {
  app.openapi(get, async (c) =>
    c.json({ ...(await readPublished(db, ROUTING)), use: await readRouted(db) }, 200),
  )
  app.openapi(versions, async (c) => c.json(await readVersionPage(db, ROUTING, c.req.valid('query')), 200))
  app.openapi(version, async (c) =>
    c.json(await readPublished(db, ROUTING, c.req.valid('param').version), 200),
  )
  app.openapi(facts, (c) => {
    const items = Object.entries(ROUTING_FACTS).map(([name, type]) => ({ name, type }))
    return c.json({ items, next: null }, 200)
  })
  app.openapi(publish, async (c) => {
    const published = await transact(db, actorOf(c.get('reader')), (tx) =>
      publishRouting(tx, c.req.valid('json')),
    )
    return c.json({ version: published }, 200)
  })
  app.openapi(check, async (c) => {
    const { when, last } = c.req.valid('json')
    const over = { where: ticketVisible(c.get('reader')), limit: last }
    const { error, results } = await checkCondition(db, when, over)
    const holding = results.filter(({ holds }) => holds)
    const others = results.filter(({ holds }) => !holds)
    const examples = [...holding, ...others].slice(0, SHOWN)
    return c.json({ error, checked: results.length, holds: holding.length, examples }, 200)
  })
  app.openapi(preview, async (c) => {
    const { last, ...rules } = c.req.valid('json')
    await checkRouting(db, rules)
    const items = await previewRouting(db, rules, { where: ticketVisible(c.get('reader')), limit: last })
    const count = (holds: (item: (typeof items)[number]) => boolean) => items.filter(holds).length
    return c.json(
      {
        checked: items.length,
        rules: rules.rules.map(({ id }) => ({ rule: id, routed: count(({ rule }) => rule?.id === id) })),
        unrouted: count(({ rule }) => rule === null),
        moved: count(({ team, ticket }) => team !== null && team.id !== ticket.team?.id),
        items,
      },
      200,
    )
  })
}
