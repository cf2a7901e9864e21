import { z } from '@hono/zod-openapi'
import {
  actorOf,
  AUTOMATION,
  AutomationBody,
  AutomationRule,
  publishAutomation,
  transact,
} from '@tocsin/desk'
import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Id, Instant, json, page, Paging, route } from '../../route.ts'
import { Author, Note, Version, VersionParams } from '../rules/schema.ts'
import { readPublished, readVersionPage } from '../rules/versions.ts'
import { firingRoutes } from './firings.ts'
import { occurrenceRoutes } from './occurrences.ts'
import { trialRoutes } from './trials.ts'

const tags = ['Automation']
const AutomationSet = z
  .object({
    version: z.number(),
    rules: z.array(AutomationRule),
    note: z.string().nullable(),
    author: Author,
    published_at: Instant.nullable(),
  })
  .openapi('AutomationSet')
const RuleUse = z
  .object({
    rule: Id,
    done: z.number().openapi({ description: 'how often it acted in the last 30 days' }),
    failed: z.number(),
    cut: z
      .number()
      .openapi({ description: 'how often it was kept from acting: loops, too many in a row or an hour' }),
    last_at: Instant.nullable(),
  })
  .openapi('AutomationUse')

const Next = z.object({ rule: Id, at: Instant }).openapi('AutomationNext')

const get = route('rule.read', {
  method: 'get',
  path: '/automation-rules',
  summary:
    'The automation rules in force, in their order, what each did in the last 30 days, and when schedules come next',
  tags,
  request: {},
  responses: { 200: json(AutomationSet.extend({ use: z.array(RuleUse), next: z.array(Next) }), 'The rules') },
})
const versions = route('rule.read', {
  method: 'get',
  path: '/automation-rules/versions',
  summary: 'Every version of the automation rules, the newest first',
  tags,
  request: { query: Paging },
  responses: { 200: json(page(Version), 'Versions') },
})
const version = route('rule.read', {
  method: 'get',
  path: '/automation-rules/versions/{version}',
  summary: 'The automation rules of one version',
  tags,
  request: { params: VersionParams },
  responses: { 200: json(AutomationSet, 'The rules') },
})
const publish = route('automation.edit', {
  method: 'put',
  path: '/automation-rules',
  summary:
    'Publish automation rules, in force at once; 409 with the rules in force where `base` is no longer the latest',
  tags,
  request: { body: body(AutomationBody.extend({ base: z.int().min(1), note: Note })) },
  responses: { 200: json(z.object({ version: z.number() }), 'Published') },
})

async function readUse(db: Db) {
  const { rows } = await sql<z.infer<typeof RuleUse>>`
    select rule, count(*) filter (where state = 'done')::int as done, count(*) filter (where state = 'failed')::int as failed,
      count(*) filter (where state = 'cut')::int as cut, max(created_at) filter (where state <> 'cut') as last_at
    from automation_firing where created_at > (select tocsin_now()) - interval '30 days' group by rule`.execute(
    db,
  )
  return rows
}

async function readNext(db: Db) {
  const { rows } = await sql<{ rule: string; at: Date }>`
    select rule, next_at as at from automation_schedule where next_at is not null order by next_at, rule`.execute(
    db,
  )
  return rows.map(({ rule, at }) => ({ rule, at: at.toISOString() }))
}

export const automationRoutes: Resource = (app, deps) => {
  const { db } = deps
  app.openapi(get, async (c) =>
    c.json(
      { ...(await readPublished(db, AUTOMATION)), use: await readUse(db), next: await readNext(db) },
      200,
    ),
  )
  app.openapi(versions, async (c) => c.json(await readVersionPage(db, AUTOMATION, c.req.valid('query')), 200))
  app.openapi(version, async (c) =>
    c.json(await readPublished(db, AUTOMATION, c.req.valid('param').version), 200),
  )
  app.openapi(publish, async (c) => {
    const published = await transact(db, actorOf(c.get('reader')), (tx) =>
      publishAutomation(tx, c.req.valid('json')),
    )
    return c.json({ version: published }, 200)
  })
  firingRoutes(app, deps)
  occurrenceRoutes(app, deps)
  trialRoutes(app, deps)
}
