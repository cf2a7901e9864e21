import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { type Reader, scopeOf } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { json, page, Paging, route } from '../../route.ts'
import { TicketFilter, whereTickets, whereWords } from './filter.ts'
import { TicketLine } from './schema.ts'
import { clocksOf } from './sla.ts'

const SORTS = ['-created', 'created', '-updated', 'priority', 'due'] as const
type Sort = (typeof SORTS)[number]

const list = route('ticket.read', {
  method: 'get',
  path: '/tickets',
  summary: 'Tickets that I may see',
  tags: ['Tickets'],
  request: { query: Paging.extend(TicketFilter.shape).extend({ sort: z.enum(SORTS).default('-created') }) },
  responses: { 200: json(page(TicketLine), 'Tickets') },
})

const Count = z.object({ count: z.number(), capped: z.boolean() })
const VIEWS = ['all_open', 'mine', 'my_teams', 'unassigned', 'at_risk', 'breached', 'p1_p2'] as const
const counts = route('ticket.read', {
  method: 'get',
  path: '/tickets/counts',
  summary: 'Live counts of the usual views; they stop at 1,000',
  tags: ['Tickets'],
  request: {},
  responses: {
    200: json(
      z.object(
        Object.fromEntries(VIEWS.map((view) => [view, Count])) as Record<
          (typeof VIEWS)[number],
          typeof Count
        >,
      ),
      'Counts',
    ),
  },
})

/** Columns of a queue line over `ticket t`, but for its clocks, which count up to now; the row's own aggregates run for the rows of the page only. */
export const LINE_COLUMNS = sql`
  t.number, t.kind, t.state, t.pending_reason, t.title, t.priority, t.impact, t.urgency, t.channel, t.confidential,
  (select jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) from service s where s.id = t.service_id) as service,
  (select jsonb_build_object('id', m.id, 'name', m.name) from team m where m.id = t.team_id) as team,
  (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = t.assignee_id) as assignee,
  (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = t.requester_id) as requester,
  t.created_at, t.updated_at, t.acknowledged_at, t.first_response_at, t.resolved_at, t.closed_at, t.due_at, t.revision,
  (select count(*) from alert a where a.ticket_id = t.id and a.status <> 'resolved') as firing_alerts`

type LineRow = Omit<z.infer<typeof TicketLine>, 'sla'> & { id: string; key: string | null }

const ORDER: Record<Sort, RawBuilder<unknown>> = {
  '-created': sql`t.created_at desc, t.id desc`,
  created: sql`t.created_at, t.id`,
  '-updated': sql`t.updated_at desc, t.id desc`,
  priority: sql`t.priority, t.created_at, t.id`,
  due: sql`t.due_at, t.id`,
}
// The same orders, but so that no index of theirs can serve.
const SORTED: Record<Sort, RawBuilder<unknown>> = {
  '-created': sql`t.created_at + interval '0' desc, t.id desc`,
  created: sql`t.created_at + interval '0', t.id`,
  '-updated': sql`t.updated_at + interval '0' desc, t.id desc`,
  priority: sql`t.priority || '', t.created_at, t.id`,
  due: sql`t.due_at + interval '0', t.id`,
}

/**
 * Words found in few tickets are looked up first and the hits sorted. Left alone, Postgres would rather walk all
 * tickets in their order, hoping to meet hits soon: 27 s at a million, where the reader's team has none.
 */
async function orderOf(
  db: Db,
  reader: Reader,
  { sort, q }: { sort: Sort; q?: string },
): Promise<RawBuilder<unknown>> {
  const words = q?.trim() && whereWords(q.trim())
  if (!words) return ORDER[sort]
  // Whoever sees everything does meet hits soon when there are many.
  const few = scopeOf(reader, 'ticket.read') === 'all' ? 10_000 : 100_000
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`
    explain (format json) select from ticket t where ${words}`.execute(db)
  return rows[0]!['QUERY PLAN'][0].Plan['Plan Rows'] <= few ? SORTED[sort] : ORDER[sort]
}

const KEY: Record<Sort, RawBuilder<unknown>> = {
  '-created': sql`t.created_at`,
  created: sql`t.created_at`,
  '-updated': sql`t.updated_at`,
  priority: sql`t.created_at`,
  due: sql`t.due_at`,
}

/** The condition that a row stands after the cursor, in the words of the sort's index. */
function after(sort: Sort, cursor: string): RawBuilder<boolean> {
  const [key, id, priority] = decodeCursor(cursor, 3)
  switch (sort) {
    case '-created':
      return sql`(t.created_at, t.id) < (${key}::timestamptz, ${id}::uuid)`
    case 'created':
      return sql`(t.created_at, t.id) > (${key}::timestamptz, ${id}::uuid)`
    case '-updated':
      return sql`(t.updated_at, t.id) < (${key}::timestamptz, ${id}::uuid)`
    case 'priority':
      return sql`(t.priority, t.created_at, t.id) > (${priority}, ${key}::timestamptz, ${id}::uuid)`
    case 'due':
      return key === null
        ? sql`t.due_at is null and t.id > ${id}::uuid`
        : sql`((t.due_at, t.id) > (${key}::timestamptz, ${id}::uuid) or t.due_at is null)`
  }
}

async function listTickets(
  db: Db,
  reader: Reader,
  query: TicketFilter & { sort: Sort; cursor?: string; limit: number },
) {
  const { sort, cursor, limit } = query
  const { rows } = await sql<LineRow>`
    select t.id, ${KEY[sort]} as key, ${LINE_COLUMNS} from ticket t
    where ${whereTickets(query, reader)} ${cursor ? sql`and ${after(sort, cursor)}` : sql``}
    order by ${await orderOf(db, reader, query)} limit ${limit + 1}`.execute(db)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const clocks = await clocksOf(
    db,
    shown.map((row) => row.id),
  )
  return {
    items: shown.map(({ id, key: _key, ...line }) => ({ ...line, sla: clocks.get(id)! })),
    next:
      rows.length > limit && last
        ? encodeCursor([last.key && new Date(last.key).toISOString(), last.id, last.priority])
        : null,
  }
}

const CAP = 1000

export const listRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => c.json(await listTickets(db, c.get('reader'), c.req.valid('query')), 200))

  app.openapi(counts, async (c) => {
    const reader = c.get('reader')
    const filters: Record<(typeof VIEWS)[number], TicketFilter> = {
      all_open: { state: 'open' },
      mine: { state: 'open', assignee: 'me' },
      my_teams: { state: 'open', team: 'mine' },
      unassigned: { state: 'open', assignee: 'none' },
      at_risk: { sla: 'at_risk' },
      breached: { state: 'open', sla: 'breached' },
      p1_p2: { state: 'open', priority: ['P1', 'P2'] },
    }
    const columns = VIEWS.map(
      (view) =>
        sql`(select count(*) from (select from ticket t where ${whereTickets(filters[view], reader)} limit ${CAP}) x) as ${sql.ref(view)}`,
    )
    const { rows } = await sql<Record<(typeof VIEWS)[number], number>>`select ${sql.join(columns)}`.execute(
      db,
    )
    const found = rows[0]!
    const counted = Object.fromEntries(
      VIEWS.map((view) => [view, { count: found[view], capped: found[view] === CAP }]),
    )
    return c.json(counted as Record<(typeof VIEWS)[number], { count: number; capped: boolean }>, 200)
  })
}
