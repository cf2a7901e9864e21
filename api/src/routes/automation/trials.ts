import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  actorOf,
  askTrial,
  AutomationBody,
  found,
  type Reader,
  ticketVisible,
  transact,
  type TrialCount,
} from '@tocsin/desk'
import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { body, Id, IdParams, Instant, json, page, Paging, route } from '../../route.ts'

const tags = ['Automation']
const Trial = z
  .object({
    id: Id,
    from: Instant,
    to: Instant,
    state: z.enum(['running', 'done', 'failed']),
    total: z.number().openapi({ description: 'lines of the period to look at' }),
    done: z.number(),
    rules: z.array(
      z.object({
        rule: Id,
        name: z.string(),
        place: z.number(),
        fired: z.number(),
        cut: z.number(),
        times: z
          .number()
          .nullable()
          .openapi({ description: 'how often its schedule would have come; else null' }),
        tried: z
          .number()
          .nullable()
          .openapi({ description: 'how many of these times were tried, the latest first' }),
        actions: z.array(z.string()).openapi({ description: 'what it would have done each time' }),
      }),
    ),
    created_at: Instant,
    ended_at: Instant.nullable(),
  })
  .openapi('AutomationTrial')
const Hit = z
  .object({
    rule: Id,
    place: z.number(),
    ticket: z.object({ number: z.string(), title: z.string() }),
    at: Instant,
    verb: z.string(),
    cut: z.string().nullable(),
    matched: z.record(z.string(), z.string()),
  })
  .openapi('AutomationTrialHit')

const ask = route('automation.edit', {
  method: 'post',
  path: '/automation-rules/trials',
  summary: 'Try rules on a period of the past, 92 days at most; nothing is touched',
  description:
    'Each line is decided as it would be now, with the ticket as it stood. What would have followed from the effects of a rule is not known. Of a schedule the latest times are tried, 5,000 tickets in all; dates are those that tickets have now. 10,000 hits are listed, all are counted.',
  tags,
  request: { body: body(AutomationBody.extend({ from: Instant, to: Instant })) },
  responses: { 202: json(z.object({ id: Id }), 'Under way') },
})
const get = route('automation.edit', {
  method: 'get',
  path: '/automation-rules/trials/{id}',
  summary: 'How far a trial has come, and how often each rule would have acted',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Trial, 'The trial') },
})
const hits = route('automation.edit', {
  method: 'get',
  path: '/automation-rules/trials/{id}/hits',
  summary: 'On what rules would have acted, the earliest first; `format=csv` for a spreadsheet',
  tags,
  request: {
    params: IdParams,
    query: Paging.extend({ rule: Id.optional(), format: z.enum(['json', 'csv']).default('json') }),
  },
  responses: {
    200: {
      description: 'Hits',
      content: { 'application/json': { schema: page(Hit) }, 'text/csv': { schema: z.string() } },
    },
  },
})
interface TrialRow extends Omit<z.infer<typeof Trial>, 'rules'> {
  body: AutomationBody
  counts: Record<string, TrialCount>
}

async function readTrial(db: Db, id: string): Promise<TrialRow> {
  const { rows } = await sql<TrialRow>`
    select id, from_at as from, to_at as to, state, total, done, body, counts, created_at, ended_at
    from automation_trial where id = ${id}`.execute(db)
  return found(rows[0], 'trial')
}

type HitRow = z.infer<typeof Hit> & { occasion: string }

const readHits = (db: Db, reader: Reader, id: string, more: ReturnType<typeof sql>, limit: number) =>
  sql<HitRow>`
    select h.rule, h.place, h.at, h.verb, h.cut, h.matched, h.occasion,
      jsonb_build_object('number', t.number, 'title', t.title) as ticket
    from automation_trial_hit h join ticket t on t.id = h.ticket_id
    where h.trial_id = ${id} and ${ticketVisible(reader)} ${more} order by h.at, h.occasion, h.rule limit ${limit}`.execute(
    db,
  )

const MOST_LISTED = 10_000

function csvOf(rows: HitRow[], { rules }: AutomationBody): string {
  const names = new Map(rules.map(({ id, name }) => [id, name]))
  const lines = rows.map(({ at, ticket, rule, verb, cut, matched }) => ({
    at: new Date(at).toISOString(),
    ticket: ticket.number,
    title: ticket.title,
    rule: names.get(rule) ?? rule,
    verb,
    cut,
    matched: Object.entries(matched)
      .map(([name, value]) => `${name}: ${value}`)
      .join('; '),
  }))
  return stringify(lines, { header: true, columns: [...COLUMNS], bom: true, escape_formulas: true })
}
const COLUMNS = ['at', 'ticket', 'title', 'rule', 'verb', 'cut', 'matched'] as const

export const trialRoutes: Resource = (app, { db }) => {
  app.openapi(ask, async (c) => {
    const { from, to, rules } = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), (tx) =>
      askTrial(tx, { rules, from: new Date(from), to: new Date(to) }),
    )
    return c.json({ id }, 202)
  })
  app.openapi(get, async (c) => {
    const { body: tried, counts, ...trial } = await readTrial(db, c.req.valid('param').id)
    const rules = tried.rules.map(({ id, name, actions }, index) => ({
      rule: id,
      name,
      place: index + 1,
      fired: counts[id]?.fired ?? 0,
      cut: counts[id]?.cut ?? 0,
      times: counts[id]?.times ?? null,
      tried: counts[id]?.tried ?? null,
      actions: actions.map((action) => action.do),
    }))
    return c.json({ ...trial, rules }, 200)
  })
  app.openapi(hits, async (c) => {
    const { id } = c.req.valid('param')
    const { cursor, limit, rule, format } = c.req.valid('query')
    const { body: tried } = await readTrial(db, id)
    if (format === 'csv') {
      const { rows } = await readHits(
        db,
        c.get('reader'),
        id,
        rule ? sql`and h.rule = ${rule}` : sql``,
        MOST_LISTED,
      )
      return c.body(csvOf(rows, tried), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="trial.csv"',
      })
    }
    const [at, occasion, of] = cursor ? decodeCursor(cursor, 3) : []
    const { rows } = await readHits(
      db,
      c.get('reader'),
      id,
      sql`${rule ? sql`and h.rule = ${rule}` : sql``}
        ${cursor ? sql`and (h.at, h.occasion, h.rule) > (${at}::timestamptz, ${occasion}, ${of}::uuid)` : sql``}`,
      limit + 1,
    )
    const last = rows.length > limit ? rows[limit - 1] : undefined
    const items = rows.slice(0, limit).map(({ occasion: _of, ...hit }) => hit)
    const next = last ? encodeCursor([new Date(last.at).toISOString(), last.occasion, last.rule]) : null
    return c.json({ items, next }, 200)
  })
}
