import type { Db } from '@tocsin/db'
import type { Logger } from '@tocsin/db/process'
import { sql } from 'kysely'
import { record, SYSTEM, transact } from '../activity/index.ts'
import { INSTALLATION, readSettings, type Settings } from '../services/index.ts'

/** The tables that lie in partitions by day, and which setting says for how long. */
const KEPT = {
  receipt: 'keep_requests_days',
  event: 'keep_events_days',
  decision: 'keep_decisions_days',
  decided_receipt: 'keep_decisions_days',
} as const satisfies Record<string, keyof Settings>

const LETTERS = 5_000
const RESTING = 20_000
const FIRINGS = 5_000
const QUIET = 5_000
const LOCK_NOT_AVAILABLE = '55P03'
// Another engine has dropped it in this moment.
const UNDEFINED_TABLE = '42P01'

interface Day {
  parent: keyof typeof KEPT
  day: string
  /** Its rows lie in the default partition: nobody had made one of the day when they came. */
  rests: boolean
}

/**
 * Drops the days that are older than they are kept, each by itself, and what rests in a default partition some
 * thousands at a time, so that nobody waits for long. Any number of engines may: only one finds the day. Answers how much went.
 */
export async function sweepRetention(db: Db, log: Logger): Promise<number> {
  const settings = await readSettings(db)
  let gone = await dropLetters(db, settings.keep_events_days)
  gone += await dropFirings(db, settings.keep_automation_days)
  gone += await dropQuiet(db)
  while (await dropCheckpoint(db, settings.keep_decisions_days)) gone++
  for (const day of await expiredDays(db, settings)) {
    let rows = await dropDay(db, day, settings, log)
    if (rows > 0) gone++
    while (day.rests && rows === RESTING) rows = await dropDay(db, day, settings, log)
  }
  return gone
}

/**
 * A day of requests and events stays while one of its day or before waits to be decided, and while an alert stands that
 * came into its ticket on it. A day of decisions stays while a replay may begin before its end.
 */
async function expiredDays(db: Db, settings: Settings): Promise<Day[]> {
  const kept = Object.entries(KEPT).map(([parent, key]) => ({ parent, days: settings[key] }))
  const { rows } = await sql<Day>`
    with clock as materialized (
      select (tocsin_now() at time zone 'UTC')::date as today, (select min(received_at) from receipt_waiting) as waiting,
        (select min(at) from checkpoint) as replayable
    ), kept as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as k(parent text, days int) where days > 0
    ), day as (
      select k.*, to_date(substring(c.relname from '\\d{4}_\\d\\d_\\d\\d$'), 'YYYY_MM_DD') as day, false as rests
      from kept k join pg_inherits i on i.inhparent = k.parent::regclass join pg_class c on c.oid = i.inhrelid
      union all select k.*, day, true from kept k, resting_days(k.parent) day
    ), old as materialized (
      select d.*, d.day::timestamp at time zone 'UTC' as begins, (d.day + 1)::timestamp at time zone 'UTC' as ends
      from day d, clock where d.day < clock.today - d.days
    )
    select o.parent, o.day::text as day, o.rests from old o, clock c
    where case when o.parent in ('receipt', 'event') then coalesce(c.waiting >= o.ends, true) and not exists (
        select from alert_link l join alert a on a.id = l.alert_id and a.episode = l.episode
        where l.linked_at >= o.begins and l.linked_at < o.ends + interval '1 day' and l.detached_at is null and a.status <> 'resolved')
      -- Whoever begins at a checkpoint also reads what was under way then.
      else coalesce(c.replayable >= o.ends + interval '1 minute', true) end
    order by o.day, o.parent`.execute(db)
  return rows
}

