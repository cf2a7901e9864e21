import { timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { MAIL_RULES, MailRule, Mapping } from '@tocsin/desk'
import { z } from 'zod'
import type { DatabaseClock } from './database-clock.ts'
import { previewMailRules } from './mail/preview-rules.ts'
import { previewMapping } from './preview.ts'
import { tryBody } from './try.ts'

const Tried = z.strictObject({
  system: z.string(),
  method: z.string().optional(),
  path: z.string().optional(),
  query: z.record(z.string(), z.string()).optional(),
  zone: z.string().optional(),
  mapping: Mapping.nullable().optional(),
  mailRules: z.array(MailRule).optional(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
})

const Previewed = z.strictObject({
  mapping: Mapping.nullable(),
  headers: z.record(z.string(), z.string()),
  /** In base64. */
  body: z.string(),
})

const Mails = z.strictObject({
  rules: z.array(MailRule).max(MAIL_RULES),
  mails: z.array(z.strictObject({ content_type: z.string().nullable(), body: z.string() })),
})

/**
 * What only our own processes may ask of the door, by the internal token: to read a body without keeping it.
 * Anybody else hears that there is nothing here.
 */
export function internalApp(internalToken: string, clock: DatabaseClock): Hono {
  const expected = Buffer.from(`Bearer ${internalToken}`)
  const app = new Hono()
  app.use('/internal/*', async function ours(c, next) {
    const given = Buffer.from(c.req.header('authorization') ?? '')
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return c.notFound()
    await next()
  })
  app.post('/internal/try', bodyLimit({ maxSize: 4_194_304 }), async (c) => {
    const { system, body, ...tried } = Tried.parse(await c.req.json())
    return c.json(await tryBody(system, Buffer.from(body), { ...tried, receivedAt: clock.now() }))
  })
  app.post('/internal/preview', bodyLimit({ maxSize: 4_194_304 }), async (c) => {
    const { mapping, body, headers } = Previewed.parse(await c.req.json())
    const bytes = Buffer.from(body, 'base64')
    return c.json(await previewMapping(mapping, { bytes, headers, receivedAt: clock.now() }))
  })
  app.post('/internal/mails', bodyLimit({ maxSize: 4_194_304 }), async (c) => {
    const { rules, mails } = Mails.parse(await c.req.json())
    const read = mails.map(({ content_type, body }) => ({
      bytes: Buffer.from(body, 'base64'),
      contentType: content_type ?? undefined,
    }))
    return c.json(await previewMailRules(rules, read))
  })
  return app
}
