import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { SYSTEM, transact, type Tx } from '../activity/index.ts'
import { calendarVersions, workingMs } from '../calendar/index.ts'
import { type Asked, MODEL, oddsOf } from './odds.ts'
import { readPast, refreshPast } from './past.ts'
import { makeForecasts, scoreForecasts } from './record.ts'
import { testHistory } from './test-history.ts'

/** The furthest that anybody looks ahead. */
export const HORIZON_HOURS = 24
/** What is due soonest comes first, should so many ever be. */
const MOST = 20_000

/** Learns from the past, foretells what is due soon, keeps what was foretold, and scores what has come. Answers 0. */
export async function sweepForecasts(db: Db): Promise<number> {
  await refreshPast(db)
  await testHistory(db)
  await transact(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('breach_odds')) as mine`.execute(tx.db)
    if (!rows[0]!.mine) return
    const past = await readPast(tx.db)
    await makeForecasts(tx, past)
    await scoreForecasts(tx)
    await keepOdds(tx, await computeOdds(tx, past))
  })
  return 0
}

interface DueSoon extends Asked {
  id: string
  ticketId: string
  targetMs: number
  dueAt: Date
  calendarVersionId: string
}

async function computeOdds(tx: Tx, past: Awaited<ReturnType<typeof readPast>>) {
  const { rows } = await sql<DueSoon>`
    select c.id, c.ticket_id as "ticketId", c.target, c.target_ms as "targetMs", c.due_at as "dueAt",
           c.calendar_version_id as "calendarVersionId", t.kind, t.priority, t.team_id, t.service_id
    from sla_clock c join ticket t on t.id = c.ticket_id
    where c.stopped_at is null and c.breached_at is null and c.target in ('response', 'resolution')
      and c.due_at > ${tx.now} and c.due_at <= ${tx.now}::timestamptz + make_interval(hours => ${HORIZON_HOURS})
    order by c.due_at limit ${MOST}`.execute(tx.db)
  const hours = await calendarVersions(tx.db, [...new Set(rows.map((row) => row.calendarVersionId))])
  return rows.map((row) => {
    const left = workingMs(hours.get(row.calendarVersionId)!, tx.now, row.dueAt)
    const used = Math.floor((1 - Math.min(left, row.targetMs) / row.targetMs) * 100) / 100
    return { clock_id: row.id, ticket_id: row.ticketId, due_at: row.dueAt, used, ...oddsOf(past, row, used) }
  })
}

/** Only what has changed is written: most odds stand for minutes. */
async function keepOdds(tx: Tx, computed: Awaited<ReturnType<typeof computeOdds>>): Promise<void> {
  await sql`
    with given as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(computed)}::jsonb)
        as g(clock_id uuid, ticket_id uuid, due_at timestamptz(3), used real, odds real, groups jsonb)
    ), gone as (
      delete from breach_odds b where not exists (select from given g where g.clock_id = b.clock_id)
    )
    insert into breach_odds as b (clock_id, ticket_id, due_at, used, odds, groups, model, computed_at)
    select clock_id, ticket_id, due_at, used, odds, groups, ${MODEL}::int, ${tx.now} from given
    on conflict (clock_id) do update set due_at = excluded.due_at, used = excluded.used, odds = excluded.odds,
      groups = excluded.groups, model = excluded.model, computed_at = excluded.computed_at
    where (b.due_at, b.used, b.odds, b.model) is distinct from (excluded.due_at, excluded.used, excluded.odds, excluded.model)`.execute(
    tx.db,
  )
}
