import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  actorOf,
  checkRuleset,
  NO_RULES,
  publishRuleset,
  readRuleset,
  readUse,
  readVersions,
  RulesetBody,
  transact,
} from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { body, json, page, Paging, route } from '../../route.ts'
import { checkRoutes } from './check.ts'
import { Note, Ruleset, RuleUse, Version } from './schema.ts'

const tags = ['Rules']
const get = route('rule.read', {
  method: 'get',
  path: '/rules',
  summary: 'The rules in force, in their order, and what each did in the last 30 days',
  tags,
  request: {},
  responses: { 200: json(Ruleset.extend({ use: z.array(RuleUse) }), 'The rules') },
})
const versions = route('rule.read', {
  method: 'get',
  path: '/rules/versions',
  summary: 'Every version of the rules, the newest first',
  tags,
  request: { query: Paging },
  responses: { 200: json(page(Version), 'Versions') },
})
const version = route('rule.read', {
  method: 'get',
  path: '/rules/versions/{version}',
  summary: 'The rules of one version',
  tags,
  request: { params: z.object({ version: z.coerce.number().int().min(1).max(2_147_483_647) }) },
  responses: { 200: json(Ruleset, 'The rules') },
})
const publish = route('rule.edit', {
  method: 'put',
  path: '/rules',
  summary:
    'Publish rules, in force at once; 409 with the rules in force where `base` is no longer the latest',
  tags,
  request: { body: body(RulesetBody.extend({ base: z.int().min(1), note: Note })) },
  responses: { 200: json(z.object({ version: z.number() }), 'Published') },
})

/** The rules with who published them. */
async function readPublished(db: Db, asked?: number) {
  const set = await readRuleset(db, asked)
  const [about] = await readVersions(db, { before: set.version + 1, limit: 1 })
  const { note, author, published_at } = about!
  return { ...set, note, author, published_at: published_at?.toISOString() ?? null }
}

export const ruleRoutes: Resource = (app, deps) => {
  const { db } = deps
  checkRoutes(app, deps)
  app.openapi(get, async (c) => {
    const set = await readPublished(db)
    const use = await readUse(
      db,
      set.rules.map(({ id }) => id),
    )
    return c.json({ ...set, use }, 200)
  })
  app.openapi(versions, async (c) => {
    const { cursor, limit } = c.req.valid('query')
    const before = cursor ? Number(decodeCursor(cursor, 1)[0]) : undefined
    const rows = await readVersions(db, { before, limit: limit + 1 })
    const items = rows
      .slice(0, limit)
      .map((row) => ({ ...row, published_at: row.published_at?.toISOString() ?? null }))
    const last = items.at(-1)
    const next = last && last.version > NO_RULES.version ? encodeCursor([last.version]) : null
    return c.json({ items, next }, 200)
  })
  app.openapi(version, async (c) => c.json(await readPublished(db, c.req.valid('param').version), 200))
  app.openapi(publish, async (c) => {
    const { base, note, ...rules } = c.req.valid('json')
    const published = await transact(db, actorOf(c.get('reader')), async (tx) => {
      await checkRuleset(tx, rules)
      return publishRuleset(tx, { base, ...(note && { note }), ...rules })
    })
    return c.json({ version: published }, 200)
  })
}