/** Answers how many rows went of those that rest, or 1 for a whole partition. */
async function dropDay(
  db: Db,
  { parent, day, rests }: Day,
  settings: Settings,
  log: Logger,
): Promise<number> {
  const drop = rests
    ? sql`drop_resting(${parent}, ${day}::date, ${RESTING})`
    : sql`drop_day(${parent}, ${day}::date)::int`
  try {
    const gone = await transact(db, SYSTEM, async (tx) => {
      const { rows } = await sql<{ gone: number }>`
        select case when pg_try_advisory_xact_lock(hashtext('retention')) then ${drop} else 0 end as gone`.execute(
        tx.db,
      )
      const { gone } = rows[0]!
      if (gone === 0) return 0
      const after = { table: parent, day, kept_days: settings[KEPT[parent]], ...(rests && { rows: gone }) }
      await record(tx, [{ verb: 'drop', subject: INSTALLATION, after, visibility: 'audit' }])
      return gone
    })
    if (gone > 0) log.info({ table: parent, day, rests, gone }, 'what is older than it is kept was dropped')
    return gone
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === UNDEFINED_TABLE) return 0
    if (code !== LOCK_NOT_AVAILABLE) throw error
    log.info({ table: parent, day }, 'a day is in use; it is dropped another time')
    return 0
  }
}

/** The oldest that is no longer kept, with what it holds; a replay that is asked for still begins where it has to. */
async function dropCheckpoint(db: Db, days: number): Promise<boolean> {
  if (days === 0) return false
  const { numAffectedRows } = await sql`
    with old as materialized (
      select id from checkpoint c where day < (tocsin_now() at time zone 'UTC')::date - ${days}::int
        and not exists (select from replay r where r.state in ('waiting', 'running') and r.from_at >= c.at
          and not exists (select from checkpoint n where n.at > c.at and n.at <= r.from_at))
      order by day limit 1 for update skip locked
    ), rows as (
      delete from checkpoint_row r using old where r.checkpoint_id = old.id
    )
    delete from checkpoint c using old where c.id = old.id`.execute(db)
  return numAffectedRows === 1n
}

/** What could not be read goes with its events; some thousands a time. Ids rise with time: the first are the oldest. */
async function dropLetters(db: Db, days: number): Promise<number> {
  if (days === 0) return 0
  const { numAffectedRows } = await sql`
    delete from dead_letter where id in (
      select id from (select id, received_at from dead_letter order by id limit ${LETTERS}) oldest
      where received_at < ((tocsin_now() at time zone 'UTC')::date - ${days}::int)::timestamp at time zone 'UTC')`.execute(
    db,
  )
  return Number(numAffectedRows)
}

/**
 * What rules acted on, and the times that their schedules came; some thousands a time. The key that keeps each single goes
 * with it: by then its line was read, its time has passed, and nobody asks again.
 */
async function dropFirings(db: Db, days: number): Promise<number> {
  if (days === 0) return 0
  const old = sql`created_at < ((tocsin_now() at time zone 'UTC')::date - ${days}::int)::timestamp at time zone 'UTC'`
  const { rows } = await sql<{ gone: number }>`
    with firings as (
      delete from automation_firing where id in (
        select id from automation_firing where ${old} and state <> 'waiting' order by created_at limit ${FIRINGS})
      returning id
    ), times as (
      delete from automation_occurrence where id in (
        select id from automation_occurrence where ${old} and state <> 'running' order by created_at limit ${FIRINGS})
      returning id
    ) select (select count(*) from firings)::int + (select count(*) from times)::int as gone`.execute(db)
  return rows[0]!.gone
}

/**
 * Since when a ticket is unchanged is known while a rule may still wait for that: not of what has ended and was left alone
 * for longer than any rule waits, and of nothing where none does. A rule to come begins with the tickets themselves.
 */
async function dropQuiet(db: Db): Promise<number> {
  const { numAffectedRows } = await sql`
    with longest as materialized (
      select tocsin_now() - make_interval(mins => max(minutes)) - interval '1 day' as passed from automation_watch
    )
    delete from automation_quiet where ticket_id in (
      select q.ticket_id from automation_quiet q join ticket t on t.id = q.ticket_id, longest l
      where l.passed is null or (q.since < l.passed and t.state in ('closed', 'cancelled'))
      order by q.since limit ${QUIET})`.execute(db)
  return Number(numAffectedRows ?? 0n)
}
