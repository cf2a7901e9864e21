import { z } from '@hono/zod-openapi'
import { actorOf, checkRuleset, publishRuleset, readUse, RULES, RulesetBody, transact } from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { body, json, page, Paging, route } from '../../route.ts'
import { checkRoutes } from './check.ts'
import { Note, Ruleset, RuleUse, Version, VersionParams } from './schema.ts'
import { readPublished, readVersionPage } from './versions.ts'

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
  request: { params: VersionParams },
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

export const ruleRoutes: Resource = (app, deps) => {
  const { db } = deps
  checkRoutes(app, deps)
  app.openapi(get, async (c) => {
    const set = await readPublished(db, RULES)
    const use = await readUse(
      db,
      set.rules.map(({ id }) => id),
    )
    return c.json({ ...set, use }, 200)
  })
  app.openapi(versions, async (c) => c.json(await readVersionPage(db, RULES, c.req.valid('query')), 200))
  app.openapi(version, async (c) => c.json(await readPublished(db, RULES, c.req.valid('param').version), 200))
  app.openapi(publish, async (c) => {
    const { base, note, ...rules } = c.req.valid('json')
    const published = await transact(db, actorOf(c.get('reader')), async (tx) => {
      await checkRuleset(tx, rules)
      return publishRuleset(tx, { base, ...(note && { note }), ...rules })
    })
    return c.json({ version: published }, 200)
  })
}
