import type { Db, Tables } from '@tocsin/db'
import { sql, type Transaction } from 'kysely'
import { SYSTEM, transact } from '../activity/index.ts'
import { bookOf, type Past, type PastBook, STEPS } from './odds.ts'

/** So far back outcomes are learnt from. */
export const MEMORY_DAYS = 180
/** Read anew after this; whichever engine comes first does it for all. */
const FRESH = '50 minutes'

/** What is known of like clocks: a few thousand rows at most. */
export async function readPast(db: Db | Transaction<Tables>): Promise<PastBook> {
  const past = await db
    .selectFrom('breach_past')
    .select(['target', 'kind', 'priority', 'team_id', 'service_id', 'broke', 'survived'])
    .execute()
  return bookOf(past as Past[])
}

/**
 * Reads from the record what became of clocks, by group: one that broke was open to the end of its target, one that
 * was met until the share that it used. What another desk measured says nothing of that.
 */
export async function refreshPast(db: Db): Promise<boolean> {
  return transact(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('breach_past'))
        and not exists (select from breach_past where computed_at > ${tx.now}::timestamptz - ${sql.lit(FRESH)}::interval) as mine`.execute(
      tx.db,
    )
    if (!rows[0]!.mine) return false
    const since = sql`${tx.now}::timestamptz - make_interval(days => ${MEMORY_DAYS})`
    const met = (target: string) => sql`
      select ticket_id, target, least(${STEPS - 1}, elapsed_ms * ${STEPS} / target_ms)::int as reached, false as broke
      from sla_clock where target = ${sql.lit(target)} and stopped_at is not null and stopped_at >= ${since}
        and state = 'met' and target_ms > 0 and not imported`
    const steps = Array.from(
      { length: STEPS },
      (_, step) => sql`count(*) filter (where k.reached >= ${sql.lit(step)})`,
    )
    await sql`
      with known as materialized (
        ${met('response')} union all ${met('resolution')}
        union all select ticket_id, target, ${STEPS - 1}, true from sla_clock
        where breached_at is not null and breached_at >= ${since} and target in ('response', 'resolution') and not imported
      ), past as (
        select k.target, t.kind, t.priority, t.team_id, t.service_id, count(*) filter (where k.broke)::int as broke,
               array[${sql.join(steps)}]::int[] as survived
        from known k join ticket t on t.id = k.ticket_id
        group by k.target, t.kind, rollup (t.priority, t.team_id, t.service_id)
        having (grouping(t.team_id) = 1 or t.team_id is not null) and (grouping(t.service_id) = 1 or t.service_id is not null)
      ), gone as (
        delete from breach_past b where not exists (
          select from past p where (p.target, p.kind) = (b.target, b.kind) and p.priority is not distinct from b.priority
            and p.team_id is not distinct from b.team_id and p.service_id is not distinct from b.service_id)
      )
      insert into breach_past (target, kind, priority, team_id, service_id, broke, survived, computed_at)
      select target, kind, priority, team_id, service_id, broke, survived, ${tx.now} from past
      on conflict (target, kind, priority, team_id, service_id) do update
        set broke = excluded.broke, survived = excluded.survived, computed_at = excluded.computed_at`.execute(
      tx.db,
    )
    return true
  })
}
