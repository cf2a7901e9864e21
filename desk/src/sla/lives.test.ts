import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aTeam, asOwner, database, type TestDatabase } from '../../../test/harness/index.ts'
import { SYSTEM, transact, type Tx } from '../activity/index.ts'
import { createCalendar, type Hours } from '../calendar/index.ts'
import { mergeTickets, unmergeTicket } from '../correlation/index.ts'
import {
  assignTicket,
  cancelTicket,
  editTicket,
  openTickets,
  pendTicket,
  type PendingReason,
  reopenTicket,
  resolveTicket,
  resumeTicket,
} from '../ticket/index.ts'
import {
  createPolicy,
  editPolicy,
  explainSla,
  requestRecomputation,
  sweepMarks,
  sweepRecomputations,
} from './index.ts'

/**
 * Whole lives on a real record, by the desk's own verbs and sweeps: waits with their reasons, priorities, new versions of
 * the policy, another calendar, ends and reopenings, hand-overs, merges and their undoing. Held to an oracle that walks
 * the minutes and knows of no clock: what each promise has used up side by side, and which of them held when.
 */

const MINUTE = 60_000
// Each life begins where the one before it ended: the desk's clock goes one way.
let begun = Date.parse('2026-10-24T16:00:00Z')
const OFFICE: Hours = {
  zone: 'Europe/Rome',
  weekly: [1, 2, 3, 4, 5, 7].flatMap((day) => [
    { day, from: '01:00', to: '12:00' },
    { day, from: '13:00', to: '22:00' },
  ]),
  holidays: [{ date: '2026-10-27', name: 'Off' }],
  always: false,
}
const ALWAYS: Hours = { zone: 'UTC', weekly: [], holidays: [], always: true }

interface Terms {
  hours: Hours
  minutes: Record<Priority, number>
  ola: Record<Priority, number>
  reasons: string[] | null
  states: string[]
}
type Priority = 'P1' | 'P3'
const VERSIONS: Terms[] = [
  { hours: OFFICE, minutes: { P1: 120, P3: 900 }, ola: { P1: 60, P3: 300 }, reasons: null, states: [] },
  {
    hours: ALWAYS,
    minutes: { P1: 60, P3: 1_500 },
    ola: { P1: 90, P3: 200 },
    reasons: ['vendor'],
    states: [],
  },
  {
    hours: OFFICE,
    minutes: { P1: 300, P3: 400 },
    ola: { P1: 30, P3: 500 },
    reasons: ['requester', 'vendor'],
    states: ['new'],
  },
]

type Event =
  | { does: 'pend'; reason: PendingReason }
  | { does: 'price'; priority: Priority }
  | { does: 'version'; version: number }
  | { does: 'hand'; home: boolean }
  | { does: 'go' | 'resolve' | 'reopen' | 'cancel' | 'merge' | 'unmerge' | 'look' }
type Plain = 'go' | 'resolve' | 'reopen' | 'cancel' | 'merge' | 'unmerge' | 'look'
const plain = (does: Plain) => fc.constant<Event>({ does })
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<PendingReason>('requester', 'vendor', 'other')
      .map((reason) => ({ does: 'pend' as const, reason })),
  },
  { weight: 3, arbitrary: plain('go') },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<Priority>('P1', 'P3')
      .map((priority) => ({ does: 'price' as const, priority })),
  },
  { weight: 3, arbitrary: fc.nat(2).map((version) => ({ does: 'version' as const, version })) },
  { weight: 2, arbitrary: fc.boolean().map((home) => ({ does: 'hand' as const, home })) },
  { weight: 2, arbitrary: plain('resolve') },
  { weight: 3, arbitrary: plain('reopen') },
  { weight: 2, arbitrary: plain('merge') },
  { weight: 2, arbitrary: plain('unmerge') },
  { weight: 2, arbitrary: plain('look') },
  { weight: 1, arbitrary: plain('cancel') },
)
const gap = fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 900 }))
const lives = fc.array(fc.record({ gap, event }), { minLength: 2, maxLength: 10 })

