import type { Db } from '@tocsin/db'
import { sql } from 'kysely'
import { readNow } from '../activity/index.ts'
import { calendarVersions, workingMs } from '../calendar/index.ts'
import type { WhyPolicy } from './choose.ts'
import type { ClockState } from './clock.ts'
import { historyOf } from './held.ts'
import { historySince, type Pauses, runsFor, type Target } from './runs.ts'
import { type Segment, segmentsOf } from './segments.ts'

/** A clock as it stands now. */
export interface SlaReading {
  target: Target
  /** Whose time it is, for a team's own clock. */
  team: { id: string; name: string } | null
  state: ClockState
  /** Null while paused and once stopped. */
  due_at: Date | null
  /** Like what follows from it null for an imported outcome, of which nobody here knows more than that. */
  target_ms: number | null
  elapsed_ms: number | null
  /** Below zero by how much it is over. */
  remaining_ms: number | null
  started_at: Date
  stopped_at: Date | null
  breached_at: Date | null
  /** Periods of news that ended late, before the present one. */
  missed: number
  /** Decided by another desk, and never computed again. */
  imported: boolean
  policy: { id: string; name: string; version: number } | null
  calendar: { id: string; name: string; version: number; zone: string } | null
}

interface Stored extends Omit<SlaReading, 'elapsed_ms' | 'remaining_ms' | 'calendar'> {
  ticket_id: string
  elapsed_ms: number
  policy_version_id: string | null
  calendar_version_id: string | null
  counted_at: Date
  pauses: Pauses
  set_at: Date | null
  why: WhyPolicy | null
}
/** A clock of ours: a version of a policy and one of a calendar stand behind it. */
interface Counted extends Stored {
  target_ms: number
  policy_version_id: string
  calendar_version_id: string
}
// As the constraint sla_clock_measured has it.
const isCounted = (clock: Stored): clock is Counted => clock.calendar_version_id !== null

const ORDER = sql`array_position(array['response', 'resolution', 'update'], c.target)`

async function readStored(db: Db, ticketIds: string[]): Promise<Stored[]> {
  const { rows } = await sql<Stored>`
    select c.ticket_id, c.target, c.state, c.due_at, c.target_ms, c.elapsed_ms, c.counted_at, c.started_at, c.set_at, c.stopped_at,
           c.breached_at, c.missed, c.imported, c.policy_version_id, c.calendar_version_id, c.why,
           case when m.id is null then null else jsonb_build_object('id', m.id, 'name', m.name) end as team,
           case when p.id is null then null
                else jsonb_build_object('id', p.id, 'name', p.name, 'version', v.version) end as policy,
           jsonb_build_object('reasons', v.pause_reasons, 'states', v.pause_states) as pauses
    from sla_clock c
    left join sla_policy_version v on v.id = c.policy_version_id left join sla_policy p on p.id = v.policy_id
    left join team m on m.id = c.team_id
    where c.ticket_id = any(${ticketIds}::uuid[])
    order by ${ORDER} nulls last, c.started_at, c.id`.execute(db)
  return rows
}

/** The clocks of tickets, counted up to `at` (now, unless given), by ticket id. */
export async function readSla(db: Db, ticketIds: string[], at?: Date): Promise<Map<string, SlaReading[]>> {
  const readings = new Map<string, SlaReading[]>(ticketIds.map((id) => [id, []]))
  if (ticketIds.length === 0) return readings
  const rows = await readStored(db, ticketIds)
  const calendars = await calendarsOf(db, rows)
  const now = at ?? (await readNow(db))
  for (const clock of rows) readings.get(clock.ticket_id)!.push(readingOf(clock, calendars, now))
  return readings
}

type Calendars = Awaited<ReturnType<typeof calendarVersions>>

const calendarsOf = (db: Db, clocks: Stored[]): Promise<Calendars> =>
  calendarVersions(db, [...new Set(clocks.filter(isCounted).map((clock) => clock.calendar_version_id))])

function readingOf(clock: Stored, calendars: Calendars, now: Date): SlaReading {
  const { target, team, state, due_at, target_ms, started_at, stopped_at, breached_at } = clock
  const { missed, imported, policy } = clock
  const outcome = {
    target,
    team,
    state,
    due_at,
    started_at,
    stopped_at,
    breached_at,
    missed,
    imported,
    policy,
  }
  if (!isCounted(clock))
    return { ...outcome, target_ms, elapsed_ms: null, remaining_ms: null, calendar: null }
  const hours = calendars.get(clock.calendar_version_id)!
  // A due instant says that the clock runs; a pause and an end take it away.
  const elapsed_ms = clock.elapsed_ms + (due_at ? workingMs(hours, clock.counted_at, now) : 0)
  const calendar = { id: hours.calendarId, name: hours.name, version: hours.version, zone: hours.zone }
  return { ...outcome, target_ms, elapsed_ms, remaining_ms: clock.target_ms - elapsed_ms, calendar }
}

