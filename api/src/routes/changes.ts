import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  changesCalendar,
  clashesOf,
  DeskError,
  followedBy,
  readNow,
  type Reader,
  ticketVisible,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { Id, Instant, json, page, route } from '../route.ts'
import { Change, ChangeType } from './tickets/details.ts'
import { findTicket } from './tickets/find.ts'
import { NumberParams, Priority, State } from './tickets/schema.ts'

const Clash = z
  .object({
    number: z.string().nullable(),
    title: z.string(),
    how: z
      .enum(['service', 'item', 'depends', 'maintenance'])
      .openapi({ description: 'the same service or item; one depends on the other; a maintenance window' }),
    planned_start: Instant,
    planned_end: Instant,
  })
  .openapi('ChangeClash')
const Planned = z
  .object({
    number: z.string(),
    title: z.string(),
    state: State,
    type: ChangeType,
    risk: Change.unwrap().shape.risk,
    service: z.object({ id: Id, key: z.string(), name: z.record(z.string(), z.string()) }).nullable(),
    assignee: z.object({ id: Id, name: z.string() }).nullable(),
    planned_start: Instant,
    planned_end: Instant,
    approved_at: Instant.nullable(),
    outcome: Change.unwrap().shape.outcome,
    clashes: z.array(Clash),
  })
  .openapi('PlannedChange')

const tags = ['Changes']
const Period = z.object({ from: Instant, to: Instant, service: Id.optional() })
const list = route('ticket.answer', {
  method: 'get',
  path: '/changes',
  summary: 'The calendar: changes planned within a period of 100 days at most, with what stands in their way',
  tags,
  request: { query: Period },
  responses: { 200: json(page(Planned), 'By their start; 500 at most') },
})
const calendar = route('ticket.answer', {
  method: 'get',
  path: '/changes/calendar.ics',
  summary: 'The same as an iCalendar file',
  tags,
  request: { query: Period },
  responses: { 200: { description: 'RFC 5545', content: { 'text/calendar': { schema: z.string() } } } },
})
const around = route('ticket.answer', {
  method: 'get',
  path: '/tickets/{number}/around',
  summary: 'What stands in the way of a change, what it keeps quiet, and the incidents that followed it',
  tags,
  request: { params: NumberParams },
  responses: {
    200: json(
      z
        .object({
          clashes: z.array(Clash),
          windows: z.array(
            z.object({ id: Id, starts_at: Instant, ends_at: Instant, cancelled_at: Instant.nullable() }),
          ),
          followed: z.array(
            z.object({
              number: z.string(),
              title: z.string(),
              state: State,
              priority: Priority,
              created_at: Instant,
              linked: z.boolean(),
            }),
          ),
        })
        .openapi('ChangeAround'),
      'Around it',
    ),
  },
})

type Row = z.infer<typeof Planned> & { id: string; revision: number }
const DAY_MS = 86_400_000

async function plannedIn(db: Db, reader: Reader, period: z.infer<typeof Period>): Promise<Row[]> {
  const length = Date.parse(period.to) - Date.parse(period.from)
  if (length <= 0 || length > 100 * DAY_MS)
    throw new DeskError('invalid', 'The period cannot be like this.', {
      errors: [{ path: 'to', message: 'after `from`, by 100 days at most' }],
    })
  const { rows } = await sql<Row>`
    select t.id, t.revision, t.number, t.title, t.state, c.type, c.risk, c.planned_start, c.planned_end, c.approved_at, c.outcome,
      (select jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) from service s where s.id = t.service_id) as service,
      (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = t.assignee_id) as assignee
    from change_plan c join ticket t on t.id = c.ticket_id
    where c.planned_start < ${period.to}::timestamptz and c.planned_end > ${period.from}::timestamptz
      and t.state <> 'cancelled' and ${ticketVisible(reader)}
      ${period.service ? sql`and (t.service_id = ${period.service} or ${period.service}::uuid = any(c.service_ids))` : sql``}
    order by c.planned_start, t.id limit 500`.execute(db)
  return rows
}

const Template = z
  .object({
    name: z.string(),
    number: z.string(),
    title: z.string(),
    risk: Change.unwrap().shape.risk,
    service: z.object({ id: Id, key: z.string(), name: z.record(z.string(), z.string()) }).nullable(),
  })
  .openapi('ChangeTemplate')
const templates = route('ticket.work', {
  method: 'get',
  path: '/change-templates',
  summary: 'Standard changes after which others are planned, by name; their plan stands on their ticket',
  tags,
  request: {},
  responses: { 200: json(page(Template), 'Templates') },
})

export const changeRoutes: Resource = (app, { db, config }) => {
  app.openapi(templates, async (c) => {
    const { rows } = await sql<z.infer<typeof Template>>`
      select x.name, t.number, t.title, p.risk,
        (select jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) from service s where s.id = t.service_id) as service
      from change_template x join ticket t on t.id = x.ticket_id join change_plan p on p.ticket_id = t.id
      where x.archived_at is null and ${ticketVisible(c.get('reader'))} order by lower(x.name)`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(list, async (c) => {
    const reader = c.get('reader')
    const rows = await plannedIn(db, reader, c.req.valid('query'))
    const clashes = await clashesOf(
      db,
      reader,
      rows.filter(({ state }) => state !== 'closed').map(({ id }) => id),
    )
    const items = rows.map(({ id, revision: _revision, ...row }) => ({
      ...row,
      clashes: clashes.filter((clash) => clash.id === id).map(told),
    }))
    return c.json({ items, next: null }, 200)
  })
  app.openapi(calendar, async (c) => {
    const reader = c.get('reader')
    const rows = await plannedIn(db, reader, c.req.valid('query'))
    const changes = rows.map((row) => ({
      ...row,
      service: row.service?.name[reader.person.locale] ?? row.service?.name.en ?? null,
      planned_start: new Date(row.planned_start),
      planned_end: new Date(row.planned_end),
    }))
    return c.body(changesCalendar(changes, config.publicUrl, await readNow(db)), 200, {
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'attachment; filename="changes.ics"',
    })
  })
  app.openapi(around, async (c) => {
    const reader = c.get('reader')
    const ticket = await findTicket(db, reader, c.req.valid('param').number)
    if (!ticket.workable) throw new DeskError('forbidden', 'Only those who work on this ticket may see that.')
    if (ticket.kind !== 'change') return c.json({ clashes: [], windows: [], followed: [] }, 200)
    const [clashes, followed, windows] = await Promise.all([
      clashesOf(db, reader, [ticket.id]),
      followedBy(db, reader, ticket.id),
      sql<{ id: string; starts_at: string; ends_at: string; cancelled_at: string | null }>`
        select id, starts_at, ends_at, cancelled_at from maintenance where change_id = ${ticket.id}
          and cancelled_at is null order by starts_at, id`.execute(db),
    ])
    return c.json(
      {
        clashes: clashes.map(told),
        windows: windows.rows,
        followed: followed.map((one) => ({
          ...one,
          priority: one.priority as z.infer<typeof Priority>,
          created_at: one.created_at.toISOString(),
        })),
      },
      200,
    )
  })
}

const told = ({
  number,
  title,
  how,
  planned_start,
  planned_end,
}: Awaited<ReturnType<typeof clashesOf>>[number]) => ({
  number,
  title,
  how,
  planned_start: planned_start.toISOString(),
  planned_end: planned_end.toISOString(),
})
