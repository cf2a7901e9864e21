import { z } from '@hono/zod-openapi'
import { checkRota, DeskError, found, readShifts, type ScheduleVersion, shiftsOf } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Id, IdParams, Instant, json, page, route } from '../../route.ts'
import { Named, Rota, Rotation, Shift, showShifts } from './schema.ts'

const Version = z.object({
  version: z.number(),
  effective_from: Instant,
  zone: z.string(),
  rotations: z.array(Rotation),
})
const Schedule = Version.extend({ id: Id, name: z.string(), team: Named }).openapi('Schedule')
const Override = z.object({
  id: Id,
  person: Named,
  starts_at: Instant,
  ends_at: Instant,
  reason: z.string().nullable(),
  author: Named.nullable(),
  cancelled_at: Instant.nullable(),
})
const ScheduleDetail = Schedule.extend({
  versions: z.array(Version),
  overrides: z.array(Override),
  policies: z.array(Named),
}).openapi('ScheduleDetail')

const Span = z.object({ from: Instant, to: Instant })

const tags = ['On call']
const list = route('schedule.read', {
  method: 'get',
  path: '/schedules',
  summary: 'Every schedule, as its newest version has it',
  tags,
  request: {},
  responses: { 200: json(page(Schedule), 'Schedules') },
})
const get = route('schedule.read', {
  method: 'get',
  path: '/schedules/{id}',
  summary:
    'One schedule with its versions, the overrides of the last 30 days and to come, and the policies that page it',
  tags,
  request: { params: IdParams },
  responses: { 200: json(ScheduleDetail, 'The schedule') },
})
const shifts = route('schedule.read', {
  method: 'get',
  path: '/schedules/{id}/shifts',
  summary: 'Who is on between two instants, overrides included; gaps have no shift',
  tags,
  request: { params: IdParams, query: Span },
  responses: { 200: json(page(Shift), 'Shifts in order') },
})
const preview = route('schedule.read', {
  method: 'post',
  path: '/schedules/preview',
  summary: 'The shifts that these rotations would give; saves nothing',
  tags,
  request: { body: body(Rota.extend(Span.shape)) },
  responses: { 200: json(page(Shift), 'Shifts in order') },
})

const NEWEST = sql`
  select s.id, s.name, jsonb_build_object('id', t.id, 'name', t.name) as team,
         v.version, v.effective_from, v.zone, v.rotations
  from schedule s join team t on t.id = s.team_id
  join lateral (select * from schedule_version v where v.schedule_id = s.id order by v.version desc limit 1) v on true`

export const readScheduleRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { rows } = await sql<z.infer<typeof Schedule>>`
      ${NEWEST} where s.archived_at is null order by lower(s.name), s.id`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(get, async (c) => {
    const { id } = c.req.valid('param')
    const { rows } = await sql<z.infer<typeof ScheduleDetail>>`
      select n.*,
        (select jsonb_agg(jsonb_build_object('version', v.version, 'effective_from', v.effective_from, 'zone', v.zone,
                                             'rotations', v.rotations) order by v.version desc)
         from schedule_version v where v.schedule_id = n.id) as versions,
        coalesce((
          select jsonb_agg(jsonb_build_object('id', o.id, 'person', jsonb_build_object('id', p.id, 'name', p.name),
              'starts_at', o.starts_at, 'ends_at', o.ends_at, 'reason', o.reason, 'cancelled_at', o.cancelled_at,
              'author', case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.name) end) order by o.starts_at)
          from schedule_override o join person p on p.id = o.person_id left join person a on a.id = o.author_id
          where o.schedule_id = n.id and o.ends_at > tocsin_now() - interval '30 days'), '[]') as overrides,
        coalesce((
          select jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name) order by lower(e.name))
          from escalation_policy e
          join lateral (select steps from escalation_policy_version v where v.policy_id = e.id
                        order by v.version desc limit 1) v on true
          where e.archived_at is null
            and v.steps @> jsonb_build_array(jsonb_build_object('targets', jsonb_build_array(jsonb_build_object('id', n.id::text))))
        ), '[]') as policies
      from (${NEWEST} where s.id = ${id}) n`.execute(db)
    return c.json(found(rows[0], 'schedule'), 200)
  })
  app.openapi(shifts, async (c) => {
    const { from, to } = span(c.req.valid('query'))
    const final = found(await readShifts(db, c.req.valid('param').id, from, to), 'schedule')
    return c.json({ items: await showShifts(db, final), next: null }, 200)
  })
  app.openapi(preview, async (c) => {
    const { zone, rotations, ...given } = c.req.valid('json')
    const { from, to } = span(given)
    checkRota(zone, rotations)
    const version: ScheduleVersion = {
      id: 'preview',
      scheduleId: 'preview',
      version: 1,
      effectiveFrom: new Date(0),
      zone,
      rotations,
    }
    return c.json({ items: await showShifts(db, shiftsOf([version], [], from, to)), next: null }, 200)
  })
}

const LONGEST_MS = 100 * 86_400_000

function span(given: { from: string; to: string }): { from: Date; to: Date } {
  const [from, to] = [new Date(given.from), new Date(given.to)]
  if (to > from && to.getTime() - from.getTime() <= LONGEST_MS) return { from, to }
  throw new DeskError('invalid', 'The span cannot be shown.', {
    errors: [{ path: 'to', message: 'is after `from`, by 100 days at most' }],
  })
}
