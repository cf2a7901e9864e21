import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  DeskError,
  explainNext,
  OPEN_STATES,
  readHandling,
  type Reader,
  searchedInScope,
  seesByTeam,
} from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { encodeCursor } from '../../cursor.ts'
import { json, page, Paging, route } from '../../route.ts'
import { answersOf } from './answers.ts'
import { checklistMark } from './checklist.ts'
import { hasDraft } from './drafts.ts'
import {
  isOpen,
  isScattered,
  type ReadFilter,
  teamAsked,
  TicketFilter,
  whereNear,
  whereTickets,
} from './filter.ts'
import { inTime } from './in-time.ts'
import { foundInstead } from './instead.ts'
import { after, KEY, ORDER, priorityOf, type Sort, SORTED, SORTS } from './order.ts'
import { majorMark } from './major.ts'
import { readFilter } from './names.ts'
import { Priority, TicketLine } from './schema.ts'
import { clocksOf } from './sla.ts'
import { TicketOperator } from './typed.ts'
import { numbersMeant, queryOf } from './words.ts'

const Found = page(TicketLine).extend({
  instead: z
    .array(z.string())
    .optional()
    .openapi({ description: 'nothing has the words asked for: found by these, which are like them' }),
  unknown: z
    .array(z.object({ typed: z.string(), why: z.enum(['operator', 'name']) }))
    .optional()
    .openapi({
      description:
        '`operator`: there is none of this name, it was searched for as words; `name`: nothing is called so',
    }),
  operators: z
    .array(TicketOperator)
    .optional()
    .openapi({ description: 'those that there are, where one was typed that is none' }),
})

const list = route('ticket.read', {
  method: 'get',
  path: '/tickets',
  summary: 'Tickets that I may see',
  tags: ['Tickets'],
  request: {
    query: Paging.extend(TicketFilter.shape).extend({
      sort: z.enum(SORTS).default('-created'),
      fields: z.string().max(1_000).optional().openapi({
        description: 'keys of custom fields, separated by commas: each line has what it answers of them',
      }),
    }),
  },
  responses: { 200: json(Found, 'Tickets') },
})

/** Columns of a queue line over `ticket t`, but for its clocks, which count up to now; the row's own aggregates run for the rows of the page only. */
export const LINE_COLUMNS = sql`
  t.number, t.kind, t.state, t.pending_reason, t.pending_until, t.title, t.priority, t.impact, t.urgency, t.channel, t.confidential,
  (select jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) from service s where s.id = t.service_id) as service,
  (select jsonb_build_object('id', k.id, 'key', k.key, 'name', k.name) from category k where k.id = t.category_id) as category,
  (select jsonb_build_object('id', u.id, 'key', u.key, 'name', u.name, 'color', u.color) from ticket_status u where u.id = t.status_id) as status,
  (select jsonb_build_object('id', m.id, 'name', m.name) from team m where m.id = t.team_id) as team,
  (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = t.assignee_id) as assignee,
  (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = t.requester_id) as requester,
  t.created_at, t.updated_at, t.acknowledged_at, t.first_response_at, t.resolved_at, t.closed_at, t.due_at, t.revision,
  (select count(*) from alert a where a.ticket_id = t.id and a.status <> 'resolved') as firing_alerts`

type LineRow = Omit<z.infer<typeof TicketLine>, 'sla' | 'next'> & { id: string; key: string | null }

interface Paged {
  sort: Sort
  cursor?: string
  limit: number
  fields?: string
}
type Query = ReadFilter & Paged

// How many tickets are walked through in the list's order before the indexes are asked. Words met less than once in
// 200 tickets are in 5,000 of a million: as many as can be looked up and sorted in about the same time.
const NEAR = 10_000
// Of each priority, one after the other.
const NEAR_EACH = 5_000

/**
 * The rows of a page, and one more where there is another page. Left alone, Postgres would walk all tickets in
 * their order, hoping to meet soon what is rare or gathered far away: 27 s at a million. So what may be scarce is
 * looked for nearby first, and where that does not fill the page, looked up and sorted.
 */
