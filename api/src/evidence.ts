import { z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import { Id } from './route.ts'

/** What the ids in a link's evidence stand for. */
export const Told = z.object({
  /** The way in the service map, from what the alert is about to its cause. */
  path: z.array(z.object({ id: Id, name: z.union([z.string(), z.record(z.string(), z.string())]) })),
  /** The ticket whose trouble recurs. */
  recurs: z.string().nullable(),
  /** The ticket that it was split from, or that was merged. */
  other: z.string().nullable(),
})

/** The same over `alert_link l`. */
export const TOLD = sql`jsonb_build_object(
  'path', coalesce((
    select jsonb_agg(jsonb_build_object('id', w.id, 'name', coalesce(to_jsonb(c.name), s.name, to_jsonb(w.id))) order by w.place)
    from jsonb_array_elements_text(l.evidence -> 'path') with ordinality as w(id, place)
    left join configuration_item c on c.id = w.id::uuid left join service s on s.id = w.id::uuid), '[]'),
  'recurs', (select number from ticket where id = (l.evidence ->> 'recurs')::uuid),
  'other', (select number from ticket where id = coalesce(l.evidence ->> 'merged', l.evidence ->> 'split')::uuid))`

/** Who took an alert out of a ticket, and why, over `alert_link l`. */
export const DETACHED = sql`case when l.detached_at is not null then jsonb_build_object(
  'at', to_char(l.detached_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'why', l.detached_why,
  'by', (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = l.detached_by)) end`

export const Detached = z
  .object({
    at: z.string(),
    why: z.string().nullable(),
    by: z.object({ id: Id, name: z.string() }).nullable(),
  })
  .nullable()
