import { z } from '@hono/zod-openapi'
import {
  actorOf,
  detachAlert,
  lastTarget,
  DeskError,
  mergeTickets,
  splitOff,
  splitTicket,
  type TicketKind,
  transact,
  undoSplit,
  unmergeTicket,
} from '@tocsin/desk'
import type { Db } from '@tocsin/db'
import type { Resource } from '../../context.ts'
import { body, Id, json, route } from '../../route.ts'
import { findTicket } from './find.ts'
import { readTicket } from './get.ts'
import { Kind, NumberParams, Ticket, Title } from './schema.ts'
import { demandPlace } from './verb.ts'

const tags = ['Tickets']
const detach = route('ticket.work', {
  method: 'post',
  path: '/tickets/{number}/detach',
  summary: 'Take an alert out: it does not belong here. It comes back by itself only when it fires anew',
  tags,
  request: {
    params: NumberParams,
    body: body(
      z.strictObject({
        alert_id: Id,
        why: z.string().trim().max(500).nullable().optional(),
        opens: z
          .boolean()
          .default(false)
          .openapi({ description: 'while it fires, an incident of its own opens' }),
      }),
    ),
  },
  responses: { 200: json(Ticket, 'The ticket as it is now') },
})
const split = route('ticket.work', {
  method: 'post',
  path: '/tickets/{number}/split',
  summary: 'Make these alerts an incident of their own, linked to this one',
  tags,
  request: {
    params: NumberParams,
    body: body(
      z.strictObject({
        alert_ids: z.array(Id).min(1).max(200),
        title: Title.optional(),
      }),
    ),
  },
  responses: { 201: json(Ticket, 'The new incident') },
})
const splitMessages = route('ticket.work', {
  method: 'post',
  path: '/tickets/{number}/split-off',
  summary:
    'Make these replies and notes a ticket of their own, with their files; this one keeps a pointer where each stood',
  tags,
  request: {
    params: NumberParams,
    body: body(
      z.strictObject({
        message_ids: z.array(Id).min(1).max(200),
        kind: Kind,
        title: Title,
        requester_id: Id.nullable()
          .optional()
          .openapi({ description: 'absent: whoever wrote the first of the messages' }),
        service_id: Id.nullable().optional().openapi({ description: 'absent: that of the ticket' }),
        category_id: Id.nullable().optional(),
        team_id: Id.nullable().optional().openapi({ description: 'null: the routing rules say' }),
        seen_revision: z
          .number()
          .int()
          .optional()
          .openapi({ description: 'of the ticket as you looked at it; 412 if it has changed since' }),
      }),
    ),
  },
  responses: { 201: json(Ticket, 'The new ticket') },
})
const unsplit = route('ticket.work', {
  method: 'post',
  path: '/tickets/{number}/undo-split',
  summary:
    'Take back that this ticket was split off: its messages stand where they stood, and it ends as cancelled',
  tags,
  request: { params: NumberParams, body: body(z.strictObject({})) },
  responses: { 200: json(Ticket, 'The ticket that has the messages back, or this one if that is not yours') },
})
const merge = route('ticket.work', {
  method: 'post',
  path: '/tickets/{number}/merge',
  summary:
    'Merge this ticket into another, or what that was merged into: its story goes on there, and it closes as a duplicate',
  tags,
  request: { params: NumberParams, body: body(z.strictObject({ into: NumberParams.shape.number })) },
  responses: { 200: json(Ticket, 'The ticket that goes on') },
})

const unmerge = route('ticket.work', {
  method: 'post',
  path: '/tickets/{number}/unmerge',
  summary: 'Undo the merge of this ticket: it is as it was, with its alerts',
  tags,
  request: { params: NumberParams, body: body(z.strictObject({})) },
  responses: { 200: json(Ticket, 'The ticket as it is now') },
})

/** Where people disagree with what was grouped. */
export const rearrangeRoutes: Resource = (app, { db }) => {
  app.openapi(detach, async (c) => {
    const reader = c.get('reader')
    const ticket = await findTicket(db, reader, c.req.valid('param').number)
    demandPlace(ticket)
    const { alert_id, why, opens } = c.req.valid('json')
    await transact(db, actorOf(reader), (tx) =>
      detachAlert(tx, { ticketId: ticket.id, alertId: alert_id, why, opens }),
    )
    return c.json(await readTicket(db, reader, c.req.valid('param').number), 200)
  })

  app.openapi(split, async (c) => {
    const reader = c.get('reader')
    const ticket = await findTicket(db, reader, c.req.valid('param').number)
    demandPlace(ticket)
    const { alert_ids, title } = c.req.valid('json')
    const { number } = await transact(db, actorOf(reader), (tx) =>
      splitTicket(tx, { ticketId: ticket.id, alertIds: alert_ids, title }),
    )
    c.header('location', `/api/v1/tickets/${number}`)
    return c.json(await readTicket(db, reader, number, { justActed: true }), 201)
  })

  app.openapi(splitMessages, async (c) => {
    const reader = c.get('reader')
    const asked = c.req.valid('param').number
    const ticket = await findTicket(db, reader, asked)
    demandPlace(ticket)
    const input = c.req.valid('json')
    const { number } = await transact(db, actorOf(reader), (tx) =>
      splitOff(tx, {
        id: ticket.id,
        messageIds: input.message_ids,
        kind: input.kind as TicketKind,
        title: input.title,
        requesterId: input.requester_id,
        serviceId: input.service_id,
        categoryId: input.category_id,
        teamId: input.team_id,
        seenRevision: input.seen_revision,
      }),
    ).catch(async (error: unknown) => {
      if (!(error instanceof DeskError) || error.code !== 'stale') throw error
      throw new DeskError('stale', error.message, { current: await readTicket(db, reader, asked) })
    })
    c.header('location', `/api/v1/tickets/${number}`)
    return c.json(await readTicket(db, reader, number, { justActed: true }), 201)
  })

  app.openapi(unsplit, async (c) => {
    const reader = c.get('reader')
    const { number } = c.req.valid('param')
    const ticket = await findTicket(db, reader, number)
    demandPlace(ticket)
    const back = await transact(db, actorOf(reader), async (tx) =>
      numberOf(tx.db, await undoSplit(tx, ticket.id)),
    )
    const shown = await readTicket(db, reader, back).catch(() => readTicket(db, reader, number))
    return c.json(shown, 200)
  })

  app.openapi(merge, async (c) => {
    const reader = c.get('reader')
    const { into: number } = c.req.valid('json')
    const from = await findTicket(db, reader, c.req.valid('param').number)
    demandPlace(from)
    const into = await findTicket(db, reader, number)
    const last = await transact(db, actorOf(reader), async (tx) => {
      // Where it will go on in truth is theirs to see and to work on as well.
      const target = await findTicket(tx.db, reader, await numberOf(tx.db, await lastTarget(tx, into.id)))
      demandPlace(target)
      await mergeTickets(tx, { from: from.id, into: into.id })
      return numberOf(tx.db, target.id)
    })
    return c.json(await readTicket(db, reader, last), 200)
  })

  app.openapi(unmerge, async (c) => {
    const reader = c.get('reader')
    const { number } = c.req.valid('param')
    const ticket = await findTicket(db, reader, number)
    demandPlace(ticket)
    await transact(db, actorOf(reader), (tx) => unmergeTicket(tx, ticket.id))
    return c.json(await readTicket(db, reader, number), 200)
  })
}

async function numberOf(db: Db, id: string): Promise<string> {
  const row = await db.selectFrom('ticket').select('number').where('id', '=', id).executeTakeFirstOrThrow()
  return row.number
}
