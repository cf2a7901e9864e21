import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveWebhook,
  createWebhook,
  demandPublic,
  editWebhook,
  found,
  mayCall,
  rotateSecret,
  switchWebhook,
  testWebhook,
  transact,
  WebhookTerms,
} from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Empty, Id, IdParams, Instant, json, page, route } from '../../route.ts'
import { rowVerb } from '../../row-verb.ts'
import { deliveryRoutes } from './deliveries.ts'

const tags = ['Webhooks']
const Webhook = z
  .object({
    ...WebhookTerms.shape,
    id: Id,
    state: z.enum(['on', 'off', 'stopped']).openapi({ description: 'stopped: by the desk, nothing arrived' }),
    stopped_at: Instant.nullable(),
    wait_until: Instant.nullable().openapi({
      description: 'the receiver asks that nothing is sent there before (Retry-After)',
    }),
    old_secret_until: Instant.nullable().openapi({ description: 'until then the secret before signs too' }),
    author: z.object({ id: Id, name: z.string() }).nullable(),
    revision: z.number(),
    created_at: Instant,
    last_delivered_at: Instant.nullable(),
    waiting: z.number().openapi({ description: 'messages on their way; counted up to 1,000' }),
    failed: z.number().openapi({ description: 'given up in the last 24 hours; counted up to 1,000' }),
  })
  .openapi('Webhook')
const Terms = WebhookTerms.extend({
  verbs: WebhookTerms.shape.verbs.default([]),
  kinds: WebhookTerms.shape.kinds.default([]),
  team_ids: WebhookTerms.shape.team_ids.default([]),
  condition: WebhookTerms.shape.condition.default(''),
  notes: z.boolean().default(false),
  confidential: z.boolean().default(false),
})

const list = route('webhook.edit', {
  method: 'get',
  path: '/webhooks',
  summary: 'Where what happens to tickets is sent to',
  tags,
  request: {},
  responses: { 200: json(page(Webhook), 'Webhooks') },
})
const get = route('webhook.edit', {
  method: 'get',
  path: '/webhooks/{id}',
  summary: 'One webhook',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Webhook, 'The webhook') },
})
const create = route('webhook.edit', {
  method: 'post',
  path: '/webhooks',
  summary: 'Create a webhook; the answer holds its secret, this once',
  tags,
  request: { body: body(Terms) },
  responses: { 201: json(z.object({ id: Id, secret: z.string() }), 'Created, and on') },
})
const edit = route('webhook.edit', {
  method: 'patch',
  path: '/webhooks/{id}',
  summary: 'Change what it is told, or where',
  tags,
  request: {
    params: IdParams,
    body: body(
      WebhookTerms.partial().extend({
        seen: z
          .int()
          .optional()
          .openapi({ description: 'the revision that was edited; 412 when there is a newer one' }),
      }),
    ),
  },
  responses: { 200: json(Empty, 'Changed') },
})
const flip = route('webhook.edit', {
  method: 'post',
  path: '/webhooks/{id}/switch',
  summary: 'Switch it on or off; a stopped one goes on',
  tags,
  request: { params: IdParams, body: body(z.strictObject({ on: z.boolean() })) },
  responses: { 200: json(Empty, 'Switched') },
})
const rotate = route('webhook.edit', {
  method: 'post',
  path: '/webhooks/{id}/rotate',
  summary: 'Give it another secret, answered this once; for a day both sign',
  tags,
  request: { params: IdParams },
  responses: { 200: json(z.object({ secret: z.string(), old_until: Instant }), 'The new secret') },
})
const test = route('webhook.edit', {
  method: 'post',
  path: '/webhooks/{id}/test',
  summary: 'Send a message about nothing; the log tells what came of it',
  tags,
  request: { params: IdParams },
  responses: { 202: json(z.object({ delivery: Id }), 'On its way') },
})

const MOST_COUNTED = 1_000
const counted = (where: RawBuilder<unknown>) =>
  sql`(select count(*) from (select from webhook_delivery d where d.webhook_id = w.id and ${where} limit ${MOST_COUNTED}) n)`
const WEBHOOKS = sql`
  select w.id, w.name, w.url, w.verbs, w.kinds, w.team_ids, w.condition, w.notes, w.confidential, w.state, w.stopped_at,
    case when w.wait_until > tocsin_now() then w.wait_until end as wait_until,
    w.revision, w.created_at, case when w.old_secret_until > tocsin_now() then w.old_secret_until end as old_secret_until,
    case when p.id is not null then jsonb_build_object('id', p.id, 'name', p.name) end as author,
    (select d.ended_at from webhook_delivery d where d.webhook_id = w.id and d.state = 'delivered'
     order by d.id desc limit 1) as last_delivered_at,
    ${counted(sql`d.state in ('waiting', 'leased')`)} as waiting,
    ${counted(sql`d.state = 'failed' and d.ended_at > (select tocsin_now()) - interval '24 hours'`)} as failed
  from webhook w left join person p on p.id = w.author_id
  where w.archived_at is null`

export const webhookRoutes: Resource = (app, deps) => {
  const { db, config } = deps
  const may = mayCall(config.webhookAllow ?? [])
  app.openapi(list, async (c) => {
    const { rows } = await sql<z.infer<typeof Webhook>>`${WEBHOOKS} order by lower(w.name), w.id`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(get, async (c) => {
    const { rows } = await sql<
      z.infer<typeof Webhook>
    >`${WEBHOOKS} and w.id = ${c.req.valid('param').id}`.execute(db)
    return c.json(found(rows[0], 'webhook'), 200)
  })
  app.openapi(create, async (c) => {
    await demandPublic(c.req.valid('json').url, 'url', may)
    const made = await transact(db, actorOf(c.get('reader')), (tx) =>
      createWebhook(tx, c.req.valid('json'), config.secret),
    )
    return c.json(made, 201)
  })
  app.openapi(edit, async (c) => {
    const { url } = c.req.valid('json')
    if (url !== undefined) await demandPublic(url, 'url', may)
    await transact(db, actorOf(c.get('reader')), (tx) =>
      editWebhook(tx, c.req.valid('param').id, c.req.valid('json')),
    )
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(flip, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) =>
      switchWebhook(tx, c.req.valid('param').id, c.req.valid('json').on),
    )
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(rotate, async (c) => {
    const { secret, old_until } = await transact(db, actorOf(c.get('reader')), (tx) =>
      rotateSecret(tx, c.req.valid('param').id, config.secret),
    )
    return c.json({ secret, old_until: old_until.toISOString() }, 200)
  })
  app.openapi(test, async (c) => {
    const delivery = await transact(db, actorOf(c.get('reader')), (tx) =>
      testWebhook(tx, c.req.valid('param').id),
    )
    return c.json({ delivery }, 202)
  })
  rowVerb(app, db, {
    permission: 'webhook.edit',
    path: '/webhooks/{id}/archive',
    summary: 'Archive a webhook: nothing leaves any more',
    tags,
    run: archiveWebhook,
  })
  deliveryRoutes(app, deps)
}
