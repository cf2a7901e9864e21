import { z } from '@hono/zod-openapi'
import type { Db } from '@tocsin/db'
import {
  actorOf,
  bookTime,
  correctTime,
  DeskError,
  MOST_MINUTES,
  type Reader,
  runClock,
  stopClock,
  transact,
  type Tx,
  unbookTime,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Id, Instant, json, page, route } from '../../route.ts'
import { findTicket } from './find.ts'
import { NumberParams } from './schema.ts'
import { demandPlace } from './verb.ts'

const Named = z.object({ id: Id, name: z.string() })
export const TimeEntry = z
  .object({
    id: Id,
    person: Named,
    minutes: z.number(),
    what: z.string(),
    at: Instant,
    revision: z.number(),
  })
  .openapi('TimeEntry')
const Spent = page(TimeEntry).extend({
  total_minutes: z.number(),
  clock: z
    .object({ number: z.string(), started_at: Instant })
    .nullable()
    .openapi({ description: 'mine, on whatever ticket it runs' }),
})
const Minutes = z.number().int().min(1).max(MOST_MINUTES)
const What = z.string().trim().max(500)
const Answer = json(Spent.openapi('TimeSpent'), 'What was spent on the ticket, the latest first')
const EntryParams = NumberParams.extend({ id: Id })

const tags = ['Time spent']
const list = route('ticket.answer', {
  method: 'get',
  path: '/tickets/{number}/time',
  summary: 'Time spent on a ticket, its sum, and whether my clock runs; for those who work on it',
  tags,
  request: { params: NumberParams },
  responses: { 200: Answer },
})
const book = route('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/time',
  summary: 'Keep time that I spent',
  tags,
  request: {
    params: NumberParams,
    body: body(
      z.strictObject({
        minutes: Minutes,
        what: What.optional(),
        at: Instant.optional().openapi({ description: 'when the work ended; absent: now' }),
      }),
    ),
  },
  responses: { 200: Answer },
})
const correct = route('ticket.answer', {
  method: 'patch',
  path: '/tickets/{number}/time/{id}',
  summary: 'Correct an entry of mine',
  tags,
  request: {
    params: EntryParams,
    body: body(
      z.strictObject({
        minutes: Minutes.optional(),
        what: What.optional(),
        at: Instant.optional(),
        seen_revision: z.number().int().optional(),
      }),
    ),
  },
  responses: { 200: Answer },
})
const remove = route('ticket.answer', {
  method: 'delete',
  path: '/tickets/{number}/time/{id}',
  summary: 'Take an entry of mine away',
  tags,
  request: { params: EntryParams },
  responses: { 200: Answer },
})
const start = route('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/start-clock',
  summary: 'My clock runs here; one that ran on another ticket is stopped and kept there',
  tags,
  request: { params: NumberParams, body: body(z.strictObject({})) },
  responses: { 200: Answer },
})
const stop = route('ticket.answer', {
  method: 'post',
  path: '/tickets/{number}/stop-clock',
  summary: 'Stop my clock here and keep what it measured, in minutes begun, a day at most',
  tags,
  request: {
    params: NumberParams,
    body: body(
      z.strictObject({
        what: What.optional(),
        forget: z.boolean().optional().openapi({ description: 'keep nothing' }),
      }),
    ),
  },
  responses: { 200: Answer },
})

async function spentOn(db: Db, reader: Reader, ticketId: string): Promise<z.infer<typeof Spent>> {
  const { rows } = await sql<Omit<z.infer<typeof Spent>, 'next'>>`
    select coalesce((select sum(minutes) from work_entry where ticket_id = ${ticketId} and removed_at is null), 0)::int as total_minutes,
      (select jsonb_build_object('number', t.number, 'started_at', c.started_at)
       from work_clock c join ticket t on t.id = c.ticket_id where c.person_id = ${reader.person.id}) as clock,
      coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'minutes', e.minutes, 'what', e.what, 'at', e.at, 'revision', e.revision,
          'person', jsonb_build_object('id', p.id, 'name', p.name)) order by e.at desc, e.id desc)
        from (select * from work_entry where ticket_id = ${ticketId} and removed_at is null order by at desc, id desc limit 500) e
        join person p on p.id = e.person_id), '[]') as items`.execute(db)
  return { ...rows[0]!, next: null }
}

export const timeRoutes: Resource = (app, { db }) => {
  const act = async (reader: Reader, number: string, run: (tx: Tx, ticketId: string) => Promise<unknown>) => {
    const ticket = await findTicket(db, reader, number)
    demandPlace(ticket)
    await transact(db, actorOf(reader), (tx) => run(tx, ticket.id))
    return spentOn(db, reader, ticket.id)
  }
  app.openapi(list, async (c) => {
    const reader = c.get('reader')
    const ticket = await findTicket(db, reader, c.req.valid('param').number)
    demandPlace(ticket)
    return c.json(await spentOn(db, reader, ticket.id), 200)
  })
  app.openapi(book, async (c) => {
    const reader = c.get('reader')
    const { at, ...input } = c.req.valid('json')
    const spent = await act(reader, c.req.valid('param').number, (tx, ticketId) =>
      bookTime(tx, { ticketId, personId: reader.person.id, ...input, ...(at && { at: new Date(at) }) }),
    )
    return c.json(spent, 200)
  })
  app.openapi(correct, async (c) => {
    const reader = c.get('reader')
    const { number, id } = c.req.valid('param')
    const { at, seen_revision: seenRevision, ...input } = c.req.valid('json')
    if (Object.keys(input).length === 0 && !at) throw new DeskError('invalid', 'Say what to change.')
    const edit = { id, personId: reader.person.id, seenRevision, ...input, ...(at && { at: new Date(at) }) }
    const spent = await act(reader, number, (tx, ticketId) => correctTime(tx, { ticketId, ...edit }))
    return c.json(spent, 200)
  })
  app.openapi(remove, async (c) => {
    const reader = c.get('reader')
    const { number, id } = c.req.valid('param')
    const spent = await act(reader, number, (tx, ticketId) =>
      unbookTime(tx, { ticketId, id, personId: reader.person.id }),
    )
    return c.json(spent, 200)
  })
  app.openapi(start, async (c) => {
    const reader = c.get('reader')
    const spent = await act(reader, c.req.valid('param').number, (tx, ticketId) =>
      runClock(tx, { ticketId, personId: reader.person.id }),
    )
    return c.json(spent, 200)
  })
  app.openapi(stop, async (c) => {
    const reader = c.get('reader')
    const input = c.req.valid('json')
    const spent = await act(reader, c.req.valid('param').number, (tx, ticketId) =>
      stopClock(tx, { ticketId, personId: reader.person.id, ...input }),
    )
    return c.json(spent, 200)
  })
}
