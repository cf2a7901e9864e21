import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { SYSTEM, transact, type Tx } from '../activity/index.ts'
import { calendarVersions } from '../calendar/index.ts'
import { readHandling } from './handling.ts'
import { type Asked, latestStart, mostAlike, type RunningClock } from './latest-start.ts'

const BATCH = 500

interface Stale extends Asked {
  id: string
  due_at: Date | null
}
interface ClockRow extends RunningClock {
  ticketId: string
  calendarVersionId: string
}

/**
 * Computes by when tickets have to be begun whose promise has changed since, whoever changed it. A cache like the due
 * time beside it: no line, no revision. Tickets that somebody holds are left for the next time.
 */
export async function sweepNext(db: Db): Promise<number> {
  return transact(db, SYSTEM, async (tx) => {
    const { rows: stale } = await sql<Stale>`
      select id, kind, priority, service_id, due_at from ticket t
      where t.state not in ('resolved', 'closed', 'cancelled') and t.next_for is distinct from t.due_at
      order by t.id limit ${BATCH} for update skip locked`.execute(tx.db)
    if (stale.length === 0) return 0
    const starts = await startsOf(tx, stale)
    const given = stale.map(({ id }) => ({ id, next_at: starts.get(id) ?? null }))
    await sql`
      update ticket t set next_at = coalesce(g.next_at, t.due_at), next_for = t.due_at
      from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g(id uuid, next_at timestamptz(3)) where t.id = g.id`.execute(
      tx.db,
    )
    return stale.length
  })
}

async function startsOf(tx: Tx, stale: Stale[]): Promise<Map<string, Date>> {
  const { rows } = await sql<ClockRow>`
    select ticket_id as "ticketId", target, target_ms as "targetMs", elapsed_ms as "elapsedMs", counted_at as "countedAt",
           calendar_version_id as "calendarVersionId"
    from sla_clock where ticket_id = any(${stale.map(({ id }) => id)}::uuid[]) and due_at is not null and stopped_at is null`.execute(
    tx.db,
  )
  const calendars = await calendarVersions(tx.db, [...new Set(rows.map((row) => row.calendarVersionId))])
  const known = await readHandling(tx.db, stale)
  const ticketOf = new Map(stale.map((ticket) => [ticket.id, ticket]))
  const starts = new Map<string, Date>()
  for (const { ticketId, calendarVersionId, ...clock } of rows) {
    const like = mostAlike(known, ticketOf.get(ticketId)!, clock.target)
    const start = latestStart(clock, calendars.get(calendarVersionId)!, like)
    const before = starts.get(ticketId)
    if (!before || start < before) starts.set(ticketId, start)
  }
  return starts
}
