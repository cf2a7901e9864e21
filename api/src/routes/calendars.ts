import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveCalendar,
  calendarHistory,
  calendarsInForce,
  type CalendarVersion,
  createCalendar,
  DeskError,
  editCalendar,
  found,
  previewHours,
  previewIcal,
  readNow,
  requestRecomputation,
  transact,
} from '@tocsin/desk'
import type { Resource } from '../context.ts'
import { body, Id, IdParams, Instant, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const Span = z.strictObject({
  day: z.number().int().min(1).max(7).openapi({ description: 'Monday is 1' }),
  from: z.string().max(5).openapi({ example: '09:00' }),
  to: z.string().max(5).openapi({ example: '17:30' }),
})
const Holiday = z.strictObject({ date: z.string().max(10), name: z.string().trim().min(1).max(120) })
const Hours = z.strictObject({
  zone: z.string().min(1).max(60).openapi({ example: 'Europe/Rome' }),
  weekly: z.array(Span).max(100),
  holidays: z.array(Holiday).max(1000),
  always: z.boolean().openapi({ description: 'around the clock; then no weekly hours' }),
})
const Name = z.string().trim().min(1).max(120)

const Calendar = z
  .object({
    id: Id,
    name: z.string(),
    version: z.number(),
    effective_from: Instant,
    ...Hours.shape,
  })
  .openapi('Calendar')
const CalendarDetail = Calendar.extend({
  /** Newest first; a version never changes. */
  versions: z.array(z.object({ version: z.number(), effective_from: Instant, ...Hours.shape })),
}).openapi('CalendarDetail')

const tags = ['Calendars']
const list = route('calendar.read', {
  method: 'get',
  path: '/calendars',
  summary: 'Every calendar, with the hours in force',
  tags,
  request: {},
  responses: { 200: json(page(Calendar), 'Calendars') },
})
const get = route('calendar.read', {
  method: 'get',
  path: '/calendars/{id}',
  summary: 'One calendar with all its versions',
  tags,
  request: { params: IdParams },
  responses: { 200: json(CalendarDetail, 'The calendar') },
})
const create = route('calendar.edit', {
  method: 'post',
  path: '/calendars',
  summary: 'Add a calendar',
  tags,
  request: {
    body: body(
      Hours.extend({
        name: Name,
        weekly: Hours.shape.weekly.default([]),
        holidays: Hours.shape.holidays.default([]),
        always: z.boolean().default(false),
      }),
    ),
  },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const edit = route('calendar.edit', {
  method: 'patch',
  path: '/calendars/{id}',
  summary: 'Rename, or set new hours as a new version, for open tickets too unless recompute is false',
  tags,
  request: {
    params: IdParams,
    body: body(
      Hours.partial().extend({
        name: Name.optional(),
        effective_from: Instant.optional(),
        recompute: z.boolean().default(true).openapi({
          description:
            'compute the clocks of open tickets again, in the background, when the hours come into force',
        }),
        seen_version: z.number().int().optional().openapi({ description: '412 when there is a newer one' }),
      }),
    ),
  },
  responses: { 200: json(z.object({ version: z.number() }), 'Changed') },
})

const Stretch = z.object({ from: Instant, to: Instant })
const MOST_WORKING_MS = 10_000 * 3_600_000
const preview = route('calendar.read', {
  method: 'post',
  path: '/calendars/preview',
  summary:
    'When a promise of so much working time, made now or at an instant, is due by these hours; saves nothing',
  tags,
  request: {
    body: body(
      Hours.extend({
        opened_at: Instant.optional(),
        working_ms: z.number().int().min(1).max(MOST_WORKING_MS),
      }),
    ),
  },
  responses: {
    200: json(
      z.object({
        opened_at: Instant,
        due_at: Instant,
        counted: z.array(Stretch).openapi({ description: 'the first stretches that count' }),
        skipped: z
          .array(Stretch.extend({ name: z.string() }))
          .openapi({ description: 'holidays on the way' }),
      }),
      'The due instant, and how it comes about',
    ),
  },
})

const Year = z.number().int().min(1970).max(2200)
const readIcal = route('calendar.edit', {
  method: 'post',
  path: '/calendars/holidays-from-ical',
  summary: 'What an iCalendar file would make of a list of holidays; saves nothing',
  tags,
  request: {
    body: body(
      z.strictObject({
        text: z
          .string()
          .min(1)
          .openapi({ description: 'the file, 512 KB at most', example: 'BEGIN:VCALENDAR…' }),
        from_year: Year.optional().openapi({ description: 'last year, unless given' }),
        to_year: Year.optional().openapi({
          description: 'five years ahead, unless given; at most 20 years in all',
        }),
        holidays: Hours.shape.holidays.default([]).openapi({ description: 'the list as it stands' }),
        replace: z
          .boolean()
          .default(false)
          .openapi({ description: 'take days of these years off the list that the file does not have' }),
      }),
    ),
  },
  responses: {
    200: json(
      z.object({
        from_year: Year,
        to_year: Year,
        holidays: z
          .array(Holiday)
          .openapi({ description: 'the list as it would be; save it with the calendar' }),
        added: z.array(Holiday),
        removed: z.array(Holiday),
        known: z.number().openapi({ description: 'days of the file that are on the list already' }),
        outside: z.number().openapi({ description: 'events with days outside these years' }),
        skipped: z
          .array(z.object({ line: z.number(), message: z.string() }))
          .openapi({ description: 'events that were left out, by line; the first 100' }),
      }),
      'The list, and what is added and removed',
    ),
  },
})

const shown = ({ version, effectiveFrom, zone, weekly, holidays, always }: CalendarVersion) => ({
  version,
  effective_from: effectiveFrom.toISOString(),
  zone,
  weekly,
  holidays,
  always,
})

export const calendarRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const live = await db
      .selectFrom('calendar')
      .select(['id', 'name'])
      .where('archived_at', 'is', null)
      .orderBy('name')
      .execute()
    const hours = await calendarsInForce(
      db,
      await readNow(db),
      live.map((calendar) => calendar.id),
    )
    const items = live.flatMap(({ id, name }) => {
      const version = hours.get(id)
      return version ? [{ id, name, ...shown(version) }] : []
    })
    return c.json({ items, next: null }, 200)
  })
  app.openapi(get, async (c) => {
    const { id } = c.req.valid('param')
    const versions = await calendarHistory(db, id)
    const now = await readNow(db)
    const inForce = found(versions.find((version) => version.effectiveFrom <= now) ?? versions[0], 'calendar')
    return c.json({ id, name: inForce.name, ...shown(inForce), versions: versions.map(shown) }, 200)
  })
  app.openapi(create, async (c) => {
    const input = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), (tx) => createCalendar(tx, input))
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const { effective_from, seen_version, recompute, ...input } = c.req.valid('json')
    const { name, ...hours } = input
    if (Object.keys(input).length === 0) throw new DeskError('invalid', 'Say what to change.')
    const { id } = c.req.valid('param')
    const effectiveFrom = effective_from ? new Date(effective_from) : undefined
    const version = await transact(db, actorOf(c.get('reader')), async (tx) => {
      const newest = await editCalendar(tx, { ...hours, name, id, effectiveFrom, seenVersion: seen_version })
      if (recompute && Object.keys(hours).length > 0)
        await requestRecomputation(tx, { kind: 'calendar', id, version: newest }, { dueAt: effectiveFrom })
      return newest
    })
    return c.json({ version }, 200)
  })
  app.openapi(preview, async (c) => {
    const { opened_at, working_ms, ...hours } = c.req.valid('json')
    const at = opened_at ? new Date(opened_at) : await readNow(db)
    const { due, counted, skipped } = previewHours(hours, at, working_ms)
    const iso = (ms: number) => new Date(ms).toISOString()
    return c.json(
      {
        opened_at: at.toISOString(),
        due_at: due.toISOString(),
        counted: counted.map(({ from, to }) => ({ from: iso(from), to: iso(to) })),
        skipped: skipped.map(({ from, to, name }) => ({ from: iso(from), to: iso(to), name })),
      },
      200,
    )
  })
  app.openapi(readIcal, async (c) => {
    const { from_year, to_year, ...input } = c.req.valid('json')
    const year = (await readNow(db)).getUTCFullYear()
    const fromYear = from_year ?? year - 1
    const toYear = to_year ?? Math.max(fromYear, year + 5)
    const preview = previewIcal({ ...input, fromYear, toYear })
    return c.json({ from_year: fromYear, to_year: toYear, ...preview }, 200)
  })
  rowVerb(app, db, {
    permission: 'calendar.edit',
    path: '/calendars/{id}/archive',
    summary: 'Archive a calendar that no SLA policy counts by',
    tags,
    run: archiveCalendar,
  })
}
