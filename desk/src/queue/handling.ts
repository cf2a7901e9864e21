import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { SYSTEM, transact } from '../activity/index.ts'
import type { Handling } from './latest-start.ts'

/** So far back what like tickets took is read, and so many make a figure. */
const DAYS = 90
const ENOUGH = 20
/** Read anew after this; whichever engine comes first does it for all. */
const FRESH = '50 minutes'
const BATCH = 500

export type KnownHandling = Handling & { target: string }

/** What is known of like tickets, for these kinds. A few hundred rows at most. */
export async function readHandling(
  db: Db | Transaction<Tables>,
  tickets: readonly { kind: string; service_id: string | null }[],
): Promise<KnownHandling[]> {
  const kinds = [...new Set(tickets.map(({ kind }) => kind))]
  const services = [...new Set(tickets.map(({ service_id }) => service_id).filter((id) => id !== null))]
  const { rows } = await sql<KnownHandling>`
    select target, kind, priority, service_id, n, median_ms, spread from handling
    where kind = any(${kinds}) and (service_id is null or service_id = any(${services}::uuid[]))`.execute(db)
  return rows.map((row) => ({ ...row, spread: row.spread.map(Number) }))
}

/**
 * Reads from the record what like tickets took: the working time on their clocks when these stopped. Where a median
 * has moved by more than a tenth, open tickets like those are computed anew. Answers 0: there is no more at once.
 */
export async function refreshHandling(db: Db): Promise<number> {
  const moved = await transact(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('handling'))
        and not exists (select from handling where computed_at > ${tx.now}::timestamptz - ${sql.lit(FRESH)}::interval) as mine`.execute(
      tx.db,
    )
    if (!rows[0]!.mine) return []
    return (await readAnew(tx.db, tx.now)).filter((one) => one.moved)
  })
  if (moved.length > 0) await forget(db)
  return 0
}

async function readAnew(db: Transaction<Tables>, now: Date): Promise<{ moved: boolean }[]> {
  const { rows } = await sql<{ moved: boolean }>`
    with ended as materialized (
      select c.target, c.elapsed_ms, c.ticket_id from sla_clock c
      where c.target = 'response' and c.stopped_at >= ${now}::timestamptz - make_interval(days => ${DAYS}) and c.state in ('met', 'breached')
      union all
      select c.target, c.elapsed_ms, c.ticket_id from sla_clock c
      where c.target = 'resolution' and c.stopped_at >= ${now}::timestamptz - make_interval(days => ${DAYS}) and c.state in ('met', 'breached')
    ), took as (
      select e.target, t.kind, t.priority, t.service_id, count(*)::int as n,
             percentile_disc(array[0, .05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .55, .6, .65, .7, .75, .8, .85, .9, .95, 1])
               within group (order by e.elapsed_ms) as spread
      from ended e join ticket t on t.id = e.ticket_id
      group by grouping sets ((e.target, t.kind), (e.target, t.kind, t.priority), (e.target, t.kind, t.priority, t.service_id))
      having count(*) >= ${ENOUGH} and (grouping(t.service_id) = 1 or t.service_id is not null)
    ), gone as (
      delete from handling h where not exists (
        select from took k where (k.target, k.kind) = (h.target, h.kind)
          and k.priority is not distinct from h.priority and k.service_id is not distinct from h.service_id)
      returning true as moved
    ), kept as (
      insert into handling as h (target, kind, priority, service_id, n, median_ms, spread, computed_at)
      select target, kind, priority, service_id, n, spread[11], spread, ${now} from took
      on conflict (target, kind, priority, service_id) do update set n = excluded.n, median_ms = excluded.median_ms,
        spread = excluded.spread, computed_at = excluded.computed_at
      returning coalesce(abs(h.median_ms - (
        select o.median_ms from handling o where (o.target, o.kind) = (h.target, h.kind)
          and o.priority is not distinct from h.priority and o.service_id is not distinct from h.service_id)) * 10 > h.median_ms, true) as moved
    )
    select moved from kept union all select moved from gone`.execute(db)
  return rows
}

/** Lets the sweep compute open tickets anew, a batch at a time so that nobody's change waits. */
async function forget(db: Db): Promise<void> {
  let after: string | undefined = '00000000-0000-0000-0000-000000000000'
  while (after) {
    const { rows }: { rows: { last: string | null }[] } = await sql<{ last: string | null }>`
      with batch as (
        select id from ticket t where t.state not in ('resolved', 'closed', 'cancelled') and t.id > ${after} and t.due_at is not null
        order by t.id limit ${BATCH}
      ), forgotten as (
        update ticket t set next_for = null where t.id in (select id from batch) and t.next_for is not null)
      select max(id::text) as last from batch`.execute(db)
    after = rows[0]!.last ?? undefined
  }
}