async function stretchOf(db: Db, reader: Reader, query: Query): Promise<LineRow[]> {
  const { sort, cursor } = query
  const rest = cursor ? after(sort, cursor) : sql<boolean>`true`
  const where = sql`${whereTickets(query, reader)} and ${rest}`
  const read = (from: RawBuilder<unknown>, order: RawBuilder<unknown>) =>
    linesOf(db, reader, query, from, order)
  const words = queryOf(query.q, 'all', query.near)
  // Whom no team lets see it finds little anywhere, and major incidents are few: they are looked up at once.
  if (seesByTeam(reader, teamAsked(query)) && !query.major) {
    if (!words && !isScattered(query)) return read(sql`ticket t where ${where}`, ORDER[sort])
    const near = sql`select * from ticket t where ${whereNear(query, reader)} and ${rest}
      order by ${ORDER[sort]} limit ${sort === 'priority' && !words ? NEAR_EACH : NEAR}`
    const rows = await read(sql`(${near}) t where ${where}`, ORDER[sort])
    if (rows.length > query.limit) return rows
  }
  const held = words ? searchedInScope(reader, words) : sql<boolean>`true`
  return read(sql`ticket t where ${where} and ${held}`, SORTED[sort])
}

/** Nothing but categories, by priority: each of them has that order of its own. */
const isByCategory = (query: Query): boolean =>
  query.sort === 'priority' &&
  query.category !== undefined &&
  !query.category.includes('none') &&
  Object.keys(query.without ?? {}).length === 0 &&
  Object.keys(TicketFilter.shape).every(
    (name) => name === 'category' || name === 'priority' || query[name as keyof Query] === undefined,
  )

/** The first of each category, merged. */
function mergedOf(db: Db, reader: Reader, query: Query): Promise<LineRow[]> {
  const { sort, cursor, limit, category } = query
  const from = sql`(select f.* from (select distinct unnest(${category}::uuid[])) k(id), lateral (
      select * from ticket t where t.category_id = k.id and ${whereTickets(query, reader)}
        and ${cursor ? after(sort, cursor) : sql`true`} order by ${ORDER[sort]} limit ${limit + 1}) f) t`
  return linesOf(db, reader, query, from, ORDER[sort])
}

async function linesOf(
  db: Db,
  reader: Reader,
  { sort, limit }: Query,
  from: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): Promise<LineRow[]> {
  const { rows } =
    await sql<LineRow>`select t.id, ${KEY[sort]} as key, ${LINE_COLUMNS}, ${majorMark(reader)} as major, ${hasDraft(reader)} as draft, ${checklistMark(reader)} as checklist from ${from}
      order by ${order} limit ${limit + 1}`.execute(db)
  return rows
}

/**
 * By priority one after the other: what is asked for goes with the priority more often than not. Requests are never urgent,
 * and whoever looked for them from P1 on would walk through all that is.
 */
async function rowsOf(db: Db, reader: Reader, query: Query): Promise<LineRow[]> {
  if (isByCategory(query) && seesByTeam(reader)) return mergedOf(db, reader, query)
  // Words are looked up once: for each priority again, that is what takes the time.
  const lookedUp = !seesByTeam(reader, teamAsked(query)) || query.major || queryOf(query.q, 'all', query.near)
  if (query.sort !== 'priority' || isOpen(query) || lookedUp) return stretchOf(db, reader, query)
  const from = query.cursor ? priorityOf(query.cursor) : ''
  const asked = Priority.options.filter((one) => one >= from && (query.priority?.includes(one) ?? true))
  const rows: LineRow[] = []
  for (const one of asked) {
    const stretch = { ...query, priority: [one], limit: query.limit - rows.length }
    // oxlint-disable-next-line no-await-in-loop -- the next only where those before do not fill the page
    rows.push(...(await stretchOf(db, reader, stretch)))
    if (rows.length > query.limit) break
  }
  return rows
}

