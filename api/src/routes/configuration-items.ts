import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { Id, json, page, route } from '../route.ts'

const Item = z.object({ id: Id, name: z.string(), kind: z.string() }).openapi('ConfigurationItem')

const list = route('alert.read', {
  method: 'get',
  path: '/configuration-items',
  summary: 'Configuration items by their name, 20 at most',
  tags: ['Services'],
  request: { query: z.object({ q: z.string().max(200).default('') }) },
  responses: { 200: json(page(Item), 'Configuration items') },
})

export const configurationItemRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const words = c.req
      .valid('query')
      .q.trim()
      .replace(/[\\%_]/g, '\\$&')
    const { rows } = await sql<z.infer<typeof Item>>`
      select id, name, kind from configuration_item
      where archived_at is null and name ilike '%' || ${words} || '%' order by name, id limit 20`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
}
