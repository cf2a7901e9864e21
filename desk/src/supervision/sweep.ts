import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { SYSTEM, transact } from '../activity/index.ts'
import { refreshUsual } from './usual.ts'

/**
 * Finds what has stalled among all that is open, in one statement. A ticket was touched when somebody last wrote on it
 * or it last changed state, priority, team or assignee; what a machine notes on it is no touch. A scheduled change
 * waits for its hour. Answers 0: there is no more at once.
 */
export async function sweepStalled(db: Db): Promise<number> {
  await refreshUsual(db)
  await transact(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('stalled')) as mine`.execute(tx.db)
    if (!rows[0]!.mine) return
    await sql`
      with touched as (
        select t.id, t.revision, t.state, t.team_id, t.assignee_id, t.created_at, t.pending_until, t.kind, t.priority,
               greatest(t.created_at, s.at, m.at) as at, t.state = 'pending' as waiting, w.stalled_after_hours * 3600000::bigint as team_ms
        from ticket t left join team w on w.id = t.team_id
        left join lateral (select at from ticket_state where ticket_id = t.id order by revision desc limit 1) s on true
        left join lateral (select max(created_at) as at from message where ticket_id = t.id) m on true
        where t.state not in ('resolved', 'closed', 'cancelled') and t.state <> 'scheduled'
      ), judged as (
        select t.*, case when t.waiting then u.usual_ms else coalesce(t.team_ms, u.usual_ms) end as allowed_ms,
               case when t.waiting or t.team_ms is null then u.n end as n
        from touched t left join lateral (
          select usual_ms, n from usual_quiet q where q.kind = t.kind and q.waiting = t.waiting
            and (q.priority = t.priority or q.priority is null) order by q.priority nulls last limit 1) u on true
      ), found as materialized (
        select id, revision, code, case code when 'overslept' then pending_until when 'nobody' then created_at else at end as since,
               case when code in ('untouched', 'waiting') then allowed_ms end as allowed_ms,
               case when code in ('untouched', 'waiting') then n end as n
        from (select j.*, case
          when team_id is null and assignee_id is null then 'nobody'
          when waiting and pending_until is not null then case when pending_until <= ${tx.now} then 'overslept' end
          when ${tx.now}::timestamptz - at > allowed_ms * interval '1 millisecond' then case when waiting then 'waiting' else 'untouched' end
          end as code from judged j) x
        where code is not null
      ), gone as (
        delete from stalled s where not exists (select from found f where f.id = s.ticket_id)
      )
      insert into stalled as s (ticket_id, revision, code, since, allowed_ms, n, found_at)
      select id, revision, code, since, allowed_ms, n, ${tx.now} from found
      on conflict (ticket_id) do update set revision = excluded.revision, code = excluded.code, since = excluded.since,
        allowed_ms = excluded.allowed_ms, n = excluded.n, found_at = excluded.found_at
      where (s.revision, s.code, s.since, s.allowed_ms, s.n) is distinct from
        (excluded.revision, excluded.code, excluded.since, excluded.allowed_ms, excluded.n)`.execute(tx.db)
  })
  return 0
}
