import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveSchedule,
  cancelOverride,
  createSchedule,
  demandInTeam,
  demandOverride,
  DeskError,
  editSchedule,
  found,
  overrideShift,
  type Reader,
  transact,
  type Tx,
} from '@tocsin/desk'
import type { Resource } from '../../context.ts'
import { body, Empty, Id, IdParams, Instant, json, route } from '../../route.ts'
import { rowVerb } from '../../row-verb.ts'
import { Rota } from './schema.ts'

const Name = z.string().trim().min(1).max(120)

const tags = ['On call']
const create = route('schedule.edit', {
  method: 'post',
  path: '/schedules',
  summary: 'Create a schedule, in force at once',
  tags,
  request: { body: body(Rota.extend({ name: Name, team_id: Id })) },
  responses: { 201: json(z.object({ id: Id }), 'Created') },
})
const edit = route('schedule.edit', {
  method: 'patch',
  path: '/schedules/{id}',
  summary: 'Rename a schedule or give it another rota, as a new version from `effective_from` on',
  tags,
  request: {
    params: IdParams,
    body: body(
      Rota.partial().extend({
        name: Name.optional(),
        team_id: Id.optional(),
        effective_from: Instant.optional().openapi({ description: 'now, unless later' }),
        seen_version: z.number().int().optional().openapi({ description: '412 when there is a newer one' }),
      }),
    ),
  },
  responses: { 200: json(Empty, 'Changed') },
})
const override = route('schedule.override', {
  method: 'post',
  path: '/schedules/{id}/overrides',
  summary: 'Put somebody on over the rotations: hand on your own shift, take over a colleague’s',
  tags,
  request: {
    params: IdParams,
    body: body(
      z.strictObject({
        person_id: Id,
        starts_at: Instant.optional().openapi({ description: 'now, unless later' }),
        ends_at: Instant,
        reason: z.string().trim().max(300).nullable().optional(),
      }),
    ),
  },
  responses: { 201: json(z.object({ id: Id, starts_at: Instant }), 'Put on') },
})
const cancel = route('schedule.override', {
  method: 'post',
  path: '/schedules/{id}/overrides/{overrideId}/cancel',
  summary: 'End an override now; what it covered so far stays',
  tags,
  request: { params: IdParams.extend({ overrideId: Id }) },
  responses: { 200: json(Empty, 'Ended') },
})

export const editScheduleRoutes: Resource = (app, { db }) => {
  app.openapi(create, async (c) => {
    const reader = c.get('reader')
    const { name, team_id, zone, rotations } = c.req.valid('json')
    demandInTeam(reader, 'schedule.edit', team_id)
    const id = await transact(db, actorOf(reader), (tx) =>
      createSchedule(tx, { name, teamId: team_id, zone, rotations }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    const { name, team_id, zone, rotations, effective_from, seen_version } = c.req.valid('json')
    if ((zone === undefined) !== (rotations === undefined))
      throw new DeskError('invalid', 'Zone and rotations change together.', {
        errors: [{ path: zone === undefined ? 'zone' : 'rotations', message: 'is missing' }],
      })
    await transact(db, actorOf(reader), async (tx) => {
      await demandSchedule(tx, reader, id, seen_version)
      if (team_id) demandInTeam(reader, 'schedule.edit', team_id)
      await editSchedule(tx, id, {
        ...(name !== undefined && { name }),
        ...(team_id !== undefined && { teamId: team_id }),
        ...(zone !== undefined &&
          rotations !== undefined && {
            rota: { zone, rotations, ...(effective_from && { effectiveFrom: new Date(effective_from) }) },
          }),
      })
    })
    return c.json({ ok: true as const }, 200)
  })
  rowVerb(app, db, {
    permission: 'schedule.edit',
    path: '/schedules/{id}/archive',
    summary: 'Archive a schedule that no escalation policy pages',
    tags,
    run: async (tx, id, reader) => {
      await demandSchedule(tx, reader, id)
      await archiveSchedule(tx, id)
    },
  })
  app.openapi(override, async (c) => {
    const reader = c.get('reader')
    const { person_id, starts_at, ends_at, reason } = c.req.valid('json')
    const made = await transact(db, actorOf(reader), async (tx) => {
      const input = {
        scheduleId: c.req.valid('param').id,
        personId: person_id,
        startsAt: starts_at && new Date(starts_at) > tx.now ? new Date(starts_at) : tx.now,
        endsAt: new Date(ends_at),
      }
      await demandOverride(tx, reader, input)
      return overrideShift(tx, { ...input, reason })
    })
    return c.json({ id: made.id, starts_at: made.startsAt.toISOString() }, 201)
  })
  app.openapi(cancel, async (c) => {
    const reader = c.get('reader')
    const { id, overrideId } = c.req.valid('param')
    await transact(db, actorOf(reader), async (tx) => {
      const row = await tx.db
        .selectFrom('schedule_override')
        .select(['person_id', 'author_id'])
        .where('id', '=', overrideId)
        .where('schedule_id', '=', id)
        .executeTakeFirst()
      const { person_id, author_id } = found(row, 'override')
      // Whoever made it, or stands in by it, may end it; for all others it is the managers' affair.
      if (![person_id, author_id].includes(reader.person.id)) await demandSchedule(tx, reader, id)
      await cancelOverride(tx, id, overrideId)
    })
    return c.json({ ok: true as const }, 200)
  })
}

async function demandSchedule(tx: Tx, reader: Reader, id: string, seenVersion?: number): Promise<void> {
  const row = await tx.db
    .selectFrom('schedule as s')
    .select('s.team_id')
    .select((eb) =>
      eb
        .selectFrom('schedule_version as v')
        .select((max) => max.fn.max('v.version').as('version'))
        .whereRef('v.schedule_id', '=', 's.id')
        .as('version'),
    )
    .where('s.id', '=', id)
    .where('s.archived_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  const schedule = found(row, 'schedule')
  demandInTeam(reader, 'schedule.edit', schedule.team_id)
  if (seenVersion !== undefined && schedule.version !== null && seenVersion < schedule.version)
    throw new DeskError(
      'stale',
      'Somebody changed this schedule meanwhile. Look at it again before you save.',
      {
        current: { version: schedule.version },
      },
    )
}
