import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  actorOf,
  archiveView,
  arrangeViews,
  createView,
  DeskError,
  editView,
  type Reader,
  restoreView,
  transact,
  type ViewInput,
  viewVisible,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, edits, Empty, Id, IdParams, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'
import { TicketFilter } from './tickets/filter.ts'
import { SORTS } from './tickets/order.ts'
import { countViews } from './tickets/view-counts.ts'

const Filter = z.record(z.string().max(40), z.string().max(2000)).openapi({
  description: 'what `GET /tickets` is asked',
  example: { state: 'open', team: 'mine', priority: 'P1,P2' },
})
const COLUMNS = [
  'priority',
  'number',
  'title',
  'kind',
  'service',
  'category',
  'state',
  'team',
  'assignee',
  'requester',
  'sla',
  'due',
  'created',
  'updated',
] as const
const Column = z.union([z.enum(COLUMNS), z.string().regex(/^field\.[a-z][a-z0-9_]{0,39}$/)])
const Columns = z
  .array(Column)
  .min(1)
  .max(30)
  .refine((columns) => new Set(columns).size === columns.length, 'each once')
  .refine((columns) => columns.includes('title'), 'the title is among them')
  .nullable()
  .openapi({
    description:
      'what its list shows of each ticket, in this order, `field.KEY` being a custom field; null: as usual',
  })
const Shared = z.enum(['nobody', 'team', 'all'])
const Terms = z.strictObject({
  name: z.string().trim().min(1).max(80),
  filter: TicketFilter.strict(),
  sort: z.enum(SORTS),
  columns: Columns,
  shared_with: Shared,
  team_id: Id.nullable().openapi({ description: 'with which it is shared' }),
})
const View = z
  .object({
    id: Id,
    name: z.string(),
    filter: Filter,
    sort: z.enum(SORTS),
    columns: z.array(Column).nullable(),
    shared_with: Shared,
    team: z.object({ id: Id, name: z.string() }).nullable(),
    owner: z.object({ id: Id, name: z.string() }),
    editable: z.boolean(),
    position: z.number().nullable().openapi({ description: 'among those that stand in my queue' }),
    opens: z.boolean().openapi({ description: 'my queue opens with it' }),
    revision: z.number(),
  })
  .openapi('TicketView')
const Count = z.object({ count: z.number(), capped: z.boolean() }).nullable()

const tags = ['Ticket views']
const list = route('ticket.answer', {
  method: 'get',
  path: '/ticket-views',
  summary: 'My views and those that are shared with me: first those in my queue, in their order',
  tags,
  request: {},
  responses: { 200: json(page(View), 'Views') },
})
const counts = route('ticket.answer', {
  method: 'get',
  path: '/ticket-views/counts',
  summary:
    'How many tickets the views in my queue find now; counting stops at 1,000, null where it takes too long',
  tags,
  request: {},
  responses: { 200: json(z.record(Id, Count), 'Counts by view') },
})
const create = route('ticket.answer', {
  method: 'post',
  path: '/ticket-views',
  summary: 'Keep a filter and an order under a name',
  tags,
  request: {
    body: body(Terms.partial().required({ name: true, filter: true }).strict()),
  },
  responses: { 201: json(z.object({ id: Id }), 'Kept') },
})
const edit = route('ticket.answer', {
  method: 'patch',
  path: '/ticket-views/{id}',
  summary: 'Change a view for everybody who has it',
  tags,
  request: {
    params: IdParams,
    body: edits(Terms),
  },
  responses: { 200: json(Empty, 'Changed') },
})
const arrange = route('ticket.answer', {
  method: 'put',
  path: '/ticket-views/mine',
  summary: 'Which views stand in my queue, in this order, and with which it opens',
  tags,
  request: { body: body(z.strictObject({ pinned: z.array(Id).max(50), opens: Id.nullable() })) },
  responses: { 200: json(Empty, 'Arranged') },
})
const verbs = [
  ['archive', 'Delete a view; it can be restored', archiveView],
  ['restore', 'Bring a deleted view back', restoreView],
] as const

const MOST_SHOWN = 300

async function viewsOf(db: Db, reader: Reader): Promise<z.infer<typeof View>[]> {
  const me = reader.person.id
  const { rows } = await sql<z.infer<typeof View>>`
    select v.id, v.name, v.filter, v.sort, v.columns, v.shared_with, v.revision, p.position, coalesce(p.opens, false) as opens,
           case when m.id is not null then jsonb_build_object('id', m.id, 'name', m.name) end as team,
           jsonb_build_object('id', o.id, 'name', o.name) as owner,
           v.owner_id = ${me} or ${reader.administrator} as editable
    from ticket_view v
    join person o on o.id = v.owner_id
    left join team m on m.id = v.team_id
    left join ticket_view_place p on p.view_id = v.id and p.person_id = ${me}
    where v.archived_at is null and ${viewVisible(reader)}
    order by p.position nulls last, lower(v.name), v.id limit ${MOST_SHOWN}`.execute(db)
  return rows
}

/** As a query has it, so that it reads as the list is asked. */
const kept = (filter: TicketFilter): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [
            [
              name,
              Array.isArray(value) ? value.map((one) => one.replaceAll(',', '\\,')).join(',') : String(value),
            ],
          ],
    ),
  )

export const ticketViewRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => c.json({ items: await viewsOf(db, c.get('reader')), next: null }, 200))
  app.openapi(counts, async (c) => {
    const reader = c.get('reader')
    const { rows } = await sql<{ id: string; filter: Record<string, string> }>`
      select v.id, v.filter from ticket_view_place p join ticket_view v on v.id = p.view_id
      where p.person_id = ${reader.person.id} and p.position is not null and v.archived_at is null
        and ${viewVisible(reader)}`.execute(db)
    const asked = rows.flatMap(({ id, filter }) => {
      const read = TicketFilter.safeParse(filter)
      return read.success ? [[id, read.data] as const] : []
    })
    return c.json(await countViews(db, reader, Object.fromEntries(asked)), 200)
  })
  app.openapi(create, async (c) => {
    const reader = c.get('reader')
    const { name, filter, sort, columns, shared_with, team_id } = c.req.valid('json')
    const input: ViewInput = {
      name,
      filter: kept(filter),
      sort: sort ?? 'due',
      columns: columns ?? null,
      sharedWith: shared_with ?? 'nobody',
      teamId: team_id ?? null,
    }
    const id = await transact(db, actorOf(reader), (tx) => createView(tx, reader, input))
    return c.json({ id }, 201)
  })
  app.openapi(arrange, async (c) => {
    const reader = c.get('reader')
    await transact(db, actorOf(reader), (tx) => arrangeViews(tx, reader, c.req.valid('json')))
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(edit, async (c) => {
    const reader = c.get('reader')
    const { seen_revision, name, filter, sort, columns, shared_with, team_id } = c.req.valid('json')
    const terms = {
      name,
      filter: filter && kept(filter),
      sort,
      columns,
      sharedWith: shared_with,
      teamId: team_id,
    }
    if (Object.values(terms).every((value) => value === undefined))
      throw new DeskError('invalid', 'Say what to change.')
    await transact(db, actorOf(reader), (tx) =>
      editView(tx, reader, c.req.valid('param').id, { ...terms, seenRevision: seen_revision }),
    )
    return c.json({ ok: true as const }, 200)
  })
  for (const [name, summary, run] of verbs)
    rowVerb(app, db, {
      permission: 'ticket.answer',
      path: `/ticket-views/{id}/${name}`,
      summary,
      tags,
      run: (tx, id, reader) => run(tx, reader, id),
    })
}
