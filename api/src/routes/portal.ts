import { z } from '@hono/zod-openapi'
import { readShelf } from '@tocsin/desk'
import { sql } from 'kysely'
import type { Resource } from '../context.ts'
import { Instant, json, route } from '../route.ts'
import { Item, shownItem } from './catalogue.ts'
import { Outage, outagesFor } from './outages.ts'
import { Kind, PendingReason, State } from './tickets/schema.ts'

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
    const outages = await outagesFor(db, c.get('reader'))
    const mine = await sql<z.infer<typeof Mine>>`
      select t.number, t.kind, t.title, t.state, t.pending_reason, t.created_at, t.updated_at, t.resolved_at
      from ticket t
      where t.requester_id = ${me}
        and (t.state not in ('resolved', 'closed', 'cancelled')
             or (t.state = 'resolved' and t.resolved_at > (select tocsin_now()) - ${RECENT}))
      order by t.updated_at desc, t.id desc limit 50`.execute(db)
    const catalogue = (await readShelf(db)).map(shownItem)
    return c.json({ outages, mine: mine.rows, catalogue }, 200)
  })
}
