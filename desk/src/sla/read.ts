import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { found, readNow } from '../activity/index.ts'
import { calendarVersions, workingMs } from '../calendar/index.ts'
import type { ClockState, Target } from './clock.ts'
import { historyOf } from './held.ts'
import { type Segment, segmentsOf } from './segments.ts'

/** A clock as it stands now. */
export interface SlaReading {
  target: Target
  state: ClockState
  /** Null while paused and once stopped. */
  due_at: Date | null
  target_ms: number
  elapsed_ms: number
  /** Below zero by how much it is over. */
  remaining_ms: number
  started_at: Date
  stopped_at: Date | null
  breached_at: Date | null
  policy: { id: string; name: string; version: number }
  calendar: { id: string; name: string; version: number; zone: string }
}

type Stored = Omit<SlaReading, 'remaining_ms' | 'calendar'> & {
  ticket_id: string
  calendar_version_id: string
  counted_at: Date
}

/** The clocks of tickets, counted up to `at` (now, unless given), by ticket id. */
export async function readSla(db: Db, ticketIds: string[], at?: Date): Promise<Map<string, SlaReading[]>> {
  const readings = new Map<string, SlaReading[]>(ticketIds.map((id) => [id, []]))
  if (ticketIds.length === 0) return readings
  const { rows } = await sql<Stored>`
    select c.ticket_id, c.target, c.state, c.due_at, c.target_ms, c.elapsed_ms, c.counted_at, c.started_at, c.stopped_at,
           c.breached_at, c.calendar_version_id,
           jsonb_build_object('id', p.id, 'name', p.name, 'version', v.version) as policy
    from sla_clock c join sla_policy_version v on v.id = c.policy_version_id join sla_policy p on p.id = v.policy_id
    where c.ticket_id = any(${ticketIds}::uuid[])
    order by c.target desc`.execute(db)
  const calendars = await calendarVersions(db, [...new Set(rows.map((row) => row.calendar_version_id))])
  const now = at ?? (await readNow(db))
  for (const { ticket_id, calendar_version_id, counted_at, ...clock } of rows) {
    const hours = calendars.get(calendar_version_id)!
    // A due instant says that the clock runs; a pause and an end take it away.
    const elapsed_ms = clock.elapsed_ms + (clock.due_at ? workingMs(hours, counted_at, now) : 0)
    readings.get(ticket_id)!.push({
      ...clock,
      elapsed_ms,
      remaining_ms: clock.target_ms - elapsed_ms,
      calendar: { id: hours.calendarId, name: hours.name, version: hours.version, zone: hours.zone },
    })
  }
  return readings
}

export interface SlaExplanation extends SlaReading {
  /** Every millisecond since the clock started, with whether it counts and why. */
  segments: Segment[]
  why: {
    rule: 'first-policy-by-position'
    priority: string
    policy_version: string
    calendar_version: string
  }
}

/** The clocks of one ticket with what became of its time. */
export async function explainSla(db: Db, ticketId: string): Promise<SlaExplanation[]> {
  // One instant for elapsed time and segments, so that the one is the sum of the other to the millisecond.
  const now = await readNow(db)
  const readings = (await readSla(db, [ticketId], now)).get(ticketId)!
  if (readings.length === 0) return []
  const { rows } = await sql<{ target: Target; policy_version_id: string; calendar_version_id: string }>`
    select target, policy_version_id, calendar_version_id from sla_clock where ticket_id = ${ticketId}`.execute(
    db,
  )
  const calendars = await calendarVersions(
    db,
    rows.map((row) => row.calendar_version_id),
  )
  const history = await historyOf(db, [ticketId])
  return readings.map((reading) => {
    const versions = found(
      rows.find((row) => row.target === reading.target),
      'clock',
    )
    const until = reading.stopped_at ?? now
    return {
      ...reading,
      segments: segmentsOf(history, calendars.get(versions.calendar_version_id)!, until),
      why: {
        rule: 'first-policy-by-position',
        priority: history.findLast((row) => row.at <= until)!.priority,
        policy_version: versions.policy_version_id,
        calendar_version: versions.calendar_version_id,
      },
    }
  })
}
