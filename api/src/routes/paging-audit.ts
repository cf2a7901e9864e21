import { z } from '@hono/zod-openapi'
import { readPagedDay, readPagingPulse } from '@tocsin/desk'
import type { Resource } from '../context.ts'
import { Instant, json, route } from '../route.ts'

const Overdue = z.object({ count: z.number(), since: Instant.nullable() })
const Audit = z
  .object({
    as_of: Instant,
    ok: z.boolean(),
    steps: Overdue.openapi({ description: 'escalation steps that are more than five minutes late' }),
    deliveries: Overdue.openapi({ description: 'deliveries that are more than five minutes late' }),
    day: z
      .object({ pages: z.number(), reached: z.number(), trying: z.number(), unreached: z.number() })
      .openapi({
        description: 'of the last 24 hours: pages opened, told or answered, still tried, given up',
      }),
  })
  .openapi('PagingAudit')
const Pulse = z.object({ ok: z.boolean(), as_of: Instant, late_since: Instant.nullable() })

const audit = route('page.read', {
  method: 'get',
  path: '/paging/audit',
  summary: 'What should have been paged against what was',
  tags: ['On call'],
  request: {},
  responses: { 200: json(Audit, 'The audit') },
})
const pulse = route('public', {
  method: 'get',
  path: '/paging/pulse',
  summary:
    'For a monitor outside: 200 while paging keeps up, 503 once a step or a delivery is five minutes late',
  tags: ['On call'],
  request: {},
  responses: { 200: json(Pulse, 'Paging keeps up'), 503: json(Pulse, 'Something stands still') },
})

/** Asked of the api, not of the engine: what stands still cannot say that it does. */
export const pagingAuditRoutes: Resource = (app, { db }) => {
  app.openapi(audit, async (c) => {
    const [{ as_of, ok, steps, deliveries }, day] = await Promise.all([readPagingPulse(db), readPagedDay(db)])
    return c.json(
      { as_of: as_of.toISOString(), ok, steps: shown(steps), deliveries: shown(deliveries), day },
      200,
    )
  })
  app.openapi(pulse, async (c) => {
    const { as_of, ok, steps, deliveries } = await readPagingPulse(db)
    const since = [steps.since, deliveries.since].filter((at) => at !== null).toSorted((a, b) => +a - +b)[0]
    const body = { ok, as_of: as_of.toISOString(), late_since: since?.toISOString() ?? null }
    return c.json(body, ok ? 200 : 503)
  })
}

const shown = ({ count, since }: { count: number; since: Date | null }) => ({
  count,
  since: since?.toISOString() ?? null,
})
