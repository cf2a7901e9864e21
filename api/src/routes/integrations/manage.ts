import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archiveIntegration,
  createIntegration,
  editIntegration,
  found,
  MAIL_RULES,
  MailRule,
  Patience,
  proofOf,
  revokeIntegrationKey,
  rotateIntegrationKey,
  setSenderSecret,
  type System,
  SYSTEMS,
  transact,
  usualPatience,
} from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../../context.ts'
import { body, Empty, Id, IdParams, Instant, json, page, route } from '../../route.ts'
import { rowVerb } from '../../row-verb.ts'
import { integrationVisible } from './visible.ts'

const systems = Object.keys(SYSTEMS) as [System, ...System[]]
const Named = z.object({ id: Id, name: z.string() }).nullable()
const Integration = z
  .object({
    id: Id,
    system: z.string(),
    name: z.string(),
    service: z.object({ id: Id, key: z.string(), name: z.record(z.string(), z.string()) }).nullable(),
    team: Named,
    escalation_policy: Named,
    requests_per_second: z.number().nullable().openapi({ description: 'null: as any healthy sender' }),
    time_zone: z.string().nullable().openapi({ description: 'of wall times in its messages; null: UTC' }),
    mail_rules: z.array(MailRule).openapi({ description: 'of an address for mail; the first that fits' }),
    heartbeat: z
      .object({
        interval_s: z.number(),
        grace_s: z.number(),
        missed_at: Instant.nullable().openapi({ description: 'since when the sign of life is missing' }),
      })
      .nullable(),
    quiet: z
      .object({
        after_minutes: z.number(),
        since: Instant.nullable().openapi({ description: 'since when it is found quiet' }),
      })
      .nullable()
      .openapi({ description: 'how long it may be silent before it raises an alert; null: for ever' }),
    shadow: z
      .object({ since: Instant, by: Named })
      .nullable()
      .openapi({ description: 'what it opens pages nobody; null: it pages' }),
    patience: Patience.nullable().openapi({ description: 'with its alerts; null: as usual for its system' }),
    usual_patience: Patience,
    revision: z.number(),
    created_at: Instant,
    archived_at: Instant.nullable(),
    /** Null: waits for its first message. */
    last_received_at: Instant.nullable(),
    firing: z.number(),
    /** Whether its sender must prove each body with a secret. */
    signs: z.boolean(),
    /** Not revoked, oldest first; two at most. */
    keys: z.array(z.object({ id: Id, hint: z.string(), created_at: Instant })),
  })
  .openapi('Integration')
const NewKey = z.object({ id: Id, key: z.string(), hint: z.string() })

const tags = ['Integrations']
const name = z.string().trim().min(1).max(120)
const places = {
  service_id: Id.nullable().optional(),
  team_id: Id.nullable().optional(),
  escalation_policy_id: Id.nullable().optional(),
}

const Shadow = z.boolean().optional().openapi({
  description: 'decided as ever, but what it opens pages nobody; a report a day says whom it would have',
})

const listSystems = route('integration.read', {
  method: 'get',
  path: '/systems',
  summary: 'The monitoring systems that have a door here',
  tags,
  request: {},
  responses: {
    200: json(
      page(
        z.object({
          system: z.string(),
          name: z.string(),
          /** How its sender can prove that a body is its own. */
          proof: z.enum(['signature', 'token']).nullable(),
        }),
      ),
      'Systems',
    ),
  },
})
const list = route('integration.read', {
  method: 'get',
  path: '/integrations',
  summary: 'Every source, and when it last sent',
  tags,
  request: {},
  responses: { 200: json(page(Integration), 'Integrations') },
})
const get = route('integration.read', {
  method: 'get',
  path: '/integrations/{id}',
  summary: 'One source',
  tags,
  request: { params: IdParams },
  responses: { 200: json(Integration, 'The integration') },
})
const create = route('integration.edit', {
  method: 'post',
  path: '/integrations',
  summary: 'Add a source; its key is shown here and never again',
  tags,
  request: {
    body: body(z.strictObject({ system: z.enum(systems), name, ...places, shadow: Shadow })),
  },
  responses: { 201: json(z.object({ id: Id, key: NewKey }), 'Added') },
})
const edit = route('integration.edit', {
  method: 'patch',
  path: '/integrations/{id}',
  summary: 'Change a source',
  tags,
  request: {
    params: IdParams,
    body: body(
      z.strictObject({
        name: name.optional(),
        ...places,
        shadow: Shadow,
        requests_per_second: z.number().nullable().optional().openapi({ description: '1 to 20,000' }),
        time_zone: z.string().max(64).nullable().optional().openapi({ description: 'IANA; null: UTC' }),
        mail_rules: z.array(MailRule).max(MAIL_RULES).optional(),
        heartbeat: z.strictObject({ interval_s: z.number(), grace_s: z.number() }).optional(),
        quiet_after_minutes: z
          .number()
          .nullable()
          .optional()
          .openapi({ description: '1 to 44,640; null: it may be silent' }),
        seen_revision: z.number().int().optional().openapi({ description: '412 when there is a newer one' }),
      }),
    ),
  },
  responses: { 200: json(Empty, 'Changed') },
})
const rotate = route('integration.edit', {
  method: 'post',
  path: '/integrations/{id}/keys',
  summary: 'A further key beside the old one, until that is revoked; two at most',
  tags,
  request: { params: IdParams },
  responses: { 201: json(NewKey, 'The key, shown once') },
})
const revoke = route('integration.edit', {
  method: 'post',
  path: '/integrations/{id}/keys/{keyId}/revoke',
  summary: 'Revoke a key',
  tags,
  request: { params: IdParams.extend({ keyId: Id }) },
  responses: { 200: json(Empty, 'Revoked') },
})

