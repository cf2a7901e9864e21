import { z } from '@hono/zod-openapi'
import {
  actorOf,
  DeskError,
  finishReminder,
  remind,
  snoozeReminder,
  ticketVisible,
  transact,
  type Tx,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, Empty, Id, IdParams, Instant, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'
import { findTicket } from './tickets/find.ts'
import { NumberParams, Priority, State } from './tickets/schema.ts'

const Kind = z.enum(['time', 'answer', 'unchanged']).openapi({
  description: 'at a time; when its requester answers; when nothing has changed by then',
})
const Reminder = z
  .object({
    id: Id,
    kind: Kind,
    due_at: Instant.nullable(),
    note: z.string(),
    state: z.enum(['waiting', 'fired', 'done', 'lapsed']),
    fired_at: Instant.nullable(),
    created_at: Instant,
    ticket: z
      .object({ number: z.string(), title: z.string(), state: State, priority: Priority })
      .nullable()
      .openapi({ description: 'null: not mine to see any more' }),
  })
  .openapi('Reminder')
const When = {
  at: Instant.optional(),
  in_minutes: z
    .number()
    .int()
    .min(1)
    .max(2 * 366 * 24 * 60)
    .optional(),
}

const tags = ['Reminders']
const list = route('self', {
  method: 'get',
  path: '/reminders',
  summary: 'My reminders: those that came first, then those that wait, the soonest first',
  tags,
  request: {
    query: z.object({
      state: z.enum(['fired', 'waiting', 'open']).default('open').openapi({ description: 'open: both' }),
    }),
  },
  responses: { 200: json(page(Reminder), 'Reminders') },
})
const ask = route('ticket.read', {
  method: 'post',
  path: '/tickets/{number}/remind',
  summary: 'Remind me of it: at a time, when its requester answers, or if it has not changed by then',
  tags,
  request: {
    params: NumberParams,
    body: body(
      z.strictObject({ kind: Kind.default('time'), ...When, note: z.string().trim().max(500).optional() }),
    ),
  },
  responses: { 201: json(z.object({ id: Id }), 'Remembered') },
})
const snooze = route('self', {
  method: 'post',
  path: '/reminders/{id}/snooze',
  summary: 'Later: at that time, whatever it waited for',
  tags,
  request: { params: IdParams, body: body(z.strictObject(When)) },
  responses: { 200: json(Empty, 'Put off') },
})

/** The time that was said, by the desk's own clock where it is a length. */
function whenOf(tx: Tx, { at, in_minutes }: { at?: string; in_minutes?: number }): Date | undefined {
  if (at !== undefined && in_minutes !== undefined)
    throw new DeskError('invalid', 'Say when once.', { errors: [{ path: 'at', message: 'or in_minutes' }] })
  if (in_minutes !== undefined) return new Date(tx.now.getTime() + in_minutes * 60_000)
  return at === undefined ? undefined : new Date(at)
}

export const reminderRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const reader = c.get('reader')
    const { state } = c.req.valid('query')
    const states = state === 'open' ? ['fired', 'waiting'] : [state]
    const { rows } = await sql<z.infer<typeof Reminder>>`
      select r.id, r.kind, r.due_at, r.note, r.state, r.fired_at, r.created_at,
        (select jsonb_build_object('number', t.number, 'title', t.title, 'state', t.state, 'priority', t.priority)
         from ticket t where t.id = r.ticket_id and ${ticketVisible(reader)}) as ticket
      from reminder r where r.person_id = ${reader.person.id} and r.state = any(${states})
      order by r.state, coalesce(r.fired_at, r.due_at) nulls last, r.id limit 1000`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(ask, async (c) => {
    const reader = c.get('reader')
    const ticket = await findTicket(db, reader, c.req.valid('param').number)
    const { kind, note, ...when } = c.req.valid('json')
    if (kind === 'answer' && (when.at ?? when.in_minutes) !== undefined)
      throw new DeskError('invalid', 'An answer has no time.', {
        errors: [{ path: 'at', message: 'is not known of an answer' }],
      })
    const id = await transact(db, actorOf(reader), (tx) =>
      remind(tx, {
        ticketId: ticket.id,
        personId: reader.person.id,
        kind,
        at: whenOf(tx, when),
        note,
      }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(snooze, async (c) => {
    const reader = c.get('reader')
    const when = c.req.valid('json')
    await transact(db, actorOf(reader), (tx) =>
      snoozeReminder(tx, {
        id: c.req.valid('param').id,
        personId: reader.person.id,
        until: whenOf(tx, when) ?? tx.now,
      }),
    )
    return c.json({ ok: true as const }, 200)
  })
  rowVerb(app, db, {
    permission: 'self',
    path: '/reminders/{id}/done',
    summary: 'Seen to, or no longer wanted',
    tags,
    run: (tx, id, reader) => finishReminder(tx, { id, personId: reader.person.id }),
  })
}
