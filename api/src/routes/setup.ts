import { z } from '@hono/zod-openapi'
import {
  createDefaultCatalogue,
  createDefaultSla,
  createPerson,
  createSignIn,
  createTeam,
  DeskError,
  grantRole,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, json, route } from '../route.ts'

const SETUP_LOCK = 7_013_100

const getSetup = route('public', {
  method: 'get',
  path: '/setup',
  summary: 'Whether the first administrator is still missing',
  tags: ['Setup'],
  request: {},
  responses: { 200: json(z.object({ needed: z.boolean() }), 'The state') },
})

const doSetup = route('public', {
  method: 'post',
  path: '/setup',
  summary: 'Create the organisation and its first administrator; possible once',
  tags: ['Setup'],
  request: {
    body: body(
      z.strictObject({
        organisation: z.string().trim().min(1).max(200),
        name: z.string().trim().min(1).max(200),
        email: z.email().max(320),
        password: z.string().max(200),
        zone: z.string().max(60).optional(),
        locale: z.enum(['en', 'fr', 'it']).optional(),
      }),
    ),
  },
  responses: { 201: json(z.object({ person_id: z.uuid() }), 'Done; sign in now') },
})

/** The first administrator. The advisory lock and the check under it let exactly one through. */
export const setupRoutes: Resource = (app, { db }) => {
  const needed = async (at: typeof db) =>
    (await at.selectFrom('auth_user').select('id').limit(1).executeTakeFirst()) === undefined

  app.openapi(getSetup, async (c) => c.json({ needed: await needed(db) }, 200))
  app.openapi(doSetup, async (c) => {
    const input = c.req.valid('json')
    const personId = await transact(
      db,
      SYSTEM,
      async (tx) => {
        if (!(await needed(tx.db)))
          throw new DeskError('conflict', 'Tocsin is set up already. Sign in instead.')
        const { id: organisationId } = await tx.db
          .insertInto('organisation')
          .values({ name: input.organisation, created_at: tx.now })
          .returning('id')
          .executeTakeFirstOrThrow()
        await tx.db
          .insertInto('brand')
          .values({ name: input.organisation, language: input.locale ?? 'en', created_at: tx.now })
          .execute()
        const id = await createPerson(tx, {
          name: input.name,
          email: input.email,
          organisationId,
          locale: input.locale,
          zone: input.zone,
        })
        await createSignIn(tx, id, input.password)
        await grantRole(tx, { personId: id, role: 'administrator' })
        const teamId = await createTeam(tx, { name: 'Service desk' })
        for (const role of ['agent', 'on_call', 'manager'] as const)
          await grantRole(tx, { personId: id, role, teamId })
        await createDefaultSla(tx, { zone: input.zone })
        await createDefaultCatalogue(tx)
        return id
      },
      (trx) => sql`select pg_advisory_xact_lock(${SETUP_LOCK})`.execute(trx),
    )
    return c.json({ person_id: personId }, 201)
  })
}
