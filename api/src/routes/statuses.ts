import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveStatus,
  createStatus,
  DeskError,
  editStatus,
  type PendingReason,
  restoreStatus,
  STATUS_COLORS,
  type TicketState,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, edits, Empty, Id, IdParams, json, page, route, WithArchived } from '../route.ts'
import { rowVerb } from '../row-verb.ts'
import { Key, Label } from './services.ts'
import { Kind, PendingReason as Reason, State } from './tickets/schema.ts'

const Color = z.enum(STATUS_COLORS).openapi({ description: 'of its mark; null: that of its state' })
const Status = z
  .object({
    id: Id,
    kind: Kind,
    key: z.string(),
    name: Label,
    state: State.openapi({ description: 'what it is a finer word for; everything counts and decides by it' }),
    pending_reason: Reason.nullable().openapi({ description: 'what tickets that come to it wait for' }),
    color: Color.nullable(),
    position: z.number(),
    archived: z.boolean(),
    revision: z.number(),
  })
  .openapi('TicketStatus')
const Terms = z.strictObject({
  name: Label,
  pending_reason: Reason.nullable(),
  color: Color.nullable(),
  position: z.number().int().min(0).max(100_000),
})

const tags = ['Statuses']
const list = route('catalogue.read', {
  method: 'get',
  path: '/statuses',
  summary: 'Statuses of tickets, by kind, in their order',
  tags,
  request: { query: WithArchived },
  responses: { 200: json(page(Status), 'Statuses') },
})
const create = route('catalogue.edit', {
  method: 'post',
  path: '/statuses',
  summary: 'Add a status to a state of a kind of tickets; key, kind and state stay for good',
  tags,
  request: {
    body: body(Terms.partial().required({ name: true }).extend({ key: Key, kind: Kind, state: State })),
  },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const edit = route('catalogue.edit', {
  method: 'patch',
  path: '/statuses/{id}',
  summary: 'Rename a status, change its place, its colour or what is waited for',
  tags,
  request: {
    params: IdParams,
    body: edits(Terms),
  },
  responses: { 200: json(Empty, 'Changed') },
})
const verbs = [
  ['archive', 'Take a status out of what can be chosen; its tickets keep it', archiveStatus],
  ['restore', 'Bring an archived status back', restoreStatus],
] as const

export const statusRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const all = c.req.valid('query').archived === 'true'
    const { rows } = await sql<z.infer<typeof Status>>`
      select id, kind, key, name, state, pending_reason, color, position, archived_at is not null as archived, revision
      from ticket_status where ${all} or archived_at is null order by kind, position, key`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(create, async (c) => {
    const { pending_reason, state, ...terms } = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), (tx) =>
      createStatus(tx, {
        ...terms,
        state: state as TicketState,
        pendingReason: pending_reason as PendingReason | null | undefined,
      }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const { seen_revision, pending_reason, ...terms } = c.req.valid('json')
    if (Object.keys(terms).length === 0 && pending_reason === undefined)
      throw new DeskError('invalid', 'Say what to change.')
    await transact(db, actorOf(c.get('reader')), (tx) =>
      editStatus(tx, c.req.valid('param').id, {
        ...terms,
        pendingReason: pending_reason as PendingReason | null | undefined,
        seenRevision: seen_revision,
      }),
    )
    return c.json({ ok: true as const }, 200)
  })
  for (const [name, summary, run] of verbs)
    rowVerb(app, db, { permission: 'catalogue.edit', path: `/statuses/{id}/${name}`, summary, tags, run })
}
