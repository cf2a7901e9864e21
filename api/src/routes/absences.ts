import { z } from '@hono/zod-openapi'
import {
  actorOf,
  cancelAbsence,
  declareAbsence,
  demandAssigning,
  demandOver,
  findAbsence,
  readAbsences,
  transact,
} from '@tocsin/desk'
import type { Resource } from '../context.ts'
import { body, Empty, Id, IdParams, Instant, json, page, route } from '../route.ts'

const tags = ['Assignment']
const Named = z.object({ id: Id, name: z.string() })
const Absence = z
  .object({
    id: Id,
    person: Named,
    starts_at: Instant,
    ends_at: Instant,
    reason: z.string().nullable(),
    author: Named.nullable(),
  })
  .openapi('Absence')

const list = route('self', {
  method: 'get',
  path: '/absences',
  summary: 'Absences that have not ended: mine, or those of a person or team that I manage',
  tags,
  request: { query: z.object({ person: Id.optional(), team: Id.optional() }) },
  responses: { 200: json(page(Absence), 'Absences') },
})
const declare = route('self', {
  method: 'post',
  path: '/absences',
  summary: 'Say that I, or somebody whom I manage, will be away',
  tags,
  request: {
    body: body(
      z.strictObject({
        person_id: Id.optional().openapi({ description: 'me, unless given' }),
        starts_at: Instant,
        ends_at: Instant,
        reason: z.string().trim().max(300).nullable().optional(),
      }),
    ),
  },
  responses: { 201: json(z.object({ id: Id }), 'Said') },
})
const cancel = route('self', {
  method: 'post',
  path: '/absences/{id}/cancel',
  summary: 'They are there after all, or back already',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Empty, 'Cancelled') },
})

export const absenceRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const reader = c.get('reader')
    const { person = reader.person.id, team } = c.req.valid('query')
    if (team) demandAssigning(reader, team)
    else await demandOver(db, reader, person, 'themself')
    const rows = await readAbsences(db, team ? { teamId: team } : { personId: person })
    const items = rows.map((row) => ({
      ...row,
      starts_at: row.starts_at.toISOString(),
      ends_at: row.ends_at.toISOString(),
    }))
    return c.json({ items, next: null }, 200)
  })
  app.openapi(declare, async (c) => {
    const reader = c.get('reader')
    const { person_id: personId = reader.person.id, starts_at, ends_at, reason } = c.req.valid('json')
    await demandOver(db, reader, personId, 'themself')
    const id = await transact(db, actorOf(reader), (tx) =>
      declareAbsence(tx, { personId, startsAt: new Date(starts_at), endsAt: new Date(ends_at), reason }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(cancel, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    const { personId } = await findAbsence(db, id)
    await demandOver(db, reader, personId, 'themself')
    await transact(db, actorOf(reader), (tx) => cancelAbsence(tx, id))
    return c.json({ ok: true as const }, 200)
  })
}
