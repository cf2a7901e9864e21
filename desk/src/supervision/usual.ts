import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { SYSTEM, transact } from '../activity/index.ts'

/** The latest ended tickets say what is usual; so many make a figure, and so many of them were never left for longer. */
const TICKETS = 5_000
const DAYS = 90
const ENOUGH = 30
const SHARE = 0.9
const FRESH = '6 hours'

/**
 * Reads from the record for how long like tickets were left untouched at most, while they waited and while they were
 * worked on: from one word or change of state, priority, team or assignee to the next. Whoever comes first does it for all.
 */
export async function refreshUsual(db: Db): Promise<void> {
  await transact(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('usual_quiet'))
        and not exists (select from usual_quiet where computed_at > ${tx.now}::timestamptz - ${sql.lit(FRESH)}::interval) as mine`.execute(
      tx.db,
    )
    if (!rows[0]!.mine) return
    await sql`
      with ended as materialized (
        select id, kind, priority from ticket
        where resolved_at is not null and resolved_at >= ${tx.now}::timestamptz - make_interval(days => ${DAYS}) and channel <> 'import'
        order by resolved_at desc limit ${TICKETS}
      ), touch as (
        select e.id, s.at, s.state from ended e join ticket_state s on s.ticket_id = e.id
        union all select e.id, m.created_at, null from ended e join message m on m.ticket_id = e.id
      ), stood as (
        select id, at, lead(at) over (partition by id order by at) - at as quiet, state,
               count(state) over (partition by id order by at, state nulls last rows unbounded preceding) as nth from touch
      ), pause as (
        select id, quiet, first_value(state) over (partition by id, nth order by at, state nulls last) as state from stood
      ), longest as (
        select p.id, p.state = 'pending' as waiting, max(p.quiet) as quiet from pause p
        where p.quiet is not null and p.state not in ('resolved', 'closed', 'cancelled') group by 1, 2
      ), usual as (
        select e.kind, l.waiting, e.priority, count(*)::int as n,
               (extract(epoch from percentile_disc(${SHARE}::float8) within group (order by l.quiet)) * 1000)::bigint as usual_ms
        from longest l join ended e on e.id = l.id
        group by e.kind, l.waiting, rollup (e.priority)
        having count(*) >= ${ENOUGH}
      ), gone as (
        delete from usual_quiet q where not exists (
          select from usual u where (u.kind, u.waiting) = (q.kind, q.waiting) and u.priority is not distinct from q.priority)
      )
      insert into usual_quiet (kind, waiting, priority, n, usual_ms, computed_at)
      select kind, waiting, priority, n, usual_ms, ${tx.now} from usual
      on conflict (kind, waiting, priority) do update
        set n = excluded.n, usual_ms = excluded.usual_ms, computed_at = excluded.computed_at`.execute(tx.db)
  })
}
