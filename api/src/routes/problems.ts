import { z } from '@hono/zod-openapi'
import { actorOf, demandInTeam, DeskError, found, raiseProblem, ticketVisible, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { body, Id, Instant, json, page, Paging, route } from '../route.ts'
import { findTicket } from './tickets/find.ts'
import { readTicket } from './tickets/get.ts'
import { NumberParams, State, Ticket } from './tickets/schema.ts'
import { whereWords } from './tickets/words.ts'

const tags = ['Problems']
const raise = route('ticket.work', {
  method: 'post',
  path: '/problems',
  summary: 'Raise a problem from an incident, or from a service and the symptom that recurs there',
  tags,
  request: {
    body: body(
      z.union([
        z.strictObject({ incident: NumberParams.shape.number }),
        z.strictObject({ service_id: Id, symptom: z.string().trim().min(1).max(200) }),
      ]),
    ),
  },
  responses: {
    200: json(Ticket, 'A problem is open for this already: it takes the incidents in'),
    201: json(Ticket, 'Opened, with its incidents linked'),
  },
})

const KnownError = z
  .object({
    number: z.string(),
    title: z.string(),
    state: State,
    service: z.object({ id: Id, key: z.string(), name: z.record(z.string(), z.string()) }).nullable(),
    root_cause: z.string().nullable(),
    workaround: z.string(),
    known_error_at: Instant,
    published_at: Instant.nullable(),
    open_incidents: z.number(),
  })
  .openapi('KnownErrorLine')
const known = route('ticket.answer', {
  method: 'get',
  path: '/known-errors',
  summary: 'Problems that are known, with how to live with them; the newest first',
  tags,
  request: {
    query: Paging.extend({
      q: z.string().max(300).optional(),
      service: Id.optional(),
      closed: z.enum(['true', 'false']).default('false'),
    }),
  },
  responses: { 200: json(page(KnownError), 'Known errors') },
})

export const problemRoutes: Resource = (app, { db }) => {
  app.openapi(raise, async (c) => {
    const reader = c.get('reader')
    const input = c.req.valid('json')
    let cause: Parameters<typeof raiseProblem>[1]
    if ('incident' in input) {
      const incident = await findTicket(db, reader, input.incident)
      if (!incident.workable)
        throw new DeskError('forbidden', 'Only those who work on this ticket may do that.')
      cause = { incidentId: incident.id }
    } else {
      const service = found(
        await db
          .selectFrom('service')
          .select('team_id')
          .where('id', '=', input.service_id)
          .executeTakeFirst(),
        'service',
      )
      if (service.team_id) demandInTeam(reader, 'ticket.work', service.team_id)
      cause = { serviceId: input.service_id, symptomKey: input.symptom }
    }
    const { number, opened } = await transact(db, actorOf(reader), (tx) => raiseProblem(tx, cause))
    c.header('location', `/api/v1/tickets/${number}`)
    return c.json(await readTicket(db, reader, number, { justActed: true }), opened ? 201 : 200)
  })

  app.openapi(known, async (c) => {
    const reader = c.get('reader')
    const { q, service, closed, cursor, limit } = c.req.valid('query')
    const after = cursor ? decodeCursor(cursor, 2) : null
    const where = [
      ticketVisible(reader),
      sql<boolean>`p.known_error_at is not null and p.workaround is not null`,
      ...(closed === 'true' ? [] : [sql<boolean>`t.state not in ('closed', 'cancelled')`]),
      ...(service ? [sql<boolean>`t.service_id = ${service}`] : []),
      ...(q?.trim() ? [whereWords(q.trim(), reader)] : []),
      ...(after
        ? [sql<boolean>`(p.known_error_at, p.ticket_id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`]
        : []),
    ]
    // From the side of the problems, of which there are few: the words of a million tickets are not asked.
    const { rows } = await sql<z.infer<typeof KnownError> & { id: string }>`
      select t.id, t.number, t.title, t.state, p.root_cause, p.workaround, p.known_error_at, p.published_at,
        (select jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) from service s where s.id = t.service_id) as service,
        (select count(*) from ticket_link l join ticket i on i.id = l.from_id where l.to_id = t.id and l.kind = 'caused_by'
           and l.removed_at is null and i.kind = 'incident' and i.state not in ('resolved', 'closed', 'cancelled')) as open_incidents
      from problem p join ticket t on t.id = p.ticket_id
      where ${sql.join(where, sql` and `)}
      order by p.known_error_at desc, p.ticket_id desc limit ${limit + 1}`.execute(db)
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    const next =
      rows.length > limit && last
        ? encodeCursor([new Date(last.known_error_at).toISOString(), last.id])
        : null
    return c.json({ items: items.map(({ id: _id, ...line }) => line), next }, 200)
  })
}
