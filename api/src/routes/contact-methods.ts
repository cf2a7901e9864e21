import { z } from '@hono/zod-openapi'
import {
  actorOf,
  addContactMethod,
  createSenders,
  demandPublic,
  editContactMethod,
  removeContactMethod,
  testContactMethod,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, Empty, Id, IdParams, Instant, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const Kind = z.enum(['email', 'webhook', 'app'])
const Method = z
  .object({
    id: Id,
    kind: Kind,
    address: z.string(),
    delay_ms: z.number(),
    verified_at: Instant.nullable().openapi({ description: 'when a test last arrived' }),
    failing: z
      .object({ since: Instant, reason: z.string(), detail: z.string().nullable() })
      .nullable()
      .openapi({ description: 'the last thing sent there failed for good; cleared when something arrives' }),
    created_at: Instant,
  })
  .openapi('ContactMethod')
const delay_ms = z
  .number()
  .int()
  .openapi({ description: 'how long after the page this way is taken; 0 to 24 hours' })

const tags = ['On call']
const list = route('page.answer', {
  method: 'get',
  path: '/contact-methods',
  summary: 'How I am reached, in order; none chosen means by e-mail and in the page',
  tags,
  request: {},
  responses: { 200: json(page(Method), 'My contact methods') },
})
const create = route('page.answer', {
  method: 'post',
  path: '/contact-methods',
  summary: 'Add a way to reach me; a webhook’s signing secret is shown this once',
  tags,
  request: {
    body: body(
      z.strictObject({
        kind: Kind,
        address: z.string().max(2_000).default(''),
        delay_ms: delay_ms.default(0),
      }),
    ),
  },
  responses: { 201: json(z.object({ id: Id, secret: z.string().optional() }), 'Added') },
})
const edit = route('page.answer', {
  method: 'patch',
  path: '/contact-methods/{id}',
  summary: 'Change how long after the page this way is taken',
  tags,
  request: { params: IdParams, body: body(z.strictObject({ delay_ms })) },
  responses: { 200: json(Empty, 'Changed') },
})
const test = route('page.answer', {
  method: 'post',
  path: '/contact-methods/{id}/test',
  summary: 'Send me a test over this way now',
  tags,
  request: { params: IdParams },
  responses: {
    200: json(
      z.object({ ok: z.boolean(), reason: z.string().nullable(), detail: z.string().nullable() }),
      'What the other side made of it',
    ),
  },
})

export const contactMethodRoutes: Resource = (app, { db, config }) => {
  const senders = createSenders(db, config)
  app.openapi(list, async (c) => {
    const { rows } = await sql<z.infer<typeof Method>>`
      select id, kind, address, delay_ms, verified_at, created_at,
        case when failing_since is not null then failing || jsonb_build_object('since', failing_since) end as failing
      from contact_method
      where person_id = ${c.get('reader').person.id} and archived_at is null
      order by delay_ms, created_at, id`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(create, async (c) => {
    const reader = c.get('reader')
    const { kind, address, delay_ms: delayMs } = c.req.valid('json')
    if (kind === 'webhook') await demandPublic(address, 'address', senders.mayCall)
    const made = await transact(db, actorOf(reader), (tx) =>
      addContactMethod(tx, reader.person.id, { kind, address, delayMs }, config.secret),
    )
    return c.json(made, 201)
  })
  app.openapi(edit, async (c) => {
    const reader = c.get('reader')
    const { delay_ms: delayMs } = c.req.valid('json')
    await transact(db, actorOf(reader), (tx) =>
      editContactMethod(tx, reader.person.id, c.req.valid('param').id, delayMs),
    )
    return c.json({ ok: true as const }, 200)
  })
  rowVerb(app, db, {
    permission: 'page.answer',
    path: '/contact-methods/{id}/remove',
    summary: 'Remove a way to reach me, but not the last one',
    tags,
    run: (tx, id, reader) => removeContactMethod(tx, reader.person.id, id),
  })
  app.openapi(test, async (c) => {
    const sent = await testContactMethod(
      { db, ...config, ...senders },
      c.get('reader').person.id,
      c.req.valid('param').id,
    )
    return c.json({ ok: sent.ok, reason: sent.ok ? null : sent.reason, detail: sent.detail ?? null }, 200)
  })
}
