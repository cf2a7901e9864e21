import { z } from '@hono/zod-openapi'
import {
  actorOf,
  archivePolicy,
  calendarsInForce,
  createPolicy,
  DeskError,
  editPolicy,
  found,
  policiesInForce,
  policyHistory,
  type PolicyVersion,
  previewDue,
  readNow,
  requestRecomputation,
  transact,
} from '@tocsin/desk'
import type { Resource } from '../context.ts'
import { body, Id, IdParams, Instant, json, page, route } from '../route.ts'
import { rowVerb } from '../row-verb.ts'
import { shownTerms, Targets, Terms, termsOf } from './sla-terms.ts'

const Arrangement = z.strictObject({
  name: z.string().trim().min(1).max(120),
  position: z.number().int().min(0).max(100_000).openapi({ description: 'the lowest is asked first' }),
})

const Version = z.object({ version: z.number(), effective_from: Instant, ...Terms.shape })
const Policy = Version.extend({ id: Id, name: z.string(), position: z.number() }).openapi('SlaPolicy')
const PolicyDetail = Policy.extend({ versions: z.array(Version) }).openapi('SlaPolicyDetail')

const Recompute = z.boolean().default(true).openapi({
  description: 'compute the clocks of open tickets again, in the background, when the terms come into force',
})

const tags = ['SLA']
const list = route('calendar.read', {
  method: 'get',
  path: '/sla-policies',
  summary: 'The policies in force, in the order in which they are asked',
  tags,
  request: {},
  responses: { 200: json(page(Policy), 'Policies') },
})
const get = route('calendar.read', {
  method: 'get',
  path: '/sla-policies/{id}',
  summary: 'One policy with all its versions, newest first',
  tags,
  request: { params: IdParams },
  responses: { 200: json(PolicyDetail, 'The policy') },
})
const create = route('calendar.edit', {
  method: 'post',
  path: '/sla-policies',
  summary: 'Add a policy; it binds tickets opened from now on, and with recompute the open ones too',
  tags,
  request: {
    body: body(
      Terms.partial().extend({
        kinds: Terms.shape.kinds,
        calendar_id: Terms.shape.calendar_id,
        name: Arrangement.shape.name,
        position: Arrangement.shape.position.default(50),
        recompute: Recompute,
      }),
    ),
  },
  responses: { 201: json(z.object({ id: Id }), 'Added') },
})
const edit = route('calendar.edit', {
  method: 'patch',
  path: '/sla-policies/{id}',
  summary:
    'Rename, reorder, or set new terms as a new version, for open tickets too unless recompute is false',
  tags,
  request: {
    params: IdParams,
    body: body(
      Terms.partial().extend({
        ...Arrangement.partial().shape,
        effective_from: Instant.optional(),
        recompute: Recompute,
        seen_version: z.number().int().optional().openapi({ description: '412 when there is a newer one' }),
      }),
    ),
  },
  responses: { 200: json(z.object({ version: z.number() }), 'Changed') },
})
const preview = route('calendar.read', {
  method: 'post',
  path: '/sla-policies/preview',
  summary: 'When a ticket opened now, or at an instant, would be due at each priority; saves nothing',
  tags,
  request: {
    body: body(z.strictObject({ calendar_id: Id, targets: Targets, opened_at: Instant.optional() })),
  },
  responses: {
    200: json(
      z.object({
        opened_at: Instant,
        due: z.array(
          z.object({
            priority: z.string(),
            response_due_at: Instant.nullable(),
            resolution_due_at: Instant.nullable(),
          }),
        ),
      }),
      'Due instants',
    ),
  },
})

const shown = (version: PolicyVersion) => ({
  version: version.version,
  effective_from: version.effectiveFrom.toISOString(),
  ...shownTerms(version),
})

export const slaPolicyRoutes: Resource = (app, { db }) => {
  app.openapi(list, async (c) => {
    const policies = await policiesInForce(db, await readNow(db))
    const items = policies.map((one) => ({
      id: one.policyId,
      name: one.name,
      position: one.position,
      ...shown(one),
    }))
    return c.json({ items, next: null }, 200)
  })
  app.openapi(get, async (c) => {
    const { id } = c.req.valid('param')
    const versions = await policyHistory(db, id)
    const now = await readNow(db)
    const one = found(versions.find((version) => version.effectiveFrom <= now) ?? versions[0], 'SLA policy')
    return c.json(
      { id, name: one.name, position: one.position, ...shown(one), versions: versions.map(shown) },
      200,
    )
  })
  app.openapi(create, async (c) => {
    const { name, position, recompute, kinds, calendar_id, ...terms } = c.req.valid('json')
    const id = await transact(db, actorOf(c.get('reader')), async (tx) => {
      const made = await createPolicy(tx, {
        ...termsOf(terms),
        name,
        position,
        kinds,
        calendarId: calendar_id,
      })
      if (recompute) await requestRecomputation(tx, { kind: 'sla_policy', id: made, version: 1 })
      return made
    })
    return c.json({ id }, 201)
  })
  app.openapi(edit, async (c) => {
    const { name, position, recompute, effective_from, seen_version, ...terms } = c.req.valid('json')
    const { id } = c.req.valid('param')
    const effectiveFrom = effective_from ? new Date(effective_from) : undefined
    const changes = {
      ...termsOf(terms),
      ...(name !== undefined && { name }),
      ...(position !== undefined && { position }),
    }
    const version = await transact(db, actorOf(c.get('reader')), async (tx) => {
      const newest = await editPolicy(tx, { ...changes, id, effectiveFrom, seenVersion: seen_version })
      if (recompute && Object.keys(changes).some((change) => change !== 'name'))
        await requestRecomputation(tx, { kind: 'sla_policy', id, version: newest }, { dueAt: effectiveFrom })
      return newest
    })
    return c.json({ version }, 200)
  })
  rowVerb(app, db, {
    permission: 'calendar.edit',
    path: '/sla-policies/{id}/archive',
    summary: 'Take a policy out of use; clocks that it started run on',
    tags,
    run: archivePolicy,
  })
  app.openapi(preview, async (c) => {
    const { calendar_id, targets, opened_at } = c.req.valid('json')
    const now = await readNow(db)
    const at = opened_at ? new Date(opened_at) : now
    const calendars = await calendarsInForce(db, now)
    const due = previewDue(
      targets,
      (calendarId) => {
        const hours = calendars.get(calendarId ?? calendar_id)
        if (hours) return hours
        throw new DeskError('invalid', 'The targets name a calendar that does not exist.', {
          errors: [{ path: calendarId ? 'targets' : 'calendar_id', message: 'There is no such calendar.' }],
        })
      },
      at,
    )
    const iso = (instant: Date | null) => instant?.toISOString() ?? null
    return c.json(
      {
        opened_at: at.toISOString(),
        due: due.map((one) => ({
          priority: one.priority,
          response_due_at: iso(one.response_due_at),
          resolution_due_at: iso(one.resolution_due_at),
        })),
      },
      200,
    )
  })
}
