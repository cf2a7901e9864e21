import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import { actorOf, DeskError, editAction, found, type Reader, ticketWorkable, transact } from '@tocsin/desk'
import { stringify } from 'csv-stringify/sync'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { decodeCursor, encodeCursor } from '../../cursor.ts'
import { body, Id, IdParams, json, page, Paging, route } from '../../route.ts'
import { findTicket } from '../tickets/find.ts'
import { ACTION, Action, ActionInput } from './schema.ts'

const tags = ['Reviews']
const STATES = ['open', 'overdue', 'done', 'all'] as const
const list = route('ticket.answer', {
  method: 'get',
  path: '/review-actions',
  summary: 'What reviews asked for, whatever is due first; `format=csv` for a spreadsheet',
  tags,
  request: {
    query: Paging.extend({
      state: z.enum(STATES).default('open'),
      owner: z.union([z.literal('me'), Id]).optional(),
      format: z.enum(['json', 'csv']).default('json'),
    }),
  },
  responses: {
    200: {
      description: 'Actions of reviews that the reader works on, and their own',
      content: { 'application/json': { schema: page(Action) }, 'text/csv': { schema: z.string() } },
    },
  },
})
const edit = route('ticket.answer', {
  method: 'patch',
  path: '/review-actions/{id}',
  summary: 'Change it, or say that it is done; its owner may, and whoever works on the incident',
  tags,
  request: {
    params: IdParams,
    body: body(
      ActionInput.partial().extend({
        done: z.boolean().optional(),
        seen_revision: z.number().int().optional(),
      }),
    ),
  },
  responses: { 200: json(Action, 'As it is now') },
})

/** The ticket of a number as the reader may link it; undefined where none is spoken of. */
export async function linkedOf(
  db: Db,
  reader: Reader,
  number: string | null | undefined,
): Promise<string | null | undefined> {
  if (!number) return number as null | undefined
  const ticket = await findTicket(db, reader, number)
  if (!ticket.workable) throw new DeskError('forbidden', 'Only those who work on a ticket can name it.')
  return ticket.id
}

interface Filter {
  state: (typeof STATES)[number]
  owner?: string
}

const CONDITIONS = {
  open: sql`a.done_at is null`,
  overdue: sql`a.done_at is null and a.due_at <= (select tocsin_now())`,
  done: sql`a.done_at is not null`,
  all: sql`true`,
}

/** From the side of the actions, of which there are few. */
async function readActions(
  db: Db,
  reader: Reader,
  { state, owner }: Filter,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<(Action & { due_at: Date })[]> {
  const after = cursor ? decodeCursor(cursor, 2) : null
  const who = owner === 'me' ? reader.person.id : owner
  const { rows } = await sql<Action & { due_at: Date }>`
    select ${ACTION(reader)}, a.due_at
    from review_action a join ticket t on t.id = a.ticket_id join person p on p.id = a.owner_id
    where (${ticketWorkable(reader)} or a.owner_id = ${reader.person.id}) and ${CONDITIONS[state]}
      ${who ? sql`and a.owner_id = ${who}` : sql``}
      ${after ? sql`and (a.due_at, a.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
    order by a.due_at, a.id limit ${limit}`.execute(db)
  return rows
}

const COLUMNS = [
  'incident',
  'review',
  'title',
  'owner',
  'due_on',
  'state',
  'overdue',
  'ticket',
  'done_at',
] as const
const MOST_ROWS = 10_000

export const actionRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const reader = c.get('reader')
    const { cursor, limit, format, ...filter } = c.req.valid('query')
    if (format === 'csv') {
      const rows = await readActions(db, reader, filter, { limit: MOST_ROWS })
      const lines = rows.map((row) => ({ ...row, owner: row.owner.name, ticket: row.ticket?.number ?? '' }))
      const csv = stringify(lines, {
        header: true,
        columns: [...COLUMNS],
        bom: true,
        escape_formulas: true,
        cast: { boolean: String },
      })
      return c.body(csv, 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="review-actions.csv"',
      })
    }
    const rows = await readActions(db, reader, filter, { cursor, limit: limit + 1 })
    const last = rows.length > limit ? rows[limit - 1] : undefined
    const items = rows.slice(0, limit).map(({ due_at: _due, ...action }) => action)
    return c.json({ items, next: last ? encodeCursor([last.due_at.toISOString(), last.id]) : null }, 200)
  })

  app.openapi(edit, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    const read = async () => {
      const { rows } = await sql<Action>`
        select ${ACTION(reader)} from review_action a join ticket t on t.id = a.ticket_id join person p on p.id = a.owner_id
        where a.id = ${id} and (${ticketWorkable(reader)} or a.owner_id = ${reader.person.id})`.execute(db)
      return found(rows[0], 'action')
    }
    const before = await read()
    const { title, owner_id: ownerId, due_on: dueOn, ticket, done, seen_revision } = c.req.valid('json')
    const linkedId = await linkedOf(db, reader, ticket)
    await transact(db, actorOf(reader), (tx) =>
      editAction(tx, id, { title, ownerId, dueOn, linkedId, done, seenRevision: seen_revision }),
    )
    // Whoever hands out what was their own may see it no more.
    const after = await read().catch((error: unknown) => {
      if (error instanceof DeskError && error.code === 'not_found') return before
      throw error
    })
    return c.json(after, 200)
  })
}
