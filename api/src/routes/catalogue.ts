import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveItem,
  type CatalogueItem,
  createItem,
  DeskError,
  editItem,
  fileForApproval,
  found,
  readCatalogue,
  readShelf,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { once } from '../idempotency.ts'
import { body, edits, Empty, Id, json, page, route } from '../route.ts'
import { FormField as Field } from './fields.ts'
import { Key, Label } from './services.ts'
import { ApprovalAsked } from './tickets/details.ts'
import { readTicket } from './tickets/get.ts'
import { FieldAnswer, Impact, Ticket } from './tickets/schema.ts'

const Kind = z.enum(['incident', 'request'])
const Terms = z.strictObject({
  name: Label,
  description: Label,
  fields: z.array(Field).max(40),
  service_id: Id.nullable(),
  team_id: Id.nullable(),
  category_id: Id.nullable(),
  impact: Impact,
  urgency: Impact,
  position: z.number().int().min(0).max(100_000),
  approvals: z.array(ApprovalAsked).max(10).openapi({
    description: 'whom requests filed by it wait for; every one must be given. Of requests alone',
  }),
})
export const Item = z
  .object({
    key: z.string(),
    kind: Kind.openapi({ description: 'incident: employees report a fault with it' }),
    name: Label,
    description: z.union([Label, z.strictObject({})]),
    fields: z.array(Field),
    service_id: Id.nullable(),
    needs_approval: z.boolean(),
    revision: z.number(),
  })
  .openapi('CatalogueItem')
const ItemForEditing = Item.extend({
  team_id: Id.nullable(),
  category_id: Id.nullable(),
  impact: Impact,
  urgency: Impact,
  position: z.number(),
  approvals: z.array(ApprovalAsked),
  approvers: z.record(z.string(), z.string()).openapi({ description: 'names of the people in them' }),
}).openapi('CatalogueItemForEditing')

