import { z } from '@hono/zod-openapi'
import { alertVisible, MaintenanceEdit, MaintenanceInput, Matcher, type Reader } from '@tocsin/desk'
import { type RawBuilder, sql } from 'kysely'
import { Id, Instant } from '../../route.ts'
import { Label } from '../services.ts'

export const STATES = ['active', 'planned', 'past'] as const

const Named = z.object({ id: Id, name: z.string() })
const Span = z.object({ starts_at: Instant, ends_at: Instant })

export const Maintenance = z
  .object({
    id: Id,
    kind: z.enum(['window', 'silence']),
    state: z.enum(STATES),
    reason: z.string(),
    author: Named.nullable(),
    author_name: z
      .string()
      .nullable()
      .openapi({ description: 'where a program wrote it in somebody’s name' }),
    covers: z.object({
      services: z.array(z.object({ id: Id, key: z.string(), name: Label })),
      cis: z.array(Named),
      matchers: z.array(Matcher),
      condition: z.string().nullable(),
      integration: Named.nullable(),
    }),
    starts_at: Instant,
    ends_at: Instant.openapi({ description: 'of its first span' }),
    zone: z.string(),
    rrule: z.string().nullable(),
    until: Instant.openapi({ description: 'the end of its last span' }),
    span: Span.nullable().openapi({ description: 'in force now, else the next one to come' }),
    change: z.string().nullable().openapi({ description: 'number of the planned change' }),
    cancelled_at: Instant.nullable(),
    cancelled_by: Named.nullable(),
    created_at: Instant,
    alerts: z.number().openapi({ description: 'held now, of those that I may see' }),
    suppressed: z.number().openapi({ description: 'events so far' }),
    revision: z.number(),
    may_end: z.boolean(),
  })
  .openapi('Maintenance')

export const MaintenanceDetail = Maintenance.extend({
  spans: z.array(Span.extend({ begun_at: Instant.nullable(), ended_at: Instant.nullable() })),
}).openapi('MaintenanceDetail')

/** Times as text here: the desk reads them. */
export const NewMaintenance = MaintenanceInput.extend({ starts_at: Instant, ends_at: Instant }).openapi(
  'NewMaintenance',
)
export const ChangedMaintenance = MaintenanceEdit.extend({
  starts_at: Instant.optional(),
  ends_at: Instant.optional(),
  seen_revision: z.int().optional().openapi({ description: '412 when there is a newer one' }),
}).openapi('ChangedMaintenance')

export type MaintenanceRow = Omit<z.infer<typeof Maintenance>, 'may_end'> & {
  rank: number
  sort: number
  author_id: string | null
  service_ids: string[]
  integration_id: string | null
}

/** Windows with their state, over `maintenance m`: those in force first, then those to come, then the past. */
export const windows = (reader: Reader, where: RawBuilder<unknown>) => sql`
  select m.id, m.kind, m.reason, m.author_name, m.starts_at, m.ends_at, m.zone, m.rrule, m.until, m.cancelled_at, m.created_at, m.revision,
    m.author_id, m.service_ids, m.integration_id, w.state, w.rank, w.sort,
    (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = m.author_id) as author,
    (select jsonb_build_object('id', p.id, 'name', p.name) from person p where p.id = m.cancelled_by) as cancelled_by,
    (select t.number from ticket t where t.id = m.change_id) as change,
    jsonb_build_object(
      'services', coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'key', s.key, 'name', s.name) order by s.key)
                            from service s where s.id = any(m.service_ids)), '[]'),
      'cis', coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) order by c.name)
                       from configuration_item c where c.id = any(m.ci_ids)), '[]'),
      'matchers', m.matchers, 'condition', m.condition,
      'integration', (select jsonb_build_object('id', i.id, 'name', i.name) from integration i where i.id = m.integration_id)
    ) as covers,
    w.span,
    (select count(*)::int from alert a where a.held_window = m.id and ${alertVisible(reader)}) as alerts,
    m.suppressed_before::int + (select count(*)::int from event e where e.bucket = 'suppressed' and e.reason ->> 'window' = m.id::text) as suppressed
  from maintenance m, lateral (
    select n.rank, case when n.rank < 2 then jsonb_build_object('starts_at', n.starts_at, 'ends_at', n.ends_at) end as span,
      (case n.rank when 0 then extract(epoch from n.ends_at) when 1 then extract(epoch from n.starts_at)
         else -extract(epoch from least(m.until, coalesce(m.cancelled_at, m.until))) end * 1000)::float8 as sort,
      (array['active', 'planned', 'past'])[n.rank + 1] as state
    from (
      select s.starts_at, s.ends_at,
        case when m.cancelled_at is not null or s.ends_at is null then 2 when s.starts_at <= tocsin_now() then 0 else 1 end as rank
      from (select 1) one left join lateral (
        select s.starts_at, s.ends_at from maintenance_span s
        where s.maintenance_id = m.id and s.ends_at > tocsin_now() order by s.starts_at limit 1) s on true
    ) n
  ) w
  where ${where}`