interface Searched {
  rows: LineRow[]
  instead?: string[]
  /** Tickets of a number typed without its letters come before those that speak of it: how many did, and begin these. */
  called?: { passed: number; left: number }
}

/** Such tickets are few, and have pages of their own: how many came before this one. */
const calledBefore = (cursor: string | undefined): number | undefined =>
  cursor === undefined ? 0 : /^called-[1-4]$/.test(cursor) ? Number(cursor.at(-1)) : undefined

/** The rows that have the words; where none has, those that have what may have been meant. */
async function searched(db: Db, reader: Reader, query: Query): Promise<Searched> {
  const { q } = query
  if (!q) return { rows: await rowsOf(db, reader, query) }
  const except = numbersMeant(q)
  const passed = except.length > 0 ? calledBefore(query.cursor) : undefined
  const rest = passed === undefined ? query : { ...query, cursor: undefined }
  const asked = { ...rest, q: except.join(' '), limit: except.length }
  const called = passed === undefined ? [] : (await rowsOf(db, reader, asked)).slice(passed)
  const rows = [...called, ...(await rowsOf(db, reader, { ...rest, except }))]
  if (rows.length > 0)
    return { rows, ...(passed !== undefined && { called: { passed, left: called.length } }) }
  return (await foundInstead(db, reader, q, (near) => rowsOf(db, reader, { ...query, near }))) ?? { rows }
}

/** What is next is known of open tickets alone. */
function openOnly(query: Query): Query {
  if (query.sort !== 'next') return query
  const states = query.state ?? 'open'
  if (states !== 'open' && !states.every((state) => (OPEN_STATES as string[]).includes(state)))
    throw new DeskError('invalid', 'Only open tickets have an order of what is next.', {
      errors: [{ path: 'state', message: 'names one that has ended' }],
    })
  return { ...query, state: states }
}

/** A page of the list, with what follows it. */
export async function listTickets(db: Db, reader: Reader, asked: TicketFilter & Paged) {
  const { filter, unknown: noted } = await readFilter(db, asked)
  // Whom no team lets see tickets is not told who and what there is by name.
  const told = seesByTeam(reader) ? noted : noted.filter(({ why }) => why === 'operator')
  const misread = {
    ...(told.length > 0 && { unknown: told }),
    ...(told.some(({ why }) => why === 'operator') && { operators: TicketOperator.options }),
  }
  if (!filter) return { items: [], next: null, ...misread }
  const query = openOnly(filter)
  const { rows, instead, called }: Searched = asked.q
    ? await inTime(db, (tx) => searched(tx, reader, query))
    : { rows: await rowsOf(db, reader, query) }
  const shown = rows.slice(0, query.limit)
  const last = shown.at(-1)
  const clocks = await clocksOf(
    db,
    reader,
    shown.map((row) => row.id),
  )
  const keys = query.fields?.split(',').map((key) => key.trim())
  const numbers = shown.map(({ number }) => number)
  const answers = keys && (await answersOf(db, reader, numbers, keys))
  const known = query.sort === 'next' ? await readHandling(db, shown.map(askedOf)) : null
  return {
    items: shown.map(({ id, key: _key, ...line }) => ({
      ...line,
      sla: clocks.get(id)!,
      ...(answers && { answers: answers.get(line.number) ?? { fields: {}, people: {} } }),
      ...(known && { next: explainNext(askedOf(line), clocks.get(id)!, known) }),
    })),
    next: rows.length > query.limit && last ? cursorAfter(last, query.limit, called) : null,
    ...(instead && { instead }),
    ...misread,
  }
}

const cursorAfter = ({ key, id, priority }: LineRow, shown: number, called: Searched['called']) =>
  called && called.left >= shown
    ? `called-${called.passed + shown}`
    : encodeCursor([key && new Date(key).toISOString(), id, priority])

const askedOf = ({ kind, priority, service }: Pick<LineRow, 'kind' | 'priority' | 'service'>) => ({
  kind,
  priority,
  service_id: service?.id ?? null,
})

export const listRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => c.json(await listTickets(db, c.get('reader'), c.req.valid('query')), 200))
}
