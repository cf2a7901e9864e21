import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import type { Hours } from '../calendar/index.ts'
import { decideClock } from './clock.ts'
import { type HistoryRow, isEnded, type Target } from './runs.ts'
import { segmentsOf } from './segments.ts'

/**
 * Whole histories under whole calendars, held to an oracle that knows neither stretches nor spans: it asks the zone
 * for the wall clock of every single minute, and counts.
 */

const MINUTE = 60_000
const TEAMS = ['network', 'field', null]
const PENDING = ['requester', 'vendor', 'change', 'parts', 'other']

// Each zone with instants about which its wall clock does something; five days lie around them.
const SKY: Record<string, string[]> = {
  'Europe/Rome': ['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-12-25T12:00Z'],
  'America/New_York': ['2026-03-08T07:00Z', '2026-11-01T06:00Z'],
  'Australia/Lord_Howe': ['2026-04-04T15:00Z', '2026-10-03T15:30Z'],
  'Pacific/Apia': ['2011-12-30T10:00Z', '2011-09-24T14:00Z'],
  'Asia/Kathmandu': ['2026-06-01T00:00Z'],
  'Africa/Casablanca': ['2026-02-15T02:00Z', '2026-03-22T02:00Z'],
  UTC: ['2026-12-31T23:30Z'],
}

const around = fc
  .constantFrom(...Object.entries(SKY).flatMap(([zone, instants]) => instants.map((at) => ({ zone, at }))))
  .chain(({ zone, at }) =>
    fc
      .integer({ min: 0, max: 5 * 1440 })
      .map((before) => ({ zone, from: Date.parse(at.replace('Z', ':00Z')) - before * MINUTE })),
  )

const clockText = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

/** One to three spans of a day that do not overlap, the last perhaps until midnight. */
const daySpans = fc
  .uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 2, maxLength: 6 })
  .map((edges) => {
    const sorted = edges.toSorted((a, b) => a - b)
    return Array.from({ length: Math.floor(sorted.length / 2) }, (_, n) => ({
      from: clockText(sorted[2 * n]!),
      to: clockText(sorted[2 * n + 1]!),
    }))
  })

const week = fc
  .array(fc.option(daySpans), { minLength: 7, maxLength: 7 })
  .map((days) => days.flatMap((spans, index) => (spans ?? []).map((span) => ({ day: index + 1, ...span }))))
  .filter((weekly) => weekly.length > 0)

const dateOf = (zone: string, at: number) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()

const step = fc.record({
  gap: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 2_000 })),
  state: fc.constantFrom('new', 'in_progress', 'in_progress', 'pending', 'pending', 'resolved', 'closed'),
  pending_reason: fc.constantFrom(...PENDING),
  priority: fc.constantFrom<HistoryRow['priority']>('P1', 'P2', 'P3'),
  team_id: fc.constantFrom(...TEAMS),
  assignee_id: fc.constantFrom('somebody', null),
})

const life = around.chain(({ zone, from }) =>
  fc.record({
    hours: fc
      .record({
        weekly: week,
        off: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 3 }),
        always: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      })
      .map(({ weekly, off, always }): Hours => {
        const holidays = [...new Set(off.map((days) => dateOf(zone, from + days * 1440 * MINUTE)))]
        return {
          zone,
          weekly: always ? [] : weekly,
          holidays: always ? [] : holidays.map((date) => ({ date, name: `off ${date}` })),
          always,
        }
      }),
    from: fc.constant(from),
    steps: fc.array(step, { minLength: 0, maxLength: 9 }),
    rest: fc.integer({ min: 1, max: 2_000 }),
    target: fc.constantFrom<Target>('resolution', 'update', 'ola:network'),
    targetMinutes: fc.integer({ min: 1, max: 3_000 }),
    pauses: fc.record({
      reasons: fc.option(fc.subarray(PENDING)),
      states: fc.constantFrom<string[]>([], ['new']),
    }),
  }),
)
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never

