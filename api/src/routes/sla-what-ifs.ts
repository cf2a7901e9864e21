import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { actorOf, askWhatIf, found, transact, type WhatIfCell } from '@tocsin/desk'
import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { body, Id, IdParams, Instant, json, page, Paging, route } from '../route.ts'
import { Targets } from './sla-terms.ts'

const Outcomes = z.object({ met: z.number(), breached: z.number(), open: z.number(), none: z.number() })
const Cell = z.object({
  target: z.enum(['response', 'resolution']),
  priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']),
  team: z.object({ id: Id, name: z.string() }).nullable(),
  was: Outcomes.openapi({ description: 'as recorded' }),
  becomes: Outcomes.openapi({ description: 'as they would have ended' }),
})
const WhatIf = z
  .object({
    id: Id,
    policy: z.object({ id: Id, name: z.string() }),
    calendar: z
      .object({ id: Id, name: z.string() })
      .nullable()
      .openapi({ description: 'assumed; null: its own' }),
    targets: Targets.nullable().openapi({ description: 'assumed; null: its own' }),
    from: Instant,
    to: Instant,
    state: z.enum(['running', 'done']),
    total: z.number(),
    done: z.number(),
    differing: z.number(),
    listed: z.number().openapi({ description: 'how many of them are listed' }),
    cells: z.array(Cell),
    author: z.object({ id: Id, name: z.string() }).nullable(),
    created_at: Instant,
  })
  .openapi('SlaWhatIf')
const Row = z.object({
  number: z.string(),
  title: z.string(),
  priority: z.string(),
  team: z.string().nullable(),
  target: z.string(),
  was: z.string(),
  becomes: z.string(),
  elapsed_ms: z.number(),
  target_ms: z.number(),
})

const tags = ['SLA']
const list = route('calendar.edit', {
  method: 'get',
  path: '/sla-what-ifs',
  summary: 'What was asked of the past, the newest first',
  tags,
  request: {},
  responses: { 200: json(page(WhatIf), 'Questions') },
})
const get = route('calendar.edit', {
  method: 'get',
  path: '/sla-what-ifs/{id}',
  summary: 'How the promises of a period would have ended under other terms',
  tags,
  request: { params: IdParams },
  responses: { 200: json(WhatIf, 'The answer, as far as it has come') },
})
const ask = route('calendar.edit', {
  method: 'post',
  path: '/sla-what-ifs',
  summary:
    'Ask how the promises of a period would have ended; computed in the background, nothing else is touched',
  tags,
  request: {
    body: body(
      z.strictObject({
        policy_id: Id,
        calendar_id: Id.nullish(),
        targets: Targets.nullish(),
        from: Instant,
        to: Instant,
      }),
    ),
  },
  responses: { 202: json(z.object({ id: Id }), 'Under way') },
})
const tickets = route('calendar.edit', {
  method: 'get',
  path: '/sla-what-ifs/{id}/tickets',
  summary: 'Tickets that would have ended otherwise; `format=csv` for a spreadsheet',
  tags,
  request: { params: IdParams, query: Paging.extend({ format: z.enum(['json', 'csv']).default('json') }) },
  responses: {
    200: {
      description: 'Tickets',
      content: { 'application/json': { schema: page(Row) }, 'text/csv': { schema: z.string() } },
    },
  },
})

type Stored = Omit<z.infer<typeof WhatIf>, 'cells'> & { cells: WhatIfCell[] }

async function readWhatIfs(db: Db, id?: string): Promise<z.infer<typeof WhatIf>[]> {
  const { rows } = await sql<Stored>`
    select w.id, jsonb_build_object('id', p.id, 'name', p.name) as policy,
      case when c.id is not null then jsonb_build_object('id', c.id, 'name', c.name) end as calendar,
      w.terms -> 'targets' as targets, w.opened_from as "from", w.opened_to as "to", w.state, w.total, w.done,
      coalesce((w.report ->> 'differing')::int, 0) as differing, coalesce((w.report ->> 'listed')::int, 0) as listed,
      coalesce(w.report -> 'cells', '[]') as cells,
      case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.name) end as author, w.created_at
    from sla_what_if w join sla_policy p on p.id = w.policy_id
    left join calendar c on c.id = (w.terms ->> 'calendar_id')::uuid left join person a on a.id = w.author_id
    where ${id ? sql`w.id = ${id}` : sql`true`} order by w.created_at desc, w.id desc limit 50`.execute(db)
  const teams = new Map(
    (await db.selectFrom('team').select(['id', 'name']).execute()).map((team) => [team.id, team]),
  )
  return rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell) => ({
      ...cell,
      team: cell.team === null ? null : (teams.get(cell.team) ?? null),
    })),
  }))
}

async function readTickets(db: Db, id: string, { after, limit }: { after: string[]; limit: number }) {
  const { rows } = await sql<z.infer<typeof Row> & { id: string }>`
    select w.ticket_id as id, t.number, t.title, t.priority, m.name as team, w.target, w.was, w.becomes, w.elapsed_ms, w.target_ms
    from sla_what_if_ticket w join ticket t on t.id = w.ticket_id left join team m on m.id = t.team_id
    where w.what_if_id = ${id} and (w.ticket_id, w.target) > (${after[0]}::uuid, ${after[1]})
    order by w.ticket_id, w.target limit ${limit}`.execute(db)
  return rows
}

const FIRST = ['00000000-0000-0000-0000-000000000000', '']
const COLUMNS = [
  'number',
  'title',
  'priority',
  'team',
  'target',
  'was',
  'becomes',
  'elapsed_ms',
  'target_ms',
] as const

export const slaWhatIfRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => c.json({ items: await readWhatIfs(db), next: null }, 200))
  app.openapi(get, async (c) =>
    c.json(found((await readWhatIfs(db, c.req.valid('param').id))[0], 'question'), 200),
  )
  app.openapi(ask, async (c) => {
    const { policy_id, calendar_id, targets: assumed, from, to } = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), (tx) =>
      askWhatIf(tx, {
        policyId: policy_id,
        terms: { ...(calendar_id && { calendar_id }), ...(assumed && { targets: assumed }) },
        from: new Date(from),
        to: new Date(to),
      }),
    )
    return c.json({ id }, 202)
  })
  app.openapi(tickets, async (c) => {
    const { id } = c.req.valid('param')
    const { cursor, limit, format } = c.req.valid('query')
    found((await readWhatIfs(db, id))[0], 'question')
    if (format === 'csv') {
      const rows = await readTickets(db, id, { after: FIRST, limit: 10_000 })
      const csv = stringify(rows, { header: true, columns: [...COLUMNS], bom: true, escape_formulas: true })
      return c.body(csv, 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="what-if.csv"',
      })
    }
    const after = cursor ? decodeCursor(cursor, 2).map(String) : FIRST
    const read = await readTickets(db, id, { after, limit: limit + 1 })
    const last = read[limit - 1]
    const items = read.slice(0, limit).map(({ id: _id, ...row }) => row)
    return c.json({ items, next: read.length > limit ? encodeCursor([last!.id, last!.target]) : null }, 200)
  })
}
