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
    mails: z.object({ mentions: z.boolean() }).openapi({ description: 'what I am told of by mail' }),
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
  summary: 'Change my name, language or time zone, and what I am told of by mail',
  tags: ['Me'],
  request: {
    body: body(
      z.strictObject({
        name: z.string().trim().min(1).max(200).optional(),
        locale: z.enum(['en', 'fr', 'it']).optional(),
        zone: z.string().max(60).optional(),
        mails: z.strictObject({ mentions: z.boolean().optional() }).optional(),
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

async function mailsOf(db: Db, { person }: Reader) {
  const { mention_mails } = await db
    .selectFrom('person')
    .select('mention_mails')
    .where('id', '=', person.id)
    .executeTakeFirstOrThrow()
  return { mentions: mention_mails }
}

export const meRoutes: Resource = (app, { db }) => {
  app.openapi(getMe, async (c) => {
    const reader = c.get('reader')
    const [roles, mails] = await Promise.all([rolesWithNames(db, reader), mailsOf(db, reader)])
    return c.json(
      {
        person: reader.person,
        administrator: reader.administrator,
        roles,
        capabilities: capabilitiesOf(rolesOf(reader)),
        mails,
      },
      200,
    )
  })
  app.openapi(editMe, async (c) => {
    const reader = c.get('reader')
    const { mails, ...person } = c.req.valid('json')
    const changes = { ...person, mentionMails: mails?.mentions }
    await transact(db, actorOf(reader), (tx) => editPerson(tx, reader.person.id, changes))
    return c.json({ ok: true as const }, 200)
  })
}
