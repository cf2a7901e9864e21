import { z } from '@hono/zod-openapi'
import {
  actorOf,
  CAPABILITIES,
  capabilitiesOf,
  editPerson,
  type Reader,
  rolesOf,
  transact,
} from '@tocsin/desk'
import type { Db } from '@tocsin/db'
import type { Resource } from '../context.ts'
import { body, Empty, Id, json, route } from '../route.ts'

const Me = z
  .object({
    person: z.object({
      id: Id,
      name: z.string(),
      email: z.string().nullable(),
      locale: z.enum(['en', 'fr', 'it']),
      zone: z.string(),
    }),
    administrator: z.boolean(),
    roles: z.array(
      z.object({
        team: z.object({ id: Id, name: z.string() }),
        role: z.enum(['agent', 'on_call', 'manager']),
        capabilities: z
          .array(z.enum(CAPABILITIES))
          .openapi({ description: 'what the role opens in this team' }),
      }),
    ),
    capabilities: z.array(z.enum(CAPABILITIES)),
  })
  .openapi('Me')

const getMe = route('self', {
  method: 'get',
  path: '/me',
  summary: 'Who I am and what I may do',
  tags: ['Me'],
  request: {},
  responses: { 200: json(Me, 'Me') },
})

const editMe = route('self', {
  method: 'patch',
  path: '/me',
  summary: 'Change my name, language or time zone',
  tags: ['Me'],
  request: {
    body: body(
      z.strictObject({
        name: z.string().trim().min(1).max(200).optional(),
        locale: z.enum(['en', 'fr', 'it']).optional(),
        zone: z.string().max(60).optional(),
      }),
    ),
  },
  responses: { 200: json(Empty, 'Changed') },
})

async function rolesWithNames(db: Db, reader: Reader) {
  if (reader.teams.length === 0) return []
  const names = await db
    .selectFrom('team')
    .select(['id', 'name'])
    .where(
      'id',
      'in',
      reader.teams.map((team) => team.id),
    )
    .execute()
  const nameOf = new Map(names.map((team) => [team.id, team.name]))
  return reader.teams.map(({ id, role }) => ({
    team: { id, name: nameOf.get(id) ?? '' },
    role,
    capabilities: capabilitiesOf([role]),
  }))
}

export const meRoutes: Resource = (app, { db }) => {
  app.openapi(getMe, async (c) => {
    const reader = c.get('reader')
    return c.json(
      {
        person: reader.person,
        administrator: reader.administrator,
        roles: await rolesWithNames(db, reader),
        capabilities: capabilitiesOf(rolesOf(reader)),
      },
      200,
    )
  })
  app.openapi(editMe, async (c) => {
    const reader = c.get('reader')
    await transact(db, actorOf(reader), (tx) => editPerson(tx, reader.person.id, c.req.valid('json')))
    return c.json({ ok: true as const }, 200)
  })
}
