import { z } from '@hono/zod-openapi'
import { DeskError, type MailRule, mappingOf } from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { body, IdParams, json, route } from '../../route.ts'
import { askDoor } from './ask-door.ts'
import { ReadEvent } from './read-event.ts'
import { demandIntegration } from './visible.ts'

const text = z.string().nullable()
const Tried = z
  .object({
    refused: text.openapi({ description: 'why the body as a whole cannot be taken' }),
    events: z.array(ReadEvent.extend({ status: z.enum(['firing', 'acknowledged', 'resolved']) })),
    noted: z
      .array(ReadEvent)
      .openapi({ description: 'what changes no alert: notes, changes, pings, snoozes' }),
    /** Elements that would become dead letters. */
    unreadable: z.array(z.object({ element: z.string(), reason: z.string() })),
    /** What the sender would be told. */
    answer: z.object({ status: z.number(), body: z.unknown() }),
  })
  .openapi('Tried')

const attempt = route('integration.read', {
  method: 'post',
  path: '/integrations/{id}/try',
  summary: 'What would be read out of a body, touching nothing',
  tags: ['Integrations'],
  request: {
    params: IdParams,
    body: body(
      z.strictObject({
        headers: z.record(z.string(), z.string()).default({}),
        method: z.string().max(10).optional(),
        path: z
          .string()
          .max(2_000)
          .optional()
          .openapi({ description: 'what the sender adds after the key, or its own address, query included' }),
        body: z.unknown().openapi({ description: 'the body as text, or as JSON' }),
      }),
    ),
  },
  responses: { 200: json(Tried, 'What the adapter reads') },
})

/** The adapters live behind the machines' door, so it is asked, by the token of our own processes. */
export const tryRoutes: Resource = (app, { db, config }) => {
  app.openapi(attempt, async (c) => {
    const { system, settings } = await demandIntegration(db, c.get('reader'), c.req.valid('param').id)
    const { headers, body: given, method, path } = c.req.valid('json')
    const address = addressOf(path ?? '')
    const answer = await askDoor<z.infer<typeof Tried>>(config, '/internal/try', {
      system,
      headers,
      method,
      path: address.pathname === '/' ? '' : address.pathname,
      query: Object.fromEntries(address.searchParams),
      zone: settings.time_zone as string | undefined,
      mapping: mappingOf(settings.mapping).mapping,
      mailRules: settings.mail_rules as MailRule[] | undefined,
      body: typeof given === 'string' ? given : (JSON.stringify(given) ?? ''),
    })
    return c.json(answer, 200)
  })
}

/** `/api/v2/alerts?a=b`, or the query alone. */
function addressOf(path: string): URL {
  const from = path.startsWith('?') ? path : `/${path.replace(/^\/+/, '')}`
  if (URL.canParse(from, 'http://door')) return new URL(from, 'http://door')
  throw new DeskError('invalid', 'There is no such address.', {
    errors: [{ path: 'path', message: 'must be a path, with a query or without' }],
  })
}