function rowsOf({ from, steps }: Life): HistoryRow[] {
  const first = { at: new Date(from), state: 'new', pending_reason: null, priority: 'P3' as const }
  const rows: HistoryRow[] = [{ ...first, team_id: 'network', assignee_id: null }]
  let at = from
  for (const { gap, pending_reason, ...one } of steps) {
    at += gap * MINUTE
    rows.push({ ...one, at: new Date(at), pending_reason: one.state === 'pending' ? pending_reason : null })
  }
  return rows
}

/** Whether the wall clock of this minute lies within the hours, and on which holiday. */
function wallOf(hours: Hours, at: number): { works: boolean; holiday?: string } {
  if (hours.always) return { works: true }
  const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(hours.zone)
  const holiday = hours.holidays.find(({ date }) => date === wall.toPlainDate().toString())?.name
  const time = clockText(wall.hour * 60 + wall.minute)
  const open = hours.weekly.some((one) => one.day === wall.dayOfWeek && one.from <= time && time < one.to)
  return { works: open && holiday === undefined, holiday }
}

/** While the clock runs, said again in other words than the desk's. */
function runs({ target, pauses }: Life, row: HistoryRow): boolean {
  if (isEnded(row.state)) return false
  if (target === 'update') return true
  if (target === 'ola:network' && row.team_id !== 'network') return false
  if (row.state === 'pending')
    return pauses.reasons === null ? false : !pauses.reasons.includes(row.pending_reason!)
  return !pauses.states.includes(row.state)
}

interface Minute {
  counts: boolean
  closed: boolean
  row: HistoryRow
}

function oracle(given: Life, rows: HistoryRow[], until: number) {
  const minutes: Minute[] = []
  let spent = 0
  let due: number | null = null
  let late = false
  for (let at = given.from, position = 0; at < until; at += MINUTE) {
    while (rows[position + 1] && rows[position + 1]!.at.getTime() <= at) position++
    const row = rows[position]!
    const running = runs(given, row)
    if (running && due !== null) late = true
    const works = running && wallOf(given.hours, at).works
    if (works && ++spent === given.targetMinutes) due = at + MINUTE
    minutes.push({ counts: works, closed: running && !works, row })
  }
  return { minutes, spent, due, late }
}

describe('random histories under random calendars', () => {
  it('are what a walk over their minutes finds', () => {
    fc.assert(
      fc.property(life, (given) => {
        const rows = rowsOf(given)
        const now = rows.at(-1)!.at.getTime() + given.rest * MINUTE
        const decision = decideClock(
          {
            target: given.target,
            targetMs: given.targetMinutes * MINUTE,
            hours: given.hours,
            pauses: given.pauses,
            answeredAt: null,
            breachedAt: null,
            marks: [],
          },
          rows,
          new Date(now),
        )
        const until = (decision.stoppedAt ?? new Date(now)).getTime()
        const truth = oracle(given, rows, until)
        expect(decision.elapsedMs).toBe(truth.spent * MINUTE)
        expect(decision.breachedAt?.getTime() ?? null).toBe(truth.late ? truth.due : null)
        if (truth.due !== null && decision.dueAt) expect(decision.dueAt.getTime()).toBe(truth.due)

        const segments = segmentsOf(rows, given.hours, new Date(until), (row) => runs(given, row))
        let at = given.from
        for (const one of segments) {
          // Without a gap: that alone makes their lengths the wall time.
          expect(one.from.getTime()).toBe(at)
          for (; at < one.to.getTime(); at += MINUTE) {
            const { counts, closed, row } = truth.minutes[(at - given.from) / MINUTE]!
            const { holiday } = closed ? wallOf(given.hours, at) : {}
            const said: unknown[] = [
              at,
              one.counts,
              one.kind === 'closed-hours',
              one.holiday,
              one.state,
              one.team_id,
            ]
            const found: unknown[] = [at, counts, closed, holiday, row.state, row.team_id]
            if (said.some((value, index) => value !== found[index])) expect(said).toEqual(found)
          }
        }
        expect(at).toBe(until)
      }),
      process.env.TOCSIN_SOAK
        ? { numRuns: 1_000, ...(process.env.TOCSIN_SEED && { seed: Number(process.env.TOCSIN_SEED) }) }
        : { seed: 20261128, numRuns: 60 },
    )
  })
})
