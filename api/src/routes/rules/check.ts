import { z } from '@hono/zod-openapi'
import { alertVisible, DeskError, FACT_TYPES, GivenFacts, readSpecimens, tryRule } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Id, json, page, route } from '../../route.ts'

const tags = ['Rules']
const MOST = 200
const SHOWN = 5

const Asked = z.strictObject({
  /** CEL; a rule's `when`. */
  when: z.string().max(4_000),
  group_by: z.array(z.string().max(120)).max(8).default([]),
  alert_id: Id.optional(),
  facts: GivenFacts.optional(),
  last: z.int().min(1).max(MOST).optional().openapi({ description: 'over so many of the latest alerts' }),
})
const Answer = z
  .object({
    error: z.string().nullable().openapi({ description: 'why the condition cannot be used at all' }),
    checked: z.number(),
    holds: z.number(),
    groups: z.number().openapi({ description: 'how many tickets those that it holds for would share' }),
    /** The first few that it holds for, then of the others. */
    examples: z.array(
      z.object({
        alert: z.object({ id: Id, title: z.string() }).nullable(),
        holds: z.boolean(),
        group: z.record(z.string(), z.string()),
        group_key: z.string().nullable(),
        error: z.string().nullable(),
      }),
    ),
  })
  .openapi('RuleCheck')

const check = route('rule.read', {
  method: 'post',
  path: '/rules/check',
  summary: 'Whether a condition holds: over an alert, over facts, or over the latest alerts',
  tags,
  request: { body: body(Asked) },
  responses: { 200: json(Answer, 'What it gives') },
})
const facts = route('rule.read', {
  method: 'get',
  path: '/rules/facts',
  summary: 'What a condition may name, with its type, and the labels that the latest alerts bring',
  tags,
  request: {},
  responses: {
    200: json(
      page(z.object({ name: z.string(), type: z.string() })).extend({ labels: z.array(z.string()) }),
      'Facts',
    ),
  },
})

export const checkRoutes: Resource = (app, { db }) => {
  app.openapi(check, async (c) => {
    const { when, group_by: groupBy, alert_id, facts: given, last } = c.req.valid('json')
    if ([alert_id, given, last].filter((one) => one !== undefined).length !== 1)
      throw new DeskError('invalid', 'Give one of `alert_id`, `facts` and `last`.', {
        errors: [{ path: 'alert_id', message: 'or `facts`, or `last`: one of them' }],
      })
    const visible = alertVisible(c.get('reader'))
    const where = alert_id ? sql<boolean>`a.id = ${alert_id} and ${visible}` : visible
    const specimens = given ? [] : await readSpecimens(db, where, last ?? 1)
    if (alert_id && specimens.length === 0) throw new DeskError('not_found', 'There is no such alert.')
    const { error, results } = tryRule({ when, groupBy }, given ? [given] : specimens.map((one) => one.facts))
    const told = results.map(({ group, ...result }, index) => {
      const alert = specimens[index]
      return {
        ...result,
        alert: alert ? { id: alert.id, title: alert.title } : null,
        group,
        group_key: result.holds ? JSON.stringify(Object.values(group)) : null,
      }
    })
    const holding = told.filter(({ holds }) => holds)
    const others = told.filter(({ holds }) => !holds)
    return c.json(
      {
        error,
        checked: told.length,
        holds: holding.length,
        groups: new Set(holding.map(({ group_key }) => group_key)).size,
        examples: [...holding, ...others].slice(0, SHOWN),
      },
      200,
    )
  })

  app.openapi(facts, async (c) => {
    const { rows } = await sql<{ label: string }>`
      select distinct label from (
        select labels from alert a where ${alertVisible(c.get('reader'))} order by a.seen_at desc limit ${MOST}) a,
        jsonb_object_keys(a.labels) label order by label limit 200`.execute(db)
    const items = Object.entries(FACT_TYPES).map(([name, type]) => ({ name, type }))
    return c.json({ items, next: null, labels: rows.map(({ label }) => label) }, 200)
  })
}
