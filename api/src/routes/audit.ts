import { z } from '@hono/zod-openapi'
import { GRANTS, type Reader, scopeOf, teamsWith } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../context.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { Id, Instant, json, page, Paging, route } from '../route.ts'
import { inTime } from './tickets/in-time.ts'

const Line = z
  .object({
    id: Id,
    at: Instant,
    actor: z.object({ kind: z.string(), id: Id.nullable(), name: z.string().nullable() }),
    verb: z.string(),
    subject: z.object({
      kind: z.string(),
      id: Id,
      name: z.string().nullable().openapi({ description: 'as it is called today, in the reader’s language' }),
    }),
    ticket: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    why: z.unknown(),
  })
  .openapi('AuditLine')

const Asked = Paging.extend({
  subject_kind: z.string().max(40).optional(),
  subject_id: Id.optional(),
  actor: Id.optional(),
  verb: z.string().max(60).optional(),
  only: z.enum(['configuration', 'all']).default('all'),
})
const list = route('audit.read', {
  method: 'get',
  path: '/audit',
  summary: 'The record, newest first. Administrators see all of it, managers their teams’ tickets',
  tags: ['Audit'],
  request: { query: Asked },
  responses: { 200: json(page(Line), 'Lines') },
})

const permissions = route('audit.read', {
  method: 'get',
  path: '/permissions',
  summary: 'Which role may do what, how far',
  tags: ['Audit'],
  request: {},
  responses: { 200: json(z.record(z.string(), z.record(z.string(), z.string())), 'The table') },
})

// The tables of what has a name, by the kind that the record calls it.
const NAMED = {
  api_key: 'api_key',
  calendar: 'calendar',
  escalation_policy: 'escalation_policy',
  integration: 'integration',
  lookup: 'lookup',
  organisation: 'organisation',
  people_group: 'people_group',
  person: 'person',
  schedule: 'schedule',
  skill: 'skill',
  sla_policy: 'sla_policy',
  tag: 'tag',
  team: 'team',
}
const TRANSLATED = {
  catalogue_item: 'catalogue_item',
  category: 'category',
  service: 'service',
  status: 'ticket_status',
}

/** The name of an activity line's subject, over a table named `a`. */
const nameIn = (locale: string) => {
  const named = Object.entries(NAMED).map(
    ([kind, table]) =>
      sql`when ${sql.lit(kind)} then (select name from ${sql.table(table)} where id = a.subject_id)`,
  )
  const translated = Object.entries(TRANSLATED).map(
    ([kind, table]) =>
      sql`when ${sql.lit(kind)} then (select coalesce(name ->> ${locale}, name ->> 'en', key) from ${sql.table(table)} where id = a.subject_id)`,
  )
  return sql`case a.subject_kind ${sql.join([...named, ...translated], sql` `)} end`
}

const NARROWER = 'Say what it was about, or who did it.'

/**
 * The lines that are asked for, newest first. A verb is said of few kinds of things, and of each its lines stand in their
 * order: so they are merged, and a verb that was never said of a thing is not looked for in all that was.
 */
function linesOf(
  query: z.infer<typeof Asked>,
  reader: Reader,
  after?: string | number | null,
): RawBuilder<unknown> {
  const teams = teamsWith(reader, 'audit.read')
  const said = sql`true
    ${query.verb ? sql`and a.verb = ${query.verb}` : sql``}
    ${query.only === 'configuration' ? sql`and a.visibility = 'audit'` : sql``}`
  const lines = (of: RawBuilder<unknown>) => sql`
    select a.* from activity a left join ticket t on t.id = a.ticket_id where ${said} and ${of}
      ${scopeOf(reader, 'audit.read') === 'all' ? sql`` : sql`and a.ticket_id is not null and t.team_id = any(${teams}::uuid[])`}
      ${query.subject_kind ? sql`and a.subject_kind = ${query.subject_kind}` : sql``}
      ${query.subject_id ? sql`and a.subject_id = ${query.subject_id}` : sql``}
      ${query.actor ? sql`and a.actor_id = ${query.actor}` : sql``}
      ${after ? sql`and a.id < ${after}::uuid` : sql``}
    order by a.id desc limit ${query.limit + 1}`
  if (!query.verb || query.subject_kind || query.subject_id || query.actor) return lines(sql`true`)
  return sql`
    with recursive kind(name) as (
      select min(a.subject_kind) from activity a where ${said}
      union all
      select (select min(a.subject_kind) from activity a where ${said} and a.subject_kind > kind.name) from kind where kind.name is not null)
    select l.* from kind cross join lateral (${lines(sql`a.subject_kind = kind.name`)}) l order by l.id desc limit ${query.limit + 1}`
}

export const auditRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const reader = c.get('reader')
    const query = c.req.valid('query')
    const after = query.cursor ? decodeCursor(query.cursor, 1)[0] : null
    const lines = sql<z.infer<typeof Line>>`
      select a.id, a.recorded_at as at, a.verb, a.before, a.after, a.why,
        jsonb_build_object('kind', a.subject_kind, 'id', a.subject_id, 'name', ${nameIn(reader.person.locale)}) as subject,
        t.number as ticket,
        jsonb_build_object('kind', a.actor_kind, 'id', a.actor_id, 'name', coalesce(p.name, i.name)) as actor
      from (${linesOf(query, reader, after)}) a
      left join ticket t on t.id = a.ticket_id
      left join person p on a.actor_kind = 'person' and p.id = a.actor_id
      left join integration i on a.actor_kind = 'integration' and i.id = a.actor_id
      order by a.id desc`
    // What never happened to a thing, or long ago, is looked for in the whole record.
    const { rows } = await inTime(db, (tx) => lines.execute(tx), NARROWER)
    const items = rows.slice(0, query.limit)
    return c.json({ items, next: rows.length > query.limit ? encodeCursor([items.at(-1)!.id]) : null }, 200)
  })
  app.openapi(permissions, (c) => c.json(GRANTS as Record<string, Record<string, string>>, 200))
}
