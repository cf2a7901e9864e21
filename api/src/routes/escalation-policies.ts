import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveEscalationPolicy,
  createEscalationPolicy,
  demandInTeam,
  DeskError,
  editEscalationPolicy,
  found,
  type Reader,
  transact,
  type Tx,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { body, Empty, Id, IdParams, Instant, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'

const Named = z.object({ id: Id, name: z.string() })
const Step = z
  .strictObject({
    wait_ms: z
      .number()
      .int()
      .openapi({ description: 'after the step before it; the first, after the opening' }),
    targets: z.array(z.strictObject({ kind: z.enum(['schedule', 'person', 'team']), id: Id })),
  })
  .openapi('EscalationStep')
const Terms = z.strictObject({
  steps: z.array(Step),
  repeats: z.number().int().openapi({ description: 'how often all of it is gone through again, 0 to 9' }),
})
const Version = z.object({
  version: z.number(),
  effective_from: Instant,
  steps: z.array(Step),
  repeats: z.number(),
})
const Policy = Version.extend({
  id: Id,
  name: z.string(),
  team: Named.nullable(),
  services: z.array(z.string()).openapi({ description: 'keys of the services that escalate by it' }),
  /** What the targets are called now. */
  names: z.record(z.string(), z.string()),
}).openapi('EscalationPolicy')
const PolicyDetail = Policy.extend({ versions: z.array(Version) }).openapi('EscalationPolicyDetail')
const Name = z.string().trim().min(1).max(120)

const tags = ['On call']
const list = route('schedule.read', {
  method: 'get',
  path: '/escalation-policies',
  summary: 'Every escalation policy in force',
  tags,
  request: {},
  responses: { 200: json(page(Policy), 'Policies') },
})
const get = route('schedule.read', {
  method: 'get',
  path: '/escalation-policies/{id}',
  summary: 'One policy with all its versions, newest first',
  tags,
  request: { params: IdParams },
  responses: { 200: json(PolicyDetail, 'The policy') },
})
const create = route('schedule.edit', {
  method: 'post',
  path: '/escalation-policies',
  summary: 'Create an escalation policy',
  tags,
  request: {
    body: body(
      Terms.extend({
        name: Name,
        team_id: Id.nullable().optional(),
        repeats: Terms.shape.repeats.default(0),
      }),
    ),
  },
  responses: { 201: json(z.object({ id: Id }), 'Created') },
})
const edit = route('schedule.edit', {
  method: 'patch',
  path: '/escalation-policies/{id}',
  summary: 'Rename it or set new steps as a new version; escalations under way keep theirs',
  tags,
  request: {
    params: IdParams,
    body: body(
      Terms.partial().extend({
        name: Name.optional(),
        team_id: Id.nullable().optional(),
        seen_version: z.number().int().optional().openapi({ description: '412 when there is a newer one' }),
      }),
    ),
  },
  responses: { 200: json(Empty, 'Changed') },
})

const NEWEST = sql`
  select p.id, p.name, v.version, v.effective_from, v.steps, v.repeats,
    case when t.id is not null then jsonb_build_object('id', t.id, 'name', t.name) end as team,
    coalesce((select jsonb_agg(s.key order by s.key) from service s
              where s.escalation_policy_id = p.id and s.archived_at is null), '[]') as services,
    coalesce((
      select jsonb_object_agg(g.target ->> 'id', coalesce(x.name, y.name, z.name))
      from (select jsonb_path_query(v.steps, '$[*].targets[*]') as target) g
      left join schedule x on x.id = (g.target ->> 'id')::uuid
      left join team y on y.id = (g.target ->> 'id')::uuid
      left join person z on z.id = (g.target ->> 'id')::uuid), '{}') as names
  from escalation_policy p left join team t on t.id = p.team_id
  join lateral (select * from escalation_policy_version v where v.policy_id = p.id order by v.version desc limit 1) v on true`

export const escalationPolicyRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const { rows } = await sql<z.infer<typeof Policy>>`
      ${NEWEST} where p.archived_at is null order by lower(p.name), p.id`.execute(db)
    return c.json({ items: rows, next: null }, 200)
  })
  app.openapi(get, async (c) => {
    const { rows } = await sql<z.infer<typeof PolicyDetail>>`
      select n.*, (select jsonb_agg(jsonb_build_object('version', v.version, 'effective_from', v.effective_from,
                     'steps', v.steps, 'repeats', v.repeats) order by v.version desc)
                   from escalation_policy_version v where v.policy_id = n.id) as versions
      from (${NEWEST} where p.id = ${c.req.valid('param').id}) n`.execute(db)
    return c.json(found(rows[0], 'escalation policy'), 200)
  })
  app.openapi(create, async (c) => {
    const reader = c.get('reader')
    const { name, team_id, steps, repeats } = c.req.valid('json')
    demandInTeam(reader, 'schedule.edit', team_id ?? null)
    const id = await transact(db, actorOf(reader), (tx) =>
      createEscalationPolicy(tx, { name, teamId: team_id ?? null, steps, repeats }),
    )
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const reader = c.get('reader')
    const { id } = c.req.valid('param')
    const { name, team_id, steps, repeats, seen_version } = c.req.valid('json')
    await transact(db, actorOf(reader), async (tx) => {
      const current = await demandPolicy(tx, reader, id, seen_version)
      if (team_id !== undefined) demandInTeam(reader, 'schedule.edit', team_id)
      await editEscalationPolicy(tx, id, {
        ...(name !== undefined && { name }),
        ...(team_id !== undefined && { teamId: team_id }),
        ...((steps ?? repeats) !== undefined && {
          policy: { steps: steps ?? current.steps, repeats: repeats ?? current.repeats },
        }),
      })
    })
    return c.json({ ok: true as const }, 200)
  })
  rowVerb(app, db, {
    permission: 'schedule.edit',
    path: '/escalation-policies/{id}/archive',
    summary: 'Archive a policy that no service and no integration uses',
    tags,
    run: async (tx, id, reader) => {
      await demandPolicy(tx, reader, id)
      await archiveEscalationPolicy(tx, id)
    },
  })
}

interface Current extends z.infer<typeof Terms> {
  team_id: string | null
  version: number
}

async function demandPolicy(tx: Tx, reader: Reader, id: string, seenVersion?: number): Promise<Current> {
  const { rows } = await sql<Current>`
    select p.team_id, v.version, v.steps, v.repeats from escalation_policy p
    join lateral (select * from escalation_policy_version v where v.policy_id = p.id order by v.version desc limit 1) v on true
    where p.id = ${id} and p.archived_at is null for update of p`.execute(tx.db)
  const policy = found(rows[0], 'escalation policy')
  demandInTeam(reader, 'schedule.edit', policy.team_id)
  if (seenVersion !== undefined && seenVersion < policy.version)
    throw new DeskError(
      'stale',
      'Somebody changed this policy meanwhile. Look at it again before you save.',
      {
        current: { version: policy.version, steps: policy.steps, repeats: policy.repeats },
      },
    )
  return policy
}