export interface SlaExplanation extends SlaReading {
  /** When this target was set; null where that was not kept. A breach is never dated before it. */
  set_at: Date | null
  /** Every millisecond since the clock started, with whether it counts and why; none for an imported outcome. */
  segments: Segment[]
  marks: MarkReading[]
  why: {
    rule: 'first-policy-by-position'
    priority: string
    policy_version: string
    calendar_version: string
    /** How many policies were asked before; null on clocks from before this was kept. */
    passed: number | null
    matched: (WhyPolicy['matched'][number] & { name: string | null })[]
  } | null
}

export interface MarkReading {
  target: Target
  percent: number
  due_at: Date | null
  reached_at: Date | null
  told: Told[]
}

/** Whom a mark asked for, and what came of it. */
export interface Told {
  at: Date
  decided_at: Date | null
  outcome: { paged?: boolean; told?: number; reason?: string } | null
}

/** The clocks of one ticket with what became of its time. */
export async function explainSla(db: Db, ticketId: string): Promise<SlaExplanation[]> {
  const rows = await readStored(db, [ticketId])
  if (rows.length === 0) return []
  const calendars = await calendarsOf(db, rows)
  const history = await historyOf(db, [ticketId])
  // One instant for elapsed time and segments, so that the one is the sum of the other to the millisecond; never one
  // before what is written, whatever happened to the clock of the machine.
  const written = [...rows.map(({ counted_at }) => counted_at), ...history.map(({ at }) => at)]
  const now = new Date(Math.max(+(await readNow(db)), ...written.map(Number)))
  const marks = await marksOf(db, ticketId)
  const names = await namesOf(db, rows)
  return rows.map((row) => {
    const { set_at } = row
    if (!isCounted(row))
      return { ...readingOf(row, calendars, now), set_at, segments: [], marks: [], why: null }
    const until = row.stopped_at ?? now
    const hours = calendars.get(row.calendar_version_id)!
    const counted = historySince(history, row.started_at)
    return {
      ...readingOf(row, calendars, now),
      set_at,
      segments: segmentsOf(counted, hours, until, runsFor(row.target, row.pauses), row.pauses),
      marks: marks.filter((mark) => mark.target === row.target),
      why: {
        rule: 'first-policy-by-position' as const,
        priority: history.findLast((one) => one.at <= until)!.priority,
        policy_version: row.policy_version_id,
        calendar_version: row.calendar_version_id,
        passed: row.why?.passed ?? null,
        matched: (row.why?.matched ?? []).map((one) => ({ ...one, name: names.get(one.value) ?? null })),
      },
    }
  })
}

type StoredMark = Omit<MarkReading, 'told'> & {
  told: (Pick<Told, 'outcome'> & { at: string; decided_at: string | null })[]
}

async function marksOf(db: Db, ticketId: string): Promise<MarkReading[]> {
  const { rows } = await sql<StoredMark>`
    select c.target, m.percent, m.due_at, m.reached_at,
           coalesce((select jsonb_agg(jsonb_build_object('at', e.mark_due_at, 'decided_at', e.decided_at, 'outcome', e.outcome)
                                      order by e.mark_due_at)
                     from sla_escalation e where e.clock_id = m.clock_id and e.percent = m.percent), '[]') as told
    from sla_clock c join sla_mark m on m.clock_id = c.id
    where c.ticket_id = ${ticketId} order by m.percent`.execute(db)
  return rows.map((row) => ({
    ...row,
    told: row.told.map(({ at, decided_at, ...one }) => ({
      ...one,
      at: new Date(at),
      decided_at: decided_at === null ? null : new Date(decided_at),
    })),
  }))
}

/** What the ids in an explanation stand for; labels in English, the pages have their own. */
async function namesOf(db: Db, rows: Stored[]): Promise<Map<string, string>> {
  const ids = rows.flatMap((row) => (row.why?.matched ?? []).map((one) => one.value))
  const uuids = [...new Set(ids.filter((id) => id.length === 36))]
  if (uuids.length === 0) return new Map()
  const { rows: named } = await sql<{ id: string; name: string }>`
    select id, name from people_group where id = any(${uuids}::uuid[])
    union all select id, name from organisation where id = any(${uuids}::uuid[])
    union all select id, name ->> 'en' from service where id = any(${uuids}::uuid[])
    union all select id, name ->> 'en' from category where id = any(${uuids}::uuid[])`.execute(db)
  return new Map(named.map((one) => [one.id, one.name]))
}
