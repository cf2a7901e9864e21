import { z } from '@hono/zod-openapi'
import { found, mayQuiet, type Reader } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Deps, Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { IdParams, json, page, Paging, route } from '../../route.ts'
import { Maintenance, MaintenanceDetail, type MaintenanceRow, STATES, windows } from './schema.ts'

const tags = ['Maintenance']
const list = route('alert.read', {
  method: 'get',
  path: '/maintenance',
  summary: 'Maintenance windows and silences: those in force first, then those to come, then the past',
  tags,
  request: { query: Paging.extend({ state: z.enum(STATES).optional() }) },
  responses: { 200: json(page(Maintenance), 'Windows and silences') },
})
const get = route('alert.read', {
  method: 'get',
  path: '/maintenance/{id}',
  summary: 'One window or silence with all its spans',
  tags,
  request: { params: IdParams },
  responses: { 200: json(MaintenanceDetail, 'The window') },
})

/** As it is shown; whether this reader may end it depends on whose it is and on what it covers. */
async function shown(
  db: Deps['db'],
  reader: Reader,
  rows: MaintenanceRow[],
): Promise<z.infer<typeof Maintenance>[]> {
  const may = await mayQuiet(db, reader, rows)
  return rows.map(
    (
      { author_id, rank: _rank, sort: _sort, service_ids: _services, integration_id: _source, ...row },
      index,
    ) => ({
      ...row,
      may_end: row.state !== 'past' && (author_id === reader.person.id || may[index]!),
    }),
  )
}

const PAST = 2
/** When one is over for good, as its index has it. */
const OVER = sql`least(m.until, coalesce(m.cancelled_at, m.until))`

/**
 * Those in force and to come are few and read whole; the past, to which every change that was ever planned adds, is
 * walked from its end.
 */
async function listed(
  db: Deps['db'],
  reader: Reader,
  { state, after, limit }: { state?: (typeof STATES)[number]; after: unknown[] | null; limit: number },
): Promise<MaintenanceRow[]> {
  const [rank, sort, id] = after ?? []
  const rows: MaintenanceRow[] = []
  if (state !== 'past' && rank !== PAST) {
    const rest = after
      ? sql`(w.rank, w.sort, m.id) > (${rank}::int, ${sort}::float8, ${id}::uuid)`
      : sql`true`
    const current = await sql<MaintenanceRow>`
      ${windows(reader, sql`${OVER} > (select tocsin_now()) and ${state ? sql`w.state = ${state}` : sql`true`} and ${rest}`)}
      order by w.rank, w.sort, m.id limit ${limit}`.execute(db)
    rows.push(...current.rows)
  }
  if ((state && state !== 'past') || rows.length === limit) return rows
  const end = sql`to_timestamp(-${sort}::float8 / 1000)::timestamptz(3)`
  const rest = rank === PAST ? sql`${OVER} <= ${end} and (${OVER} < ${end} or m.id > ${id}::uuid)` : sql`true`
  const past = await sql<MaintenanceRow>`
    ${windows(reader, sql`${OVER} <= (select tocsin_now()) and ${rest}`)}
    order by ${OVER} desc, m.id limit ${limit - rows.length}`.execute(db)
  return [...rows, ...past.rows]
}

export const readRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { state, cursor, limit } = c.req.valid('query')
    const reader = c.get('reader')
    const after = cursor ? decodeCursor(cursor, 3) : null
    const rows = await listed(db, reader, { state, after, limit: limit + 1 })
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    const next = rows.length > limit && last ? encodeCursor([last.rank, last.sort, last.id]) : null
    return c.json({ items: await shown(db, reader, items), next }, 200)
  })
  app.openapi(get, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    const { rows } = await sql<MaintenanceRow>`${windows(reader, sql`m.id = ${id}`)}`.execute(db)
    const [window] = await shown(db, reader, [found(rows[0], 'maintenance window')])
    const spans = await sql<z.infer<typeof MaintenanceDetail>['spans'][number]>`
      select starts_at, ends_at, begun_at, ended_at from maintenance_span where maintenance_id = ${id} order by starts_at`.execute(
      db,
    )
    return c.json({ ...window!, spans: spans.rows }, 200)
  })
}