/** What holds from a minute on. */
interface Moment {
  minute: number
  state: string
  reason: string | null
  priority: Priority
  version: number
  home: boolean
}
const ended = (state: string) => ['resolved', 'closed', 'cancelled'].includes(state)

/** The ticket after an event; null where its life has no such step. */
function after(now: Moment, event: Event, was: Moment | null): Partial<Moment> | null {
  const open = !ended(now.state)
  switch (event.does) {
    case 'pend':
      return open ? { state: 'pending', reason: event.reason } : null
    case 'go':
      return now.state === 'pending' ? { state: 'in_progress', reason: null } : null
    case 'price':
      return event.priority === now.priority ? null : { priority: event.priority }
    case 'version':
      return { version: event.version }
    case 'hand':
      return open && event.home !== now.home ? { home: event.home } : null
    case 'resolve':
      return open ? { state: 'resolved', reason: null } : null
    case 'reopen':
      return !open && now.state !== 'cancelled' && !was ? { state: 'in_progress', reason: null } : null
    case 'cancel':
      return open ? { state: 'cancelled', reason: null } : null
    case 'merge':
      return open ? { state: 'closed', reason: null } : null
    case 'unmerge':
      return was ? { state: was.state, reason: was.reason } : null
    case 'look':
      return {}
  }
}

function works(hours: Hours, minute: number): boolean {
  if (hours.always) return true
  const wall = Temporal.Instant.fromEpochMilliseconds(begun + minute * MINUTE).toZonedDateTimeISO(hours.zone)
  if (hours.holidays.some(({ date }) => date === wall.toPlainDate().toString())) return false
  const time = wall.toPlainTime().toString().slice(0, 5)
  return hours.weekly.some((one) => one.day === wall.dayOfWeek && one.from <= time && time < one.to)
}

/** What a walk over the minutes finds of the resolution clock, or of the home team's own. */
function oracle(target: 'resolution' | 'ola', moments: Moment[], now: number) {
  const promises = VERSIONS.flatMap((terms, version) =>
    (['P1', 'P3'] as const).map((priority) => ({
      terms,
      version,
      priority,
      target: target === 'ola' ? terms.ola[priority] : terms.minutes[priority],
      spent: 0,
      full: null as number | null,
      over: false,
    })),
  )
  const promiseAt = ({ version, priority }: Moment) =>
    promises.find((one) => one.version === version && one.priority === priority)!
  // What holds for the clock: what held when the ticket ended stays until it is open again.
  let held = promiseAt(moments[0]!)
  let setAt = 0
  let breachedAt: number | null = null
  for (let minute = 0, position = 0; minute < now; minute++) {
    while (moments[position + 1] && moments[position + 1]!.minute <= minute) position++
    const moment = moments[position]!
    if (ended(moment.state)) continue
    if ((target === 'resolution' || moment.home) && promiseAt(moment) !== held) {
      held = promiseAt(moment)
      setAt = minute
    }
    if (held.over) breachedAt ??= Math.max(held.full!, setAt)
    if (target === 'ola' && !moment.home) continue
    for (const one of promises) {
      const { reasons, states } = one.terms
      const waits = moment.state === 'pending' && (reasons === null || reasons.includes(moment.reason!))
      if (waits || states.includes(moment.state)) continue
      if (one.full === null && one.spent >= one.target) one.full = minute
      if (works(one.terms.hours, minute)) one.spent++
      if (one.full !== null) one.over = true
      if (one.full === null && one.spent >= one.target) one.full = minute + 1
    }
    if (held.over) breachedAt ??= Math.max(held.full!, setAt)
  }
  return { spent: held.spent, breachedAt }
}

let base: TestDatabase
let home: string
let away: string
let calendars: string[]
let policyId: string
const run = <T>(work: (tx: Tx) => Promise<T>) => transact(base.db, SYSTEM, work)
const at = (minute: number) =>
  asOwner(base.ownerUrl, 'update frozen set at = $1', [new Date(begun + minute * MINUTE)])

