import { z } from '@hono/zod-openapi'
import { type Reader, ticketWorkable } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import { Id, Instant } from '../../route.ts'
import { at } from './details.ts'

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
    update_every_minutes: z.number().nullable(),
    next_update_at: Instant.nullable().openapi({ description: 'the update that is promised' }),
    last_update: z
      .object({
        title: z.string(),
        affected: z.string(),
        body: z.string(),
        at: Instant,
        next_update_at: Instant.nullable(),
      })
      .nullable(),
    stakeholders: z
      .object({ people: z.array(Named), teams: z.array(Named) })
      .openapi({ description: 'chosen to hear of it by mail' }),
    review: z.enum(['none', 'draft', 'finished']),
    followers: z.number().openapi({ description: 'who said on the portal that it hits them too' }),
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
    'update_every_minutes', x.update_every_minutes, 'next_update_at', ${at('x.next_update_at')},
    'last_update', (select jsonb_build_object('title', u.title, 'affected', u.affected, 'body', m.body, 'at', ${at('u.created_at')},
        'next_update_at', ${at('u.next_at')})
      from major_update u join message m on m.id = u.message_id
      where u.ticket_id = t.id order by u.created_at desc, u.message_id desc limit 1),
    'stakeholders', jsonb_build_object(
      'people', coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.name, p.id)
        from major_stakeholder s join person p on p.id = s.person_id where s.ticket_id = t.id), '[]'),
      'teams', coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) order by g.name, g.id)
        from major_stakeholder s join team g on g.id = s.team_id where s.ticket_id = t.id), '[]')),
    'review', coalesce((select case when r.finished_at is null then 'draft' else 'finished' end
      from review r where r.ticket_id = t.id), 'none'),
    'followers', (select count(*) from major_follower f where f.ticket_id = t.id),
    'lead', (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = x.lead_id),
    'proposed_by', (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = x.proposed_by),
    'decided_by', (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = x.decided_by))
  from major_incident x where x.ticket_id = t.id) end`

/** Tickets that are marked so: few among a million, and found by their own index. */
export const whereMajor = (states: string[], reader: Reader): RawBuilder<boolean> => sql`
  t.id in (select x.ticket_id from major_incident x where x.state <> 'rejected' and x.state = any(${states}))
  and (${ticketWorkable(reader)} or t.id in (select x.ticket_id from major_incident x where x.state = 'declared'))`
