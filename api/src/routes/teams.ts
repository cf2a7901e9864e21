import { z } from '@hono/zod-openapi'
import { actorOf, archiveTeam, createTeam, editTeam, found, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, Empty, Id, IdParams, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const Team = z
  .object({
    id: Id,
    name: z.string(),
    email: z.string().nullable(),
    members: z.array(z.object({ person_id: Id, name: z.string(), role: z.string() })),
    services: z.number(),
    open_tickets: z.number(),
    stalled_after_hours: z.int().nullable().openapi({
      description: 'untouched for longer, a ticket has stalled; null: as is usual for like tickets',
    }),
  })
  .openapi('Team')
const Input = z.strictObject({
  name: z.string().trim().min(1).max(120),
  email: z.email().max(320).nullable().optional(),
})

const tags = ['Teams']
const list = route('team.read', {
  method: 'get',
  path: '/teams',
  summary: 'Every team with its members',
  tags,
  request: {},
  responses: { 200: json(page(Team), 'Teams') },
})
const get = route('team.read', {
  method: 'get',
  path: '/teams/{id}',
  summary: 'One team',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Team, 'The team') },
})
const create = route('team.edit', {
  method: 'post',
  path: '/teams',
  summary: 'Create a team',
  tags,
  request: { body: body(Input) },
  responses: { 201: json(z.object({ id: Id }), 'Created') },
})
const edit = route('team.edit', {
  method: 'patch',
  path: '/teams/{id}',
  summary: 'Change a team',
  tags,
  request: { params: IdParams, body: body(Input.partial()) },
  responses: { 200: json(Empty, 'Changed') },
})

const COLUMNS = sql`
  t.id, t.name, t.email, t.stalled_after_hours,
  coalesce((select jsonb_agg(jsonb_build_object('person_id', p.id, 'name', p.name, 'role', g.role) order by p.name, g.role)
            from role_grant g join person p on p.id = g.person_id where g.team_id = t.id and p.archived_at is null), '[]') as members,
  (select count(*) from service s where s.team_id = t.id and s.archived_at is null) as services,
  (select count(*) from ticket k where k.team_id = t.id and k.state not in ('resolved', 'closed', 'cancelled')) as open_tickets`

type TeamRow = z.infer<typeof Team>

export const teamRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { rows } =
      await sql<TeamRow>`select ${COLUMNS} from team t where t.archived_at is null order by lower(t.name)`.execute(
        db,
      )
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(get, async (c) => {
    const { rows } =
      await sql<TeamRow>`select ${COLUMNS} from team t where t.id = ${c.req.valid('param').id}`.execute(db)
    return c.json(found(rows[0], 'team'), 200)
  })
  app.openapi(create, async (c) => {
    const id = await transact(db, actorOf(c.get('reader')), (tx) => createTeam(tx, c.req.valid('json')))
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) =>
      editTeam(tx, c.req.valid('param').id, c.req.valid('json')),
    )
    return c.json({ ok: true as const }, 200)
  })
  rowVerb(app, db, {
    permission: 'team.edit',
    path: '/teams/{id}/archive',
    summary: 'Archive a team that has no open tickets',
    tags,
    run: archiveTeam,
  })
}
