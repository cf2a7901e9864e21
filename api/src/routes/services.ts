import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveService,
  createService,
  editService,
  found,
  type Reader,
  scopeOf,
  ticketVisible,
  transact,
} from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, Empty, Id, IdParams, Instant, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

export const Label = z
  .strictObject({
    en: z.string().trim().min(1).max(200),
    fr: z.string().max(200).optional(),
    it: z.string().max(200).optional(),
  })
  .openapi('Label')

export const Health = z.enum(['ok', 'degraded', 'down'])
/** P1 and P2 incidents mean that people cannot work; lesser ones that they notice. */
export const healthBy = (worst: RawBuilder<unknown>) =>
  sql<
    z.infer<typeof Health>
  >`(select case when w <= 'P2' then 'down' when w is not null then 'degraded' else 'ok' end from (select ${worst} as w))`

const Service = z
  .object({
    id: Id,
    key: z.string(),
    name: Label,
    team: z.object({ id: Id, name: z.string() }).nullable(),
    escalation_policy: z.object({ id: Id, name: z.string() }).nullable(),
    health: Health,
    open_incidents: z.number().openapi({ description: 'of those that I may see' }),
  })
  .openapi('Service')
/** What programs name a row by; it stays. */
export const Key = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'lower-case letters, digits, dot, dash and underscore; 63 at most')

const tags = ['Services']
const list = route('service.read', {
  method: 'get',
  path: '/services',
  summary: 'Every service and its health now',
  tags,
  request: {},
  responses: { 200: json(page(Service), 'Services') },
})
const get = route('service.read', {
  method: 'get',
  path: '/services/{id}',
  summary: 'One service',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Service, 'The service') },
})
const Change = z
  .object({
    id: Id,
    at: Instant,
    title: z.string(),
    source: z.string().nullable(),
    link: z.string().nullable(),
    labels: z.record(z.string(), z.string()),
    integration: z.object({ id: Id, name: z.string() }),
  })
  .openapi('ServiceChange')
const changes = route('alert.read', {
  method: 'get',
  path: '/services/{id}/changes',
  summary: 'What was changed in it, newest first, as deployments and other tools told',
  tags,
  request: {
    params: IdParams,
    query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
  },
  responses: { 200: json(page(Change), 'Changes') },
})
const create = route('service.edit', {
  method: 'post',
  path: '/services',
  summary: 'Add a service',
  tags,
  request: {
    body: body(
      z.strictObject({
        key: Key,
        name: Label,
        team_id: Id.nullable().optional(),
        escalation_policy_id: Id.nullable().optional(),
      }),
    ),
  },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const edit = route('service.edit', {
  method: 'patch',
  path: '/services/{id}',
  summary: 'Change a service; its key stays, because senders use it',
  tags,
  request: {
    params: IdParams,
    body: body(
      z.strictObject({
        name: Label.optional(),
        team_id: Id.nullable().optional(),
        escalation_policy_id: Id.nullable().optional(),
      }),
    ),
  },
  responses: { 200: json(Empty, 'Changed') },
})

/**
 * Services as this reader may see them: whose they are is the desk's to know, the count is of tickets that the
 * reader may see, and confidential incidents tell nobody else of themselves. Employees learn of outages alone.
 */
const services = (reader: Reader) => {
  const desk = scopeOf(reader, 'team.read') !== undefined
  return sql`
    select s.id, s.key, s.name,
           case when ${desk} and t.id is not null then jsonb_build_object('id', t.id, 'name', t.name) end as team,
           case when ${desk} and e.id is not null then jsonb_build_object('id', e.id, 'name', e.name) end as escalation_policy,
           coalesce(o.incidents, 0) as open_incidents, coalesce(o.health, 'ok') as health
    from service s
    left join team t on t.id = s.team_id
    left join escalation_policy e on e.id = s.escalation_policy_id
    left join (select t.service_id, count(*) filter (where ${ticketVisible(reader)}) as incidents,
                      ${healthBy(sql`min(priority) filter (where not confidential and (${desk} or priority <= 'P2'))`)} as health
               from ticket t
               where kind = 'incident' and state not in ('resolved', 'closed', 'cancelled') group by service_id) o on o.service_id = s.id`
}

type ServiceRow = z.infer<typeof Service>

export const serviceRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { rows } =
      await sql<ServiceRow>`${services(c.get('reader'))} where s.archived_at is null order by s.key`.execute(
        db,
      )
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(get, async (c) => {
    const { rows } =
      await sql<ServiceRow>`${services(c.get('reader'))} where s.id = ${c.req.valid('param').id}`.execute(db)
    return c.json(found(rows[0], 'service'), 200)
  })
  app.openapi(changes, async (c) => {
    const { rows } = await sql<z.infer<typeof Change>>`
      select e.id, e.at, e.title, e.source, e.link, e.labels, jsonb_build_object('id', i.id, 'name', i.name) as integration
      from change_event e join integration i on i.id = e.integration_id
      where e.service_id = ${c.req.valid('param').id} order by e.at desc, e.id desc
      limit ${c.req.valid('query').limit}`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(create, async (c) => {
    const { key, name, team_id, escalation_policy_id } = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), (tx) =>
      createService(tx, { key, name, teamId: team_id, escalationPolicyId: escalation_policy_id }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const { name, team_id, escalation_policy_id } = c.req.valid('json')
    await transact(db, actorOf(c.get('reader')), (tx) =>
      editService(tx, c.req.valid('param').id, {
        name,
        teamId: team_id,
        escalationPolicyId: escalation_policy_id,
      }),
    )
    return c.json({ ok: true as const }, 200)
  })
  rowVerb(app, db, {
    permission: 'service.edit',
    path: '/services/{id}/archive',
    summary: 'Archive a service',
    tags,
    run: archiveService,
  })
}