beforeAll(async () => {
  base = await database()
  // The clock that decides stands still between the minutes.
  await asOwner(base.ownerUrl, 'create table frozen (at timestamptz(3) not null)')
  await asOwner(base.ownerUrl, 'grant select on frozen to public')
  await asOwner(base.ownerUrl, 'insert into frozen values ($1)', [new Date(begun)])
  await asOwner(
    base.ownerUrl,
    `create or replace function tocsin_now() returns timestamptz(3) language sql volatile as 'select at from frozen'`,
  )
  home = await aTeam(base.db)
  away = await aTeam(base.db)
  calendars = [
    await run((tx) => createCalendar(tx, { name: 'Office', ...OFFICE })),
    await run((tx) => createCalendar(tx, { name: 'Always', ...ALWAYS })),
  ]
  policyId = await run((tx) =>
    createPolicy(tx, { name: 'Policy', position: 1, kinds: ['incident'], ...termsOf(0) }),
  )
})
afterAll(() => base.drop())

function termsOf(version: number) {
  const { hours, minutes, ola, reasons, states } = VERSIONS[version]!
  const target = (priority: Priority) => ({ response_ms: null, resolution_ms: minutes[priority] * MINUTE })
  return {
    calendarId: calendars[hours === ALWAYS ? 1 : 0]!,
    targets: { P1: target('P1'), P3: target('P3') },
    pauseReasons: reasons,
    pauseStates: states,
    olas: [{ team_id: home, calendar_id: null, targets_ms: { P1: ola.P1 * MINUTE, P3: ola.P3 * MINUTE } }],
  }
}

const setVersion = async (version: number) => {
  await run(async (tx) => {
    await editPolicy(tx, { id: policyId, ...termsOf(version) })
    await requestRecomputation(tx, { kind: 'sla_policy', id: policyId })
  })
  while ((await sweepRecomputations(base.db)) > 0);
}
const openOne = async () => {
  const [ticket] = await run((tx) =>
    openTickets(tx, [
      { kind: 'incident', title: 'x', impact: 'high', urgency: 'low', channel: 'desk', teamId: home },
    ]),
  )
  return ticket!
}

async function carryOut(id: string, target: string, { event }: { event: Event }): Promise<void> {
  switch (event.does) {
    case 'pend':
      await run((tx) => pendTicket(tx, { id, reason: event.reason }))
      return
    case 'go':
      await run((tx) => resumeTicket(tx, { id }))
      return
    case 'price':
      await run((tx) => editTicket(tx, { id, urgency: event.priority === 'P1' ? 'high' : 'low' }))
      return
    case 'version':
      await setVersion(event.version)
      return
    case 'hand':
      await run((tx) => assignTicket(tx, { id, teamId: event.home ? home : away }))
      return
    case 'resolve':
      await run((tx) => resolveTicket(tx, { id }))
      return
    case 'reopen':
      await run((tx) => reopenTicket(tx, { id }))
      return
    case 'cancel':
      await run((tx) => cancelTicket(tx, { id }))
      return
    case 'merge':
      await run((tx) => mergeTickets(tx, { from: id, into: target }))
      return
    case 'unmerge':
      await run((tx) => unmergeTicket(tx, id))
      return
    case 'look':
      await sweepMarks(base.db)
  }
}

async function marksTold(id: string) {
  const { rows } = await sql<{ verb: string; target: string; percent: number | null; at: Date }>`
    select verb, after ->> 'target' as target, (after ->> 'percent')::int as percent, at from activity
    where subject_id = ${id} and verb in ('sla-mark', 'breach')`.execute(base.db)
  return rows.map(
    ({ verb, target, percent, at: when }) => `${verb} ${target} ${percent} ${verb === 'breach' ? '' : +when}`,
  )
}