const KeyParams = z.object({ key: Key })
const tags = ['Catalogue']
const list = route('catalogue.read', {
  method: 'get',
  path: '/catalogue',
  summary: 'What employees can ask for, with the form of each item',
  tags,
  request: {},
  responses: { 200: json(page(Item), 'Items') },
})
const listForEditing = route('catalogue.edit', {
  method: 'get',
  path: '/catalogue/items',
  summary: 'The items with where they go',
  tags,
  request: {},
  responses: { 200: json(page(ItemForEditing), 'Items') },
})
const file = route('ticket.create', {
  method: 'post',
  path: '/catalogue/{key}/file',
  summary: 'File a request or report a fault; answers the ticket. Wrong answers come back by question',
  tags,
  request: {
    params: KeyParams,
    headers: z.object({ 'idempotency-key': z.string().max(255).optional() }),
    body: body(
      z.strictObject({
        title: z.string().max(500).optional(),
        description: z.string().max(100_000).optional(),
        fields: z.record(z.string().max(100), FieldAnswer).default({}),
        service_id: Id.nullable().optional(),
        attachment_ids: z.array(Id).max(20).optional(),
      }),
    ),
  },
  responses: { 201: json(Ticket, 'Filed') },
})
const people = route('catalogue.read', {
  method: 'get',
  path: '/catalogue/{key}/people',
  summary:
    'Whom a question of this item can be answered with: names alone, and only where the question says so',
  tags,
  request: {
    params: KeyParams,
    query: z.object({
      field: z.string().max(40).openapi({ description: 'the key of the question' }),
      q: z.string().trim().min(2).max(100).optional().openapi({ description: 'the beginning of any name' }),
      id: Id.optional().openapi({ description: 'the one who was chosen' }),
    }),
  },
  responses: { 200: json(page(z.object({ id: Id, name: z.string() })), 'At most 8') },
})
const create = route('catalogue.edit', {
  method: 'post',
  path: '/catalogue',
  summary: 'Add an item',
  tags,
  request: {
    body: body(
      Terms.partial()
        .required({ name: true })
        .extend({ key: Key, kind: Kind, fields: Terms.shape.fields.default([]) }),
    ),
  },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const edit = route('catalogue.edit', {
  method: 'patch',
  path: '/catalogue/{key}',
  summary: 'Change an item; what was filed keeps its answers',
  tags,
  request: {
    params: KeyParams,
    body: edits(Terms),
  },
  responses: { 200: json(Empty, 'Changed') },
})
const archive = route('catalogue.edit', {
  method: 'post',
  path: '/catalogue/{key}/archive',
  summary: 'Take an item off the shelf',
  tags,
  request: { params: KeyParams },
  responses: { 200: json(Empty, 'Archived') },
})

const termsOf = (terms: Partial<z.infer<typeof Terms>>) => ({
  name: terms.name,
  description: terms.description,
  fields: terms.fields,
  serviceId: terms.service_id,
  teamId: terms.team_id,
  categoryId: terms.category_id,
  impact: terms.impact,
  urgency: terms.urgency,
  position: terms.position,
  approvals: terms.approvals,
})

/** An item as those see it who ask for it. */
export const shownItem = ({ approvals, ...item }: CatalogueItem): z.infer<typeof Item> => ({
  key: item.key,
  kind: item.kind,
  name: item.name,
  description: item.description,
  fields: item.fields,
  service_id: item.service_id,
  needs_approval: approvals.length > 0,
  revision: item.revision,
})

/** Any of their names begins so: whoever asks knows whom they mean. */
export const namedLike = (q: string) =>
  sql<boolean>`' ' || folded_name like '% ' || replace(replace(replace(fold_text(${q}), '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'`

export const catalogueRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const items = await readShelf(db)
    return c.json({ items: items.map(shownItem), next: null }, 200)
  })
  app.openapi(listForEditing, async (c) => {
    const items = await readCatalogue(db)
    const asked = items.flatMap(({ approvals }) =>
      approvals.flatMap((one) => ('people' in one ? one.people : [])),
    )
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name from person where id = any(${asked}::uuid[])`.execute(db)
    const shown = items.map(({ id: _id, ...item }) => {
      const ids = item.approvals.flatMap((one) => ('people' in one ? one.people : []))
      const approvers = Object.fromEntries(
        rows.filter(({ id }) => ids.includes(id)).map(({ id, name }) => [id, name]),
      )
      return { ...item, needs_approval: item.approvals.length > 0, approvers }
    })
    return c.json({ items: shown, next: null }, 200)
  })
  app.openapi(people, async (c) => {
    const { field, q, id } = c.req.valid('query')
    const { key } = c.req.valid('param')
    const item = (await readShelf(db)).find((one) => one.key === key)
    const question = found(item, 'item in the catalogue').fields.find((one) => one.key === field)
    if (question?.type !== 'person' || !question.names)
      throw new DeskError('not_found', 'This is not answered with a person.')
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name from person
      where archived_at is null and (id = ${id ?? null}::uuid or ${q ? namedLike(q) : sql`false`})
      order by name, id limit 8`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(file, async (c) => {
    const reader = c.get('reader')
    const { key } = c.req.valid('param')
    const input = c.req.valid('json')
    const { number } = await transact(db, actorOf(reader), (tx) =>
      once(tx, reader, c.req.valid('header')['idempotency-key'], { key, ...input }, async () => {
        const filed = await fileForApproval(tx, {
          key,
          requester: reader.person,
          title: input.title,
          description: input.description,
          fields: input.fields,
          serviceId: input.service_id,
          attachmentIds: input.attachment_ids,
        })
        return { number: filed.number }
      }),
    )
    c.header('location', `/api/v1/tickets/${number}`)
    return c.json(await readTicket(db, reader, number), 201)
  })
  app.openapi(create, async (c) => {
    const input = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), (tx) =>
      createItem(tx, {
        ...termsOf(input),
        key: input.key,
        kind: input.kind,
        name: input.name,
        fields: input.fields,
      }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const { seen_revision, ...terms } = c.req.valid('json')
    if (Object.keys(terms).length === 0) throw new DeskError('invalid', 'Say what to change.')
    await transact(db, actorOf(c.get('reader')), (tx) =>
      editItem(tx, c.req.valid('param').key, { ...termsOf(terms), seenRevision: seen_revision }),
    )
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(archive, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) => archiveItem(tx, c.req.valid('param').key))
    return c.json({ ok: true as const }, 200)
  })
}
