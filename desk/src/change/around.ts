import type { Db } from '@tocsin/db'
import { type RawBuilder, sql } from 'kysely'
import { type Reader, ticketVisible } from '../auth/index.ts'
import { TOUCHED_ITEMS, TOUCHED_SERVICES } from './touched.ts'

export interface Clash {
  /** Whose. */
  id: string
  number: string | null
  title: string
  how: 'service' | 'item' | 'depends' | 'maintenance'
  planned_start: Date
  planned_end: Date
}

// What a change touches, with the services of its items: what another one touches too, or depends on, is in its way.
const planned = (where: RawBuilder<unknown>) => sql`
  select t.id, t.number, t.title, c.planned_start, c.planned_end, w.items,
    array(select unnest(w.services) union
          select service_id from configuration_item where id = any(w.items) and service_id is not null) as services
  from change_plan c join ticket t on t.id = c.ticket_id
  cross join lateral (select ${TOUCHED_SERVICES} as services, ${TOUCHED_ITEMS} as items) w
  where c.planned_start is not null and c.planned_end is not null and t.state not in ('closed', 'cancelled') and ${where}`

/**
 * What stands in the way of these changes at their planned times: another change to the same service or item, or to one
 * that it depends on or that depends on it; or a maintenance window of somebody else over the same.
 */
export async function clashesOf(db: Db, reader: Reader, ids: string[]): Promise<Clash[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Clash>`
    with mine as materialized (${planned(sql`t.id = any(${ids}::uuid[])`)}),
    span as (select min(planned_start) as from_at, max(planned_end) as to_at from mine),
    other as materialized (${planned(sql`c.planned_start < (select to_at from span)
      and c.planned_end > (select from_at from span) and ${ticketVisible(reader)}`)})
    select m.id, o.number, o.title, o.planned_start, o.planned_end, h.how
    from mine m join other o on o.id <> m.id and o.planned_start < m.planned_end and o.planned_end > m.planned_start
    cross join lateral (select case
      when m.items && o.items then 'item'
      when m.services && o.services then 'service'
      when exists (select from service_dependency d where (d.service_id = any(m.services) and d.depends_on_id = any(o.services))
                     or (d.service_id = any(o.services) and d.depends_on_id = any(m.services))) then 'depends'
      when exists (select from ci_dependency d where (d.ci_id = any(m.items) and d.depends_on_id = any(o.items))
                     or (d.ci_id = any(o.items) and d.depends_on_id = any(m.items))) then 'depends' end as how) h
    where h.how is not null
    union all
    select m.id, null, w.reason, s.starts_at, s.ends_at, 'maintenance'
    from mine m join maintenance w on w.cancelled_at is null and w.kind = 'window' and w.change_id is distinct from m.id
      and w.until > m.planned_start and (w.service_ids && m.services or w.ci_ids && m.items)
      and not exists (select from other o where o.id = w.change_id)
    join maintenance_span s on s.maintenance_id = w.id and s.starts_at < m.planned_end and s.ends_at > m.planned_start
    order by 4, 2 limit 500`.execute(db)
  return rows
}

export interface Followed {
  number: string
  title: string
  state: string
  priority: string
  created_at: Date
  linked: boolean
}

/** Incidents opened on what a change touches, from its start until a day after its end; linked ones first. */
export async function followedBy(db: Db, reader: Reader, changeId: string): Promise<Followed[]> {
  const { rows } = await sql<Followed>`
    with plan as materialized (
      select ${TOUCHED_SERVICES} as services, ${TOUCHED_ITEMS} as items,
        coalesce(c.implemented_at, c.planned_start) as from_at, coalesce(c.ended_at, c.planned_end) + interval '1 day' as to_at
      from change_plan c join ticket t on t.id = c.ticket_id where t.id = ${changeId} and t.state <> 'cancelled'
    ), met as (
      select t.id from plan p join ticket t on t.service_id = any(p.services)
      where t.created_at >= p.from_at and t.created_at < p.to_at and t.kind = 'incident'
      union
      select t.id from plan p join ticket t on t.ci_id = any(p.items)
      where t.created_at >= p.from_at and t.created_at < p.to_at and t.kind = 'incident'
      union
      select from_id from ticket_link where to_id = ${changeId} and kind = 'caused_by' and removed_at is null
    )
    select t.number, t.title, t.state, t.priority, t.created_at,
      exists (select from ticket_link l where l.from_id = t.id and l.to_id = ${changeId} and l.kind = 'caused_by'
                and l.removed_at is null) as linked
    from met join ticket t on t.id = met.id where ${ticketVisible(reader)}
    order by linked desc, t.created_at, t.id limit 50`.execute(db)
  return rows
}
