import type { Db } from '@tocsin/db'
import { sql } from 'kysely'

/** A step or a delivery that is later than this is no longer on its way: something stands still. */
export const LATE_MS = 5 * 60_000

export interface Overdue {
  count: number
  /** When the oldest of them was due. */
  since: Date | null
}

export interface PagingPulse {
  as_of: Date
  /** Nothing is late. */
  ok: boolean
  steps: Overdue
  deliveries: Overdue
}

/** Whether paging keeps up: cheap enough to be asked every few seconds, by anybody. */
export async function readPagingPulse(db: Db): Promise<PagingPulse> {
  const { rows } = await sql<{ as_of: Date; steps: Overdue; deliveries: Overdue }>`
    with clock as materialized (
      select tocsin_now() as now, (tocsin_now() - ${LATE_MS} * interval '1 millisecond')::timestamptz(3) as late
    ), steps as (
      select count(*) as count, min(s.due_at) as since from escalation_step s join escalation e on e.id = s.escalation_id
      where s.decided_at is null and e.state = 'running' and s.due_at < (select late from clock)
    ), deliveries as (
      select count(*) as count, min(due_at) as since from (
        select due_at from delivery where state = 'waiting' and due_at < (select late from clock)
        union all select due_at from delivery where state = 'leased' and lease_until < (select late from clock)) d
    )
    select clock.now as as_of, to_jsonb(steps) as steps, to_jsonb(deliveries) as deliveries
    from clock, steps, deliveries`.execute(db)
  const { as_of, steps, deliveries } = rows[0]!
  return {
    as_of,
    ok: steps.count === 0 && deliveries.count === 0,
    steps: overdue(steps),
    deliveries: overdue(deliveries),
  }
}

const overdue = ({ count, since }: Overdue): Overdue => ({ count, since: since && new Date(since) })

/** Due against sent, of the pages of the last 24 hours that are older than five minutes. */
export interface PagedDay {
  pages: number
  /** Told over a contact method, or answered before. */
  reached: number
  /** Not told, and still being tried. */
  trying: number
  /** Open, and every way out of the page itself has failed. */
  unreached: number
}

/** Reads the last day alone, by its index, so that a long record makes it no slower. */
export async function readPagedDay(db: Db): Promise<PagedDay> {
  const { rows } = await sql<PagedDay>`
    with clock as materialized (
      select tocsin_now() - interval '24 hours' as since, tocsin_now() - ${LATE_MS} * interval '1 millisecond' as late
    ), day as (
      select coalesce(bool_or(d.state = 'sent' and c.kind <> 'app') or bool_and(c.kind = 'app'), false) or g.state <> 'open' as reached,
        coalesce(bool_or(d.state in ('waiting', 'leased')), false) as trying
      from page g left join delivery d on d.page_id = g.id left join contact_method c on c.id = d.contact_method_id
      where g.created_at > (select since from clock) and g.created_at < (select late from clock)
      group by g.id, g.state
    )
    select count(*) as pages, count(*) filter (where reached) as reached,
      count(*) filter (where not reached and trying) as trying,
      count(*) filter (where not reached and not trying) as unreached
    from day`.execute(db)
  return rows[0]!
}
