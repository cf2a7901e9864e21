import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { SYSTEM, transact, type Tx } from '../activity/index.ts'
import { addWorking, calendarVersions, workingMs } from '../calendar/index.ts'
import { type Asked, MODEL, oddsOf, type PastBook } from './odds.ts'
import { readPast, refreshPast } from './past.ts'
import { makeForecasts, readHalves, scoreForecasts } from './record.ts'
import { testHistory } from './test-history.ts'

/** The furthest that anybody looks ahead. */
export const HORIZON_HOURS = 24
/** Computed in one go; what is due soonest comes first, should so many ever have changed. */
const MOST = 20_000

/** Learns from the past, foretells what is due soon, keeps what was foretold, and scores what has come. Answers 0. */
export async function sweepForecasts(db: Db): Promise<number> {
  await refreshPast(db)
  await testHistory(db)
  await transact(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('breach_odds')) as mine`.execute(tx.db)
    if (!rows[0]!.mine) return
    const [soon, halves] = [await readChanged(tx), await readHalves(tx)]
    if (soon.length + halves.length > 0) {
      const past = await readPast(tx.db)
      await makeForecasts(tx, past, halves)
      await keepOdds(tx, await computeOdds(tx, past, soon))
    }
    await forgetOdds(tx)
    await scoreForecasts(tx)
  })
  return 0
}

interface DueSoon extends Asked {
  clock_id: string
  ticket_id: string
  clock_version: number
  target_ms: number
  due_at: Date
  calendar_version_id: string
}

const dueSoon = (
  tx: Tx,
) => sql<boolean>`c.stopped_at is null and c.breached_at is null and c.target in ('response', 'resolution')
  and c.due_at > ${tx.now} and c.due_at <= ${tx.now}::timestamptz + make_interval(hours => ${HORIZON_HOURS})`

/** Clocks whose odds may be others than when they were computed, or that have none. */
async function readChanged(tx: Tx): Promise<DueSoon[]> {
  const { rows } = await sql<DueSoon>`
    select c.id as clock_id, c.ticket_id, c.version as clock_version, c.target, c.target_ms, c.due_at, c.calendar_version_id,
           t.kind, t.priority, t.team_id, t.service_id
    from sla_clock c join ticket t on t.id = c.ticket_id left join breach_odds b on b.clock_id = c.id
    where ${dueSoon(tx)}
      and (b.clock_id is null or b.model <> ${MODEL}::int or b.next_at <= ${tx.now}
        or b.computed_at <= (select max(computed_at) from breach_past)
        or (b.clock_version, b.priority, b.team_id, b.service_id) is distinct from (c.version, t.priority, t.team_id, t.service_id))
    order by c.due_at limit ${MOST}`.execute(tx.db)
  return rows
}

/** To the hundredth of the target, and when the next is used. */
async function computeOdds(tx: Tx, past: PastBook, soon: readonly DueSoon[]) {
  const calendars = await calendarVersions(tx.db, [...new Set(soon.map((row) => row.calendar_version_id))])
  return soon.map((row) => {
    const hours = calendars.get(row.calendar_version_id)!
    const left = workingMs(hours, tx.now, row.due_at)
    const used = Math.floor((1 - Math.min(left, row.target_ms) / row.target_ms) * 100) / 100
    const untilNext = Math.ceil(left - row.target_ms * (1 - used - 0.01))
    return { ...row, used, next_at: addWorking(hours, tx.now, untilNext), ...oddsOf(past, row, used) }
  })
}

async function keepOdds(tx: Tx, computed: Awaited<ReturnType<typeof computeOdds>>): Promise<void> {
  await sql`
    insert into breach_odds (clock_id, ticket_id, due_at, used, odds, groups, model, computed_at, clock_version, priority, team_id,
      service_id, next_at)
    select clock_id, ticket_id, due_at, used, odds, groups, ${MODEL}::int, ${tx.now}, clock_version, priority, team_id, service_id, next_at
    from jsonb_to_recordset(${JSON.stringify(computed)}::jsonb) as g(clock_id uuid, ticket_id uuid, due_at timestamptz(3), used real,
      odds real, groups jsonb, clock_version int, priority text, team_id uuid, service_id uuid, next_at timestamptz(3))
    on conflict (clock_id) do update set due_at = excluded.due_at, used = excluded.used, odds = excluded.odds,
      groups = excluded.groups, model = excluded.model, computed_at = excluded.computed_at, clock_version = excluded.clock_version,
      priority = excluded.priority, team_id = excluded.team_id, service_id = excluded.service_id, next_at = excluded.next_at`.execute(
    tx.db,
  )
}

/** What has ended, waits or is due later now has no odds any more. */
async function forgetOdds(tx: Tx): Promise<void> {
  await sql`
    delete from breach_odds b where not exists (select from sla_clock c where c.id = b.clock_id and ${dueSoon(tx)})`.execute(
    tx.db,
  )
}
