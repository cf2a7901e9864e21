import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { type Reader, ticketVisible, ticketWorkable } from '@tocsin/desk'
import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { Id, Instant, json, page, Paging, route } from '../route.ts'
import { TimeEntry } from './tickets/time.ts'

const Filter = z.object({
  from: Instant.optional().openapi({ description: 'work that ended at this instant or later' }),
  to: Instant.optional().openapi({ description: 'and before this one' }),
  team: Id.optional().openapi({ description: 'whose tickets they are' }),
  person: z.union([z.literal('me'), Id]).optional(),
})
const Entry = TimeEntry.extend({
  number: z.string(),
  team: z.object({ id: Id, name: z.string() }).nullable(),
}).openapi('TimeEntryOfTicket')
type Entry = z.infer<typeof Entry>

const tags = ['Time spent']
const list = route('ticket.answer', {
  method: 'get',
  path: '/time-entries',
  summary: 'Time spent on tickets that I work on, the latest first',
  tags,
  request: { query: Paging.extend(Filter.shape) },
  responses: { 200: json(page(Entry), 'Entries') },
})
const csv = route('ticket.answer', {
  method: 'get',
  path: '/time-entries.csv',
  summary: `The same as a spreadsheet reads it, the latest 50,000`,
  tags,
  request: { query: Filter },
  responses: { 200: { description: 'Entries', content: { 'text/csv': { schema: z.string() } } } },
})
const MOST_ROWS = 50_000

async function entriesOf(
  db: Db,
  reader: Reader,
  { from, to, team, person }: z.infer<typeof Filter>,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Entry[]> {
  const after = cursor ? decodeCursor(cursor, 2) : null
  const whose = person === 'me' ? reader.person.id : person
  const { rows } = await sql<Entry>`
    select e.id, e.minutes, e.what, e.at, e.revision, t.number,
           (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = e.person_id) as person,
           (select jsonb_build_object('id', m.id, 'name', m.name) from team m where m.id = t.team_id) as team
    from work_entry e join ticket t on t.id = e.ticket_id
    where e.removed_at is null and ${ticketVisible(reader)} and ${ticketWorkable(reader)}
      ${from ? sql`and e.at >= ${from}::timestamptz` : sql``} ${to ? sql`and e.at < ${to}::timestamptz` : sql``}
      ${team ? sql`and t.team_id = ${team}` : sql``} ${whose ? sql`and e.person_id = ${whose}` : sql``}
      ${after ? sql`and (e.at, e.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by e.at desc, e.id desc limit ${limit}`.execute(db)
  return rows
}

export const timeEntryRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { cursor, limit, ...filter } = c.req.valid('query')
    const rows = await entriesOf(db, c.get('reader'), filter, { cursor, limit: limit + 1 })
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    const next = rows.length > limit && last ? encodeCursor([new Date(last.at).toISOString(), last.id]) : null
    return c.json({ items, next }, 200)
  })
  app.openapi(csv, async (c) => {
    const rows = await entriesOf(db, c.get('reader'), c.req.valid('query'), { limit: MOST_ROWS })
    const head = ['number', 'team', 'person', 'at', 'minutes', 'what']
    const cells = rows.map(({ number, team, person, at, minutes, what }) => [
      number,
      team?.name ?? '',
      person.name,
      new Date(at).toISOString(),
      minutes,
      what,
    ])
    // A byte order mark, and no cell that a spreadsheet would run.
    return c.body(stringify([head, ...cells], { bom: true, escape_formulas: true }), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="time-spent.csv"',
    })
  })
}
