import { z } from '@hono/zod-openapi'
import { type Reader, ticketWorkable } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import { Id, Instant } from '../../route.ts'

const Named = z.object({ id: Id, name: z.string() })

/** As lists mark it: what is only proposed is the desk's alone. */
export const MajorMark = z.enum(['candidate', 'declared']).nullable().openapi({
  description:
    'of an incident that is proposed as, or declared, a major one; a proposal is shown to the desk only',
})

export const Major = z
  .object({
    state: z.enum(['candidate', 'declared', 'rejected']),
    lead: Named.nullable(),
    proposed_at: Instant,
    proposed_by: Named.nullable().openapi({ description: 'null: the desk itself; see why' }),
    why: z
      .object({ rule: z.string(), priority: z.string(), parts: z.number(), at_least: z.number() })
      .nullable(),
    decided_at: Instant.nullable(),
    decided_by: Named.nullable(),
  })
  .nullable()
  .openapi('MajorIncident')

/** The mark of a `ticket t`. */
export const majorMark = (reader: Reader): RawBuilder<unknown> => sql`(
  select x.state from major_incident x where x.ticket_id = t.id
    and (x.state = 'declared' or (x.state = 'candidate' and ${ticketWorkable(reader)})))`

/** Over a `ticket t` with `workable`: whole, for those who work on it. */
export const MAJOR_INCIDENT = sql`case when t.workable then (
  select jsonb_build_object('state', x.state, 'proposed_at', x.proposed_at, 'why', x.why, 'decided_at', x.decided_at,
    'lead', (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = x.lead_id),
    'proposed_by', (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = x.proposed_by),
    'decided_by', (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = x.decided_by))
  from major_incident x where x.ticket_id = t.id) end`

/** Tickets that are marked so: few among a million, and found by their own index. */
export const whereMajor = (states: string[], reader: Reader): RawBuilder<boolean> => sql`
  t.id in (select x.ticket_id from major_incident x where x.state <> 'rejected' and x.state = any(${states}))
  and (${ticketWorkable(reader)} or t.id in (select x.ticket_id from major_incident x where x.state = 'declared'))`