// Found by hand: another priority while it had ended, a mark whose target goes and comes back, and a target that is used
// up to the minute when its clock stops: given only then, found by the sweep or by a change; given before, and once again.
const life = (...steps: [number, Event][]): [{ gap: number; event: Event }[]] => [
  steps.map(([minutes, does]) => ({ gap: minutes, event: does })),
]
const examples = [
  life(
    [10, { does: 'resolve' }],
    [10, { does: 'price', priority: 'P1' }],
    [10, { does: 'reopen' }],
    [600, { does: 'look' }],
  ),
  life(
    [1, { does: 'version', version: 1 }],
    [1, { does: 'price', priority: 'P1' }],
    [40, { does: 'look' }],
    [1, { does: 'price', priority: 'P3' }],
    [1, { does: 'price', priority: 'P1' }],
    [1, { does: 'look' }],
  ),
  ...(['look', 'pend'] as const).map((does) =>
    life(
      [1, { does: 'version', version: 1 }],
      [59, { does: 'pend', reason: 'vendor' }],
      [1, { does: 'price', priority: 'P1' }],
      [1, { does: 'go' }],
      [1, does === 'look' ? { does } : { does, reason: 'vendor' }],
    ),
  ),
  life(
    [1, { does: 'version', version: 1 }],
    [1, { does: 'price', priority: 'P1' }],
    [58, { does: 'pend', reason: 'vendor' }],
    [1, { does: 'version', version: 1 }],
    [1, { does: 'go' }],
    [1, { does: 'look' }],
  ),
  life(
    [1, { does: 'version', version: 1 }],
    [199, { does: 'hand', home: false }],
    [10, { does: 'hand', home: true }],
    [1, { does: 'look' }],
  ),
]

describe('random lives of tickets on record', () => {
  const timeout = process.env.TOCSIN_SOAK ? 900_000 : 30_000
  it('are what a walk over their minutes finds, and tell each mark once', { timeout }, async () => {
    await fc.assert(
      fc.asyncProperty(lives, async (steps) => {
        await at(0)
        await setVersion(0)
        const { id } = await openOne()
        const { id: other } = await openOne()
        const first: Moment = {
          minute: 0,
          state: 'new',
          reason: null,
          priority: 'P3',
          version: 0,
          home: true,
        }
        const moments = [first]
        let was: Moment | null = null
        let merged = false
        let minute = 0
        for (const step of steps) {
          minute += step.gap
          const now = moments.at(-1)!
          const change = after(now, step.event, was)
          if (!change) continue
          await at(minute)
          await carryOut(id, other, step)
          if (step.event.does === 'merge') was = now
          if (step.event.does === 'unmerge') was = null
          merged = was !== null
          moments.push({ ...now, ...change, minute })
        }
        const last = moments.at(-1)!
        minute += 1
        await at(minute)
        await sweepMarks(base.db)
        const clocks = await explainSla(base.db, id)
        for (const [target, name] of [
          ['resolution', 'resolution'],
          ['ola', `ola:${home}`],
        ] as const) {
          const shown = clocks.find((one) => one.target === name)!
          const truth = oracle(target, moments, minute)
          const breachedAt = truth.breachedAt === null ? null : begun + truth.breachedAt * MINUTE
          const found = [shown.elapsed_ms, shown.breached_at?.getTime() ?? null]
          expect([target, ...found]).toEqual([target, truth.spent * MINUTE, breachedAt])
          const length = (one: (typeof shown.segments)[number]) => +one.to - +one.from
          const sum = (some: typeof shown.segments) => some.reduce((total, one) => total + length(one), 0)
          const until = shown.stopped_at ?? new Date(begun + minute * MINUTE)
          expect(sum(shown.segments)).toBe(+until - begun)
          expect(sum(shown.segments.filter(({ counts }) => counts))).toBe(shown.elapsed_ms)
          if (breachedAt !== null) expect(shown.state).toBe('breached')
          else if (ended(last.state))
            expect(shown.state).toBe(merged || last.state === 'cancelled' ? 'cancelled' : 'met')
        }
        const told = await marksTold(id)
        expect(told.toSorted()).toEqual([...new Set(told)].toSorted())
        await run((tx) => cancelTicket(tx, { id: other }))
        begun += (minute + 1) * MINUTE
      }),
      process.env.TOCSIN_SOAK
        ? {
            numRuns: 200,
            examples,
            ...(process.env.TOCSIN_SEED && { seed: Number(process.env.TOCSIN_SEED) }),
          }
        : { seed: 20261128, numRuns: 12, examples },
    )
  })
})
