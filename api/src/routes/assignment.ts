import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveSkill,
  AssignmentSettings,
  createSkill,
  demandAssigning,
  demandOver,
  MemberSettings,
  readSkills,
  readTeamLoad,
  setAssignment,
  setHours,
  setMember,
  setNeeds,
  setSkills,
  SkillLevel,
  transact,
} from '@tocsin/desk'
import type { Resource } from '../context.ts'
import { body, Empty, Id, IdParams, Instant, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const tags = ['Assignment']
const Named = z.object({ id: Id, name: z.string() })
const Need = z.strictObject({
  service_id: Id.nullable(),
  category_id: Id.nullable(),
  level: z.int().min(1).max(5),
})
const Skill = z
  .object({ id: Id, name: z.string(), people: z.number(), needs: z.array(Need) })
  .openapi('Skill')
const Member = z.object({
  person: Named,
  exempt: z.boolean(),
  cap: z.number().nullable(),
  calendar_id: Id.nullable(),
  skills: z.array(z.object({ skill_id: Id, level: z.number() })),
  open: z.number().openapi({ description: 'open tickets that they hold' }),
  load: z
    .number()
    .openapi({ description: 'P1 weighs 5 … P5 1; what waits for somebody else weighs nothing' }),
  unavailable: z
    .object({
      code: z.enum(['exempt', 'away', 'off_shift', 'full']),
      until: Instant.nullable().optional(),
      open: z.number().optional(),
      cap: z.number().optional(),
    })
    .nullable()
    .openapi({ description: 'why they would be given nothing now' }),
  away: z.object({ starts_at: Instant, ends_at: Instant }).nullable(),
})
const Assignment = z
  .object({ settings: AssignmentSettings, queued: z.number(), waiting: z.number(), members: z.array(Member) })
  .openapi('TeamAssignment')

const get = route('team.read', {
  method: 'get',
  path: '/teams/{id}/assignment',
  summary: 'How a team hands its tickets out, and how its people stand now',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Assignment, 'The team') },
})
const set = route('team.assign', {
  method: 'put',
  path: '/teams/{id}/assignment',
  summary: 'Set how a team hands its tickets out, also those that wait now',
  tags,
  request: { params: IdParams, body: body(AssignmentSettings) },
  responses: { 200: json(Empty, 'Set') },
})
const member = route('team.assign', {
  method: 'put',
  path: '/teams/{id}/members/{personId}',
  summary: 'Set whether somebody is given tickets in this team, and how many',
  tags,
  request: { params: IdParams.extend({ personId: Id }), body: body(MemberSettings) },
  responses: { 200: json(Empty, 'Set') },
})
const hours = route('team.assign', {
  method: 'put',
  path: '/people/{id}/hours',
  summary: 'Set the calendar by which somebody works; null: as their team',
  tags,
  request: { params: IdParams, body: body(z.strictObject({ calendar_id: Id.nullable() })) },
  responses: { 200: json(Empty, 'Set') },
})
const personSkills = route('team.assign', {
  method: 'put',
  path: '/people/{id}/skills',
  summary: 'Set what somebody can, and how well: 1 knows of it, 5 teaches it',
  tags,
  request: { params: IdParams, body: body(z.strictObject({ skills: z.array(SkillLevel).max(100) })) },
  responses: { 200: json(Empty, 'Set') },
})
const skills = route('team.read', {
  method: 'get',
  path: '/skills',
  summary: 'Skills, with what needs them',
  tags,
  request: {},
  responses: { 200: json(page(Skill), 'Skills') },
})
const addSkill = route('team.edit', {
  method: 'post',
  path: '/skills',
  summary: 'Add a skill',
  tags,
  request: { body: body(z.strictObject({ name: z.string().trim().min(1).max(120) })) },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const needs = route('team.edit', {
  method: 'put',
  path: '/skills/{id}/needs',
  summary: 'Set which services and categories (with those below them) need the skill',
  tags,
  request: {
    params: IdParams,
    body: body(
      z.strictObject({
        needs: z
          .array(
            Need.refine((need) => (need.service_id === null) !== (need.category_id === null), {
              message: 'a service or a category, one of them',
            }),
          )
          .max(500),
      }),
    ),
  },
  responses: { 200: json(Empty, 'Set') },
})

const ok = { ok: true as const }
const text = (at: Date | null) => at?.toISOString() ?? null

export const assignmentRoutes: Resource = (app, { db }) => {
  app.openapi(get, async (c) => {
    const { members, ...team } = await readTeamLoad(db, c.req.valid('param').id)
    return c.json(
      {
        ...team,
        members: members.map(({ away, unavailable, ...one }) => ({
          ...one,
          unavailable: unavailable && {
            ...unavailable,
            ...('until' in unavailable && { until: text(unavailable.until) }),
          },
          away: away && { starts_at: away.starts_at.toISOString(), ends_at: away.ends_at.toISOString() },
        })),
      } as z.infer<typeof Assignment>,
      200,
    )
  })
  app.openapi(set, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    demandAssigning(reader, id)
    await transact(db, actorOf(reader), (tx) => setAssignment(tx, id, c.req.valid('json')))
    return c.json(ok, 200)
  })
  app.openapi(member, async (c) => {
    const reader = c.get('reader')
    const { id: teamId, personId } = c.req.valid('param')
    demandAssigning(reader, teamId)
    await transact(db, actorOf(reader), (tx) => setMember(tx, { teamId, personId }, c.req.valid('json')))
    return c.json(ok, 200)
  })
  app.openapi(hours, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    await demandOver(db, reader, id)
    await transact(db, actorOf(reader), (tx) => setHours(tx, id, c.req.valid('json').calendar_id))
    return c.json(ok, 200)
  })
  app.openapi(personSkills, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    await demandOver(db, reader, id)
    await transact(db, actorOf(reader), (tx) => setSkills(tx, id, c.req.valid('json').skills))
    return c.json(ok, 200)
  })
  app.openapi(skills, async (c) => c.json({ items: await readSkills(db), next: null }, 200))
  app.openapi(addSkill, async (c) => {
    const id = await transact(db, actorOf(c.get('reader')), (tx) => createSkill(tx, c.req.valid('json').name))
    return c.json({ id }, 201)
  })
  app.openapi(needs, async (c) => {
    await transact(db, actorOf(c.get('reader')), (tx) =>
      setNeeds(tx, c.req.valid('param').id, c.req.valid('json').needs),
    )
    return c.json(ok, 200)
  })
  rowVerb(app, db, {
    permission: 'team.edit',
    path: '/skills/{id}/archive',
    summary: 'Archive a skill: nothing needs it any more',
    tags,
    run: archiveSkill,
  })
}
