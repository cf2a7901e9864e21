import { z } from '@hono/zod-openapi'
import { actorOf, DeskError, found, Mapping, mappingOf, setMapping, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Id, IdParams, json, route } from '../../route.ts'
import { askDoor } from './ask-door.ts'
import { ReadEvent } from './read-event.ts'
import { demandIntegration } from './visible.ts'

const text = z.string().nullable()
const Held = z
  .object({
    version: z.number().openapi({ description: '0: none yet, its bodies are read by usual names' }),
    mapping: Mapping.nullable(),
  })
  .openapi('IntegrationMapping')
const Previewed = z
  .object({
    body: z.unknown().optional().openapi({ description: 'as expressions see it' }),
    refused: text.openapi({ description: 'why the body cannot be read at all' }),
    mapping: Mapping.nullable().openapi({ description: 'the one given, else the guess for this body' }),
    events: z.array(ReadEvent.omit({ group_key: true }).extend({ position: z.number() })),
    unreadable: z.array(z.object({ position: z.number(), element: z.string(), reason: z.string() })),
    errors: z
      .array(z.object({ path: z.string(), position: z.number().nullable(), message: z.string() }))
      .openapi({
        description:
          'position null: the expression cannot be used at all; else it could do nothing with that element',
      }),
  })
  .openapi('MappingPreview')

const tags = ['Integrations']
const get = route('integration.read', {
  method: 'get',
  path: '/integrations/{id}/mapping',
  summary: 'How the bodies of a generic webhook are read',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Held, 'The mapping and its version') },
})
const put = route('integration.edit', {
  method: 'put',
  path: '/integrations/{id}/mapping',
  summary: 'Read its bodies so from now on; 412 where there is a newer version than the one seen',
  tags,
  request: {
    params: IdParams,
    body: body(z.strictObject({ mapping: Mapping, seen_version: z.int().min(0) })),
  },
  responses: { 200: json(z.object({ version: z.number() }), 'Saved') },
})
const preview = route('integration.read', {
  method: 'post',
  path: '/integrations/{id}/mapping/preview',
  summary: 'What a mapping makes of a body or of a request received, touching nothing',
  tags,
  request: {
    params: IdParams,
    body: body(
      z.strictObject({
        mapping: Mapping.nullable().openapi({ description: 'null: what the names in the body let guess' }),
        receipt_id: Id.optional(),
        body: z.unknown().optional().openapi({ description: 'the body as text, or as JSON' }),
        headers: z.record(z.string(), z.string()).default({}),
      }),
    ),
  },
  responses: { 200: json(Previewed, 'The events, and what each expression could not do') },
})

interface Sent {
  body: Buffer
  headers: Record<string, string>
}

export const mappingRoutes: Resource = (app, { db, config }) => {
  const receiptOf = async (integrationId: string, id: string): Promise<Sent> => {
    const { rows } = await sql<Sent & { content_type: string | null }>`
      select body, headers, content_type from receipt where integration_id = ${integrationId} and id = ${id}`.execute(
      db,
    )
    const { body: bytes, headers, content_type } = found(rows[0], 'receipt')
    return { body: bytes, headers: { ...headers, ...(content_type && { 'content-type': content_type }) } }
  }
  app.openapi(get, async (c) => {
    const { settings } = await demandIntegration(db, c.get('reader'), c.req.valid('param').id)
    return c.json(mappingOf(settings.mapping), 200)
  })
  app.openapi(put, async (c) => {
    const { id } = c.req.valid('param')
    const { mapping, seen_version } = c.req.valid('json')
    const saved = await transact(db, actorOf(c.get('reader')), (tx) =>
      setMapping(tx, id, { mapping, seenVersion: seen_version }),
    )
    return c.json(saved, 200)
  })
  app.openapi(preview, async (c) => {
    const { id } = c.req.valid('param')
    const { mapping, receipt_id, body: given, headers } = c.req.valid('json')
    const { system } = await demandIntegration(db, c.get('reader'), id)
    if (system !== 'webhook')
      throw new DeskError('conflict', 'Only the bodies of a generic webhook are read by a mapping.')
    const sent = receipt_id
      ? await receiptOf(id, receipt_id)
      : { body: Buffer.from(typeof given === 'string' ? given : (JSON.stringify(given) ?? '')), headers }
    const answer = await askDoor<z.infer<typeof Previewed>>(config, '/internal/preview', {
      mapping,
      headers: sent.headers,
      body: sent.body.toString('base64'),
    })
    return c.json(answer, 200)
  })
}
