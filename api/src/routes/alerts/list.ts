import { z } from '@hono/zod-openapi'
import { alertVisible, type Reader } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { Id, json, page, Paging, route } from '../../route.ts'
import { AlertLine, HELD_BY, LINE_COLUMNS, SEVERITIES, STATUSES } from './schema.ts'

const many = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .max(200)
    .transform((text) => [...new Set(text.split(',').filter((part) => part !== ''))])
    .pipe(z.array(item).min(1))

const Filter = z.object({
  q: z.string().max(300).optional().openapi({ description: 'words of title, resource, host or service' }),
  integration: Id.optional(),
  status: many(z.enum(STATUSES)).optional().openapi({ description: 'several are separated by commas' }),
  severity: many(z.enum(SEVERITIES)).optional(),
  held: many(z.enum(HELD_BY))
    .or(z.literal('any'))
    .optional()
    .openapi({ description: 'fires and asks for no ticket: `any`, or by what' }),
  flapping: z.stringbool().optional(),
  dedup_key: z.string().max(255).optional(),
  window: Id.optional().openapi({ description: 'held by this maintenance window or silence' }),
})
type Filter = z.infer<typeof Filter>

const list = route('alert.read', {
  method: 'get',
  path: '/alerts',
  summary: 'Alerts that I may see, the latest first',
  tags: ['Alerts'],
  request: { query: Paging.extend(Filter.shape) },
  responses: { 200: json(page(AlertLine), 'Alerts') },
})
const counts = route('alert.read', {
  method: 'get',
  path: '/alerts/counts',
  summary: 'How many alerts stand in each state, and how bad those are that are not over',
  tags: ['Alerts'],
  request: {},
  responses: {
    200: json(
      z.object({
        firing: z.number(),
        acknowledged: z.number(),
        suppressed: z.number(),
        resolved_last_day: z.number(),
        held: z.number(),
        flapping: z.number(),
        severities: z.record(z.enum(SEVERITIES), z.number()),
      }),
      'Counts',
    ),
  },
})
const sources = route('alert.read', {
  method: 'get',
  path: '/alerts/sources',
  summary: 'The sources of the alerts that I may see',
  tags: ['Alerts'],
  request: {},
  responses: {
    200: json(page(z.object({ id: Id, name: z.string(), system: z.string() })), 'Sources, by name'),
  },
})

// Named one by one: an index finds what is, and not what is not.
const STANDS = sql`a.status in ('firing', 'acknowledged', 'suppressed')`

function whereAlerts(filter: Filter, reader: Reader): RawBuilder<boolean> {
  const all: RawBuilder<boolean>[] = [alertVisible(reader)]
  if (filter.integration) all.push(sql`a.integration_id = ${filter.integration}`)
  if (filter.status) all.push(sql`a.status = any(${filter.status})`)
  if (filter.severity) all.push(sql`a.severity = any(${filter.severity})`)
  if (filter.held === 'any') all.push(sql`a.held is not null and ${STANDS}`)
  else if (filter.held) all.push(sql`a.held = any(${filter.held}) and ${STANDS}`)
  if (filter.flapping !== undefined) all.push(sql`a.flapping = ${filter.flapping}`)
  if (filter.dedup_key) all.push(sql`a.dedup_key = ${filter.dedup_key}`)
  if (filter.window) all.push(sql`a.held_window = ${filter.window}`)
  for (const word of (filter.q ?? '').split(/\s+/).filter(Boolean).slice(0, 8))
    all.push(sql`fold_text(a.title || ' ' || coalesce(a.resource, '') || ' ' || coalesce(a.host, '') || ' ' || coalesce(a.service, ''))
      like '%' || fold_text(${word.replace(/[\\%_]/g, '\\$&')}) || '%'`)
  return sql.join(all, sql` and `)
}

/**
 * The alerts of a page, by id. Of each state and severity they stand in their order: so these are merged, and none is
 * looked for among all of its state. What is asked besides finds its own index.
 */
function pageOf(filter: Filter, where: RawBuilder<boolean>, most: number): RawBuilder<unknown> {
  const first = (of: RawBuilder<unknown>) =>
    sql`select a.id, a.seen_at from alert a where ${of} and ${where} order by a.seen_at desc, a.id desc limit ${most}`
  const { status, severity, ...others } = filter
  if ((!status && !severity) || Object.values(others).some((asked) => asked !== undefined))
    return first(sql`true`)
  return sql`
    select f.id, f.seen_at from unnest(${status ?? STATUSES}::text[]) as s(status), unnest(${severity ?? SEVERITIES}::text[]) as v(severity),
      lateral (${first(sql`a.status = s.status and a.severity = v.severity`)}) f
    order by f.seen_at desc, f.id desc limit ${most}`
}

type Line = z.infer<typeof AlertLine>

export const listRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { cursor, limit, ...filter } = c.req.valid('query')
    const [key, id] = cursor ? decodeCursor(cursor, 2) : []
    const where = sql<boolean>`${whereAlerts(filter, c.get('reader'))}
      ${cursor ? sql`and (a.seen_at, a.id) < (${key}::timestamptz, ${id}::uuid)` : sql``}`
    const { rows } = await sql<Line & { seen_at: Date }>`
      select ${LINE_COLUMNS}, a.seen_at from (${pageOf(filter, where, limit + 1)}) f join alert a on a.id = f.id
      order by f.seen_at desc, f.id desc`.execute(db)
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    const next =
      rows.length > limit && last ? encodeCursor([new Date(last.seen_at).toISOString(), last.id]) : null
    const items = page.map(({ seen_at: _seen, ...line }) => line)
    return c.json({ items, next }, 200)
  })

  app.openapi(sources, async (c) => {
    const { rows } = await sql<{ id: string; name: string; system: string }>`
      select i.id, i.name, i.system from integration i
      where i.archived_at is null
        and exists (select from alert a where a.integration_id = i.id and ${alertVisible(c.get('reader'))})
      order by i.name, i.id`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })

  app.openapi(counts, async (c) => {
    const { rows } = await sql<{
      status: (typeof STATUSES)[number]
      severity: (typeof SEVERITIES)[number]
      held: boolean
      flapping: boolean
      count: number
    }>`
      with since as materialized (select tocsin_now() - interval '1 day' as at)
      select a.status, a.severity, a.held is not null as held, a.flapping, count(*) from alert a
      where ${alertVisible(c.get('reader'))}
        and (${STANDS} or (a.status = 'resolved' and a.last_event_at > (select at from since)
          -- What the index holds of it may be a minute behind.
          and a.seen_at > (select at from since) - interval '1 minute'))
      group by 1, 2, 3, 4`.execute(db)
    const sum = (of: (row: (typeof rows)[number]) => boolean) =>
      rows.filter(of).reduce((total, row) => total + row.count, 0)
    return c.json(
      {
        firing: sum((row) => row.status === 'firing'),
        acknowledged: sum((row) => row.status === 'acknowledged'),
        suppressed: sum((row) => row.status === 'suppressed'),
        resolved_last_day: sum((row) => row.status === 'resolved'),
        held: sum((row) => row.held && row.status !== 'resolved'),
        flapping: sum((row) => row.flapping),
        severities: Object.fromEntries(
          SEVERITIES.map((severity) => [
            severity,
            sum((row) => row.status !== 'resolved' && row.severity === severity),
          ]),
        ) as Record<(typeof SEVERITIES)[number], number>,
      },
      200,
    )
  })
}
