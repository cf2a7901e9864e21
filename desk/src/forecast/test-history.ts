import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { SYSTEM, transact, type Tx } from '../activity/index.ts'
import { addWorking, calendarVersions } from '../calendar/index.ts'
import { backTest, type Ended } from './back-test.ts'
import { type Asked, MODEL } from './odds.ts'
import { MEMORY_DAYS } from './past.ts'
import { keepForecasts } from './record.ts'

/** Clocks that are looked back at, the latest; and forecasts written at a time. */
const MOST = 100_000
const BATCH = 5_000
const MEMORY_MS = MEMORY_DAYS * 86_400_000

interface Row extends Asked {
  id: string
  ticketId: string
  targetMs: number
  elapsedMs: number
  startedAt: Date
  broke: boolean
  knownAt: Date
  calendarVersionId: string
}

/**
 * Foretells once, for each new model, what has ended before it was there: over the latest months, each forecast from
 * what was known at its instant. A desk that begins to forecast sees at once how far to trust it.
 */
export async function testHistory(db: Db): Promise<void> {
  await transact(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('forecast'))
        and not exists (select from forecast where model = ${MODEL}::int) as mine`.execute(tx.db)
    if (!rows[0]!.mine) return
    const clocks = await readEnded(tx)
    const ended = await standAtHalf(tx, clocks)
    const ticketOf = new Map(clocks.map(({ id, ticketId }) => [id, ticketId]))
    const asOf = new Map(ended.map(({ id, half }) => [id, half?.as]))
    const made = backTest(ended, MEMORY_MS).map(({ id, at, foretold }) => ({
      clock_id: id,
      ticket_id: ticketOf.get(id)!,
      target: asOf.get(id)!.target,
      team_id: asOf.get(id)!.team_id,
      made_at: new Date(at),
      ...foretold,
    }))
    // oxlint-disable-next-line no-await-in-loop -- one connection, a share at a time
    for (let at = 0; at < made.length; at += BATCH) await keepForecasts(tx, made.slice(at, at + BATCH), true)
  })
}

async function readEnded(tx: Tx): Promise<Row[]> {
  const since = sql`${tx.now}::timestamptz - make_interval(days => ${2 * MEMORY_DAYS})`
  const { rows } = await sql<Row>`
    select c.id, c.ticket_id as "ticketId", c.target, c.target_ms as "targetMs", c.elapsed_ms as "elapsedMs",
           c.started_at as "startedAt", c.breached_at is not null as broke, coalesce(c.breached_at, c.stopped_at) as "knownAt",
           c.calendar_version_id as "calendarVersionId", t.kind, t.priority, t.team_id, t.service_id
    from sla_clock c join ticket t on t.id = c.ticket_id
    where c.target in ('response', 'resolution') and not c.imported and c.target_ms > 0
      and (c.breached_at is not null or (c.state = 'met' and c.stopped_at is not null))
      and coalesce(c.breached_at, c.stopped_at) >= ${since}
    order by coalesce(c.breached_at, c.stopped_at) desc limit ${MOST}`.execute(tx.db)
  return rows
}

/**
 * When half of each target was used, pauses aside: never later than in truth, so that nothing is known too early.
 * A ticket is asked about as it stood then.
 */
async function standAtHalf(tx: Tx, clocks: readonly Row[]): Promise<Ended[]> {
  const calendars = await calendarVersions(tx.db, [...new Set(clocks.map((row) => row.calendarVersionId))])
  const from = +tx.now - MEMORY_MS
  const halves = clocks.flatMap((row) => {
    if (!row.broke && row.elapsedMs * 2 < row.targetMs) return []
    const at = addWorking(calendars.get(row.calendarVersionId)!, row.startedAt, row.targetMs / 2)
    // Whose instant lies behind its end was paused or given another target: it has no such point.
    return +at >= from && at < row.knownAt ? [{ id: row.id, ticket_id: row.ticketId, at }] : []
  })
  const { rows } = await sql<{ id: string; at: Date; stood: Omit<Asked, 'target' | 'kind'> | null }>`
    select g.id, g.at, (
      select jsonb_build_object('priority', s.priority, 'team_id', s.team_id, 'service_id', s.service_id)
      from ticket_state s where s.ticket_id = g.ticket_id and s.at <= g.at order by s.revision desc limit 1) as stood
    from jsonb_to_recordset(${JSON.stringify(halves)}::jsonb) as g(id uuid, ticket_id uuid, at timestamptz(3))`.execute(
    tx.db,
  )
  const halfOf = new Map(rows.map((row) => [row.id, row]))
  return clocks.map((row): Ended => {
    const { target, kind, priority, team_id, service_id } = row
    const was = { target, kind, priority, team_id, service_id }
    const half = halfOf.get(row.id)
    return {
      id: row.id,
      was,
      used: row.elapsedMs / row.targetMs,
      broke: row.broke,
      knownAt: +row.knownAt,
      half: half ? { at: +half.at, as: { ...was, ...half.stood } } : null,
    }
  })
}
