import { z } from '@hono/zod-openapi'
import { readShelf } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { Instant, json, route } from '../route.ts'
import { Item } from './catalogue.ts'
import { Label } from './services.ts'
import { Kind, PendingReason, State } from './tickets/schema.ts'

const Outage = z.object({
  service: z.object({ key: z.string(), name: Label }),
  since: Instant,
  state: z
    .enum(['noticed', 'in_progress'])
    .openapi({ description: 'in_progress: somebody has taken notice and works on it' }),
})
const Mine = z.object({
  number: z.string(),
  kind: Kind,
  title: z.string(),
  state: State,
  pending_reason: PendingReason.nullable(),
  created_at: Instant,
  updated_at: Instant,
  resolved_at: Instant.nullable(),
})

const portal = route('catalogue.read', {
  method: 'get',
  path: '/portal',
  summary: 'What an employee sees first: known outages, their own open tickets, the catalogue',
  tags: ['Portal'],
  request: {},
  responses: {
    200: json(
      z.object({ outages: z.array(Outage), mine: z.array(Mine), catalogue: z.array(Item) }).openapi('Portal'),
      'The portal',
    ),
  },
})

/** How long a requester may say that it is not solved after all; as long it stays on their first page. */
const RECENT = sql`interval '7 days'`

export const portalRoutes: Resource = (app, { db }) => {
  app.openapi(portal, async (c) => {
    const me = c.get('reader').person.id
    // The service alone is told: titles and words of incidents are the desk's.
    const outages = await sql<z.infer<typeof Outage>>`
      select jsonb_build_object('key', s.key, 'name', s.name) as service, min(t.created_at) as since,
             case when bool_or(t.acknowledged_at is not null) then 'in_progress' else 'noticed' end as state
      from ticket t join service s on s.id = t.service_id
      where t.kind = 'incident' and t.priority in ('P1', 'P2') and not t.confidential and s.archived_at is null
        and t.state not in ('resolved', 'closed', 'cancelled')
      group by s.id order by min(t.created_at) desc limit 50`.execute(db)
    const mine = await sql<z.infer<typeof Mine>>`
      select t.number, t.kind, t.title, t.state, t.pending_reason, t.created_at, t.updated_at, t.resolved_at
      from ticket t
      where t.requester_id = ${me}
        and (t.state not in ('resolved', 'closed', 'cancelled')
             or (t.state = 'resolved' and t.resolved_at > tocsin_now() - ${RECENT}))
      order by t.updated_at desc, t.id desc limit 50`.execute(db)
    const catalogue = (await readShelf(db)).map(
      ({ key, kind, name, description, fields, service_id, revision }) => ({
        key,
        kind,
        name,
        description,
        fields,
        service_id,
        revision,
      }),
    )
    return c.json({ outages: outages.rows, mine: mine.rows, catalogue }, 200)
  })
}