const secret = route('integration.edit', {
  method: 'put',
  path: '/integrations/{id}/secret',
  summary: 'What its sender signs with, or the word it repeats; never shown again. null: it does not sign',
  tags,
  request: {
    params: IdParams,
    body: body(
      z.strictObject({
        secret: z.string().trim().min(8).max(1_000).nullable(),
        /** Lets the present one go on beside it, until the sender has changed. */
        keep: z.boolean().default(false),
      }),
    ),
  },
  responses: { 200: json(Empty, 'Set') },
})

type Row = Omit<z.infer<typeof Integration>, 'usual_patience'>
const withUsual = (row: Row) => ({ ...row, usual_patience: usualPatience(row.system) })
const MISSED = sql`to_char(h.missed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
const INTEGRATIONS = sql`
  select i.id, i.system, i.name, i.created_at, i.archived_at, i.last_received_at, i.revision,
    (i.settings ->> 'requests_per_second')::float as requests_per_second, i.settings ->> 'time_zone' as time_zone,
    case when i.shadow_since is not null then jsonb_build_object('since', to_char(i.shadow_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'by', (select jsonb_build_object('id', b.id, 'name', b.name) from person b where b.id = i.shadow_by)) end as shadow,
    i.settings -> 'patience' as patience, i.secret_encrypted is not null as signs,
    coalesce(i.settings -> 'mail_rules', '[]') as mail_rules,
    (select jsonb_build_object('interval_s', h.interval_s, 'grace_s', h.grace_s, 'missed_at', ${MISSED}) from heartbeat h
     where h.integration_id = i.id and i.system = 'heartbeat') as heartbeat,
    (select jsonb_build_object('after_minutes', h.interval_s / 60, 'since', ${MISSED}) from heartbeat h
     where h.integration_id = i.id and i.system <> 'heartbeat') as quiet,
    (select jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) from service s where s.id = i.service_id) as service,
    (select jsonb_build_object('id', t.id, 'name', t.name) from team t where t.id = i.team_id) as team,
    (select jsonb_build_object('id', p.id, 'name', p.name) from escalation_policy p where p.id = i.escalation_policy_id) as escalation_policy,
    coalesce(f.firing, 0) as firing,
    coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'hint', k.hint, 'created_at', k.created_at) order by k.created_at)
              from integration_key k where k.integration_id = i.id and k.revoked_at is null), '[]') as keys
  from integration i
  left join (select integration_id, count(*) as firing from alert where status = 'firing' group by 1) f on f.integration_id = i.id`

export const manageRoutes: Resource = (app, { db, config }) => {
  app.openapi(listSystems, (c) =>
    c.json(
      {
        items: systems.map((system) => ({
          system,
          name: SYSTEMS[system].name,
          proof: proofOf(system) ?? null,
        })),
        next: null,
      },
      200,
    ),
  )
  app.openapi(list, async (c) => {
    const { rows } = await sql<Row>`
      ${INTEGRATIONS} where i.archived_at is null and ${integrationVisible(c.get('reader'))} order by i.name, i.id`.execute(
      db,
    )
    return c.json({ items: rows.map(withUsual), next: null }, 200)
  })
  app.openapi(get, async (c) => {
    const { id } = c.req.valid('param')
    const { rows } =
      await sql<Row>`${INTEGRATIONS} where i.id = ${id} and ${integrationVisible(c.get('reader'))}`.execute(
        db,
      )
    return c.json(withUsual(found(rows[0], 'integration')), 200)
  })
  app.openapi(create, async (c) => {
    const { system, name: given, service_id, team_id, escalation_policy_id, shadow } = c.req.valid('json')
    const input = {
      system,
      name: given,
      serviceId: service_id,
      teamId: team_id,
      escalationPolicyId: escalation_policy_id,
      shadow,
    }
    return c.json(await transact(db, actorOf(c.get('reader')), (tx) => createIntegration(tx, input)), 201)
  })
  app.openapi(edit, async (c) => {
    const given = c.req.valid('json')
    const input = {
      name: given.name,
      serviceId: given.service_id,
      teamId: given.team_id,
      escalationPolicyId: given.escalation_policy_id,
      requestsPerSecond: given.requests_per_second,
      timeZone: given.time_zone,
      rhythm: given.heartbeat,
      quietAfterMinutes: given.quiet_after_minutes,
      mailRules: given.mail_rules,
      shadow: given.shadow,
      seenRevision: given.seen_revision,
    }
    await transact(db, actorOf(c.get('reader')), (tx) => editIntegration(tx, c.req.valid('param').id, input))
    return c.json({ ok: true as const }, 200)
  })
  rowVerb(app, db, {
    permission: 'integration.edit',
    path: '/integrations/{id}/archive',
    summary: 'Archive a source; its keys stop at once',
    tags,
    run: archiveIntegration,
  })
  app.openapi(rotate, async (c) => {
    const minted = await transact(db, actorOf(c.get('reader')), (tx) =>
      rotateIntegrationKey(tx, c.req.valid('param').id),
    )
    return c.json(minted, 201)
  })
  app.openapi(revoke, async (c) => {
    const { id, keyId } = c.req.valid('param')
    await transact(db, actorOf(c.get('reader')), (tx) => revokeIntegrationKey(tx, id, keyId))
    return c.json({ ok: true as const }, 200)
  })
  app.openapi(secret, async (c) => {
    const { secret: given, keep } = c.req.valid('json')
    const { id } = c.req.valid('param')
    await transact(db, actorOf(c.get('reader')), (tx) =>
      setSenderSecret(tx, config.secret, { id, secret: given, keep }),
    )
    return c.json({ ok: true as const }, 200)
  })
}
