import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Hours } from '../calendar/index.ts'
import { type ClockDecision, decideClock, type Mark } from './clock.ts'
import { EVERY_PAUSE, type HistoryRow, type Pauses, runsFor, type Target } from './runs.ts'
import { type SegmentKind, segmentsOf, type SegmentWhy } from './segments.ts'

const MINUTE = 60_000
const MONDAY = Date.UTC(2026, 10, 23, 8, 0)
const at = (minutes: number) => new Date(MONDAY + minutes * MINUTE)
const always: Hours = { zone: 'UTC', weekly: [], holidays: [], always: true }
const office: Hours = {
  zone: 'UTC',
  weekly: [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '17:00' })),
  holidays: [{ date: '2026-11-25', name: 'Founders’ day' }],
  always: false,
}
const row = (minutes: number, state: string, reason: string | null = null): HistoryRow => ({
  at: at(minutes),
  state,
  pending_reason: reason,
  priority: 'P3',
})
const decide = (history: HistoryRow[], now: number, more: Partial<Parameters<typeof decideClock>[0]> = {}) =>
  decideClock(
    {
      target: 'resolution',
      targetMs: 120 * MINUTE,
      hours: always,
      answeredAt: null,
      breachedAt: null,
      marks: [],
      ...more,
    },
    history,
    at(now),
  )

describe('a clock', () => {
  const life = [row(0, 'new'), row(30, 'pending', 'vendor'), row(100, 'in_progress')]

  it('pauses while pending: the due instant moves by as long, and is gone meanwhile', () => {
    expect(decide(life.slice(0, 1), 10)).toMatchObject({
      state: 'running',
      dueAt: at(120),
      elapsedMs: 10 * MINUTE,
    })
    expect(decide(life.slice(0, 2), 60)).toMatchObject({
      state: 'paused',
      dueAt: null,
      elapsedMs: 30 * MINUTE,
    })
    expect(decide(life, 110)).toMatchObject({ state: 'running', dueAt: at(190), elapsedMs: 40 * MINUTE })
  })

  it('is met at its due instant and breached a minute after, seen or not', () => {
    expect(decide([...life, row(190, 'resolved')], 500)).toMatchObject({ state: 'met', stoppedAt: at(190) })
    expect(decide([...life, row(191, 'resolved')], 500)).toMatchObject({
      state: 'breached',
      breachedAt: at(190),
    })
  })

  it('goes on where it stood when reopened, and keeps a breach', () => {
    const reopened = [...life, row(150, 'resolved'), row(400, 'in_progress')]
    expect(decide(reopened, 410)).toMatchObject({
      state: 'running',
      elapsedMs: 90 * MINUTE,
      dueAt: at(440),
      stoppedAt: null,
    })
    expect(decide(reopened, 410, { breachedAt: at(5) })).toMatchObject({
      state: 'breached',
      breachedAt: at(5),
      dueAt: at(440),
    })
  })

  it('cannot break a target before it was set', () => {
    expect(decide(life, 300, { setAt: at(250) }).breachedAt).toEqual(at(250))
    expect(decide(life, 300, { setAt: at(150) }).breachedAt).toEqual(at(190))
  })

  it('of a response ends with the answer, or unowed with the ticket', () => {
    const response = { target: 'response' as const }
    expect(decide(life, 200, { ...response, answeredAt: at(110) })).toMatchObject({
      state: 'met',
      stoppedAt: at(110),
    })
    const ended = [...life, row(150, 'resolved')]
    expect(decide(ended, 200, response)).toMatchObject({ state: 'cancelled', stoppedAt: at(150) })
    expect(decide([...ended, row(160, 'in_progress')], 200, response)).toMatchObject({ state: 'cancelled' })
  })

  it('forgets marks that a new target puts ahead, never the breach', () => {
    const reached: Mark[] = ([50, 100] as const).map((percent) => ({
      percent,
      due_at: at(1),
      reached_at: at(1),
    }))
    const { marks } = decide(life, 110, { marks: reached, breachedAt: at(1), targetMs: 600 * MINUTE })
    expect(marks.map((mark) => mark.reached_at)).toEqual([null, null, null, at(1)])
  })
})

describe('segments', () => {
  it('say for every stretch whether it counts and why', () => {
    const history = [row(8 * 60, 'new'), row(9 * 60 + 30, 'pending', 'vendor'), row(25 * 60, 'in_progress')]
    const shown = segmentsOf(history, office, at(74 * 60)).map((s) => [
      s.why,
      s.counts,
      (+s.to - +s.from) / MINUTE,
    ])
    expect(shown).toEqual([
      ['working', true, 60],
      ['outside-hours', false, 30],
      ['pending', false, 15 * 60 + 30],
      ['working', true, 8 * 60],
      ['outside-hours', false, 7 * 60],
      ['holiday', false, 24 * 60],
      ['outside-hours', false, 9 * 60],
      ['working', true, 60],
    ])
  })
})

describe('segments of time that does not count', () => {
  const home = 'a-team'
  const away = 'another'
  const at9 = 9 * 60
  const rows = (state: string, reason: string | null, team: string): HistoryRow[] => [
    { ...row(at9, 'in_progress'), team_id: home, assignee_id: 'ann' },
    { ...row(at9 + 10, state, reason), team_id: team, assignee_id: 'ann' },
    { ...row(at9 + 30, 'in_progress'), team_id: home, assignee_id: 'ann' },
  ]
  it.each<[string, string, string | null, string, Target, Pauses, [SegmentKind, SegmentWhy, boolean]]>([
    [
      'a reason that pauses',
      'pending',
      'vendor',
      home,
      'resolution',
      EVERY_PAUSE,
      ['vendor', 'pending', false],
    ],
    [
      'a reason that does not',
      'pending',
      'vendor',
      home,
      'resolution',
      { reasons: ['requester'], states: [] },
      ['vendor', 'working', true],
    ],
    [
      'a state that pauses',
      'scheduled',
      null,
      home,
      'resolution',
      { reasons: null, states: ['scheduled'] },
      ['other', 'paused', false],
    ],
    [
      'a state that does not',
      'scheduled',
      null,
      home,
      'resolution',
      EVERY_PAUSE,
      ['hands-on', 'working', true],
    ],
    [
      'another team’s work',
      'in_progress',
      null,
      away,
      `ola:${home}`,
      EVERY_PAUSE,
      ['elsewhere', 'elsewhere', false],
    ],
    [
      'another team’s wait',
      'pending',
      'change',
      away,
      `ola:${home}`,
      EVERY_PAUSE,
      ['change', 'pending', false],
    ],
    ['an end', 'resolved', null, home, 'resolution', EVERY_PAUSE, ['ended', 'ended', false]],
  ])('say whose it was: %s', (_, state, reason, team, target, pauses, [kind, why, counts]) => {
    const all = segmentsOf(rows(state, reason, team), always, at(at9 + 40), runsFor(target, pauses), pauses)
    expect(all.map((one) => [one.kind, one.why, one.counts])).toEqual([
      ['hands-on', 'working', true],
      [kind, why, counts],
      ['hands-on', 'working', true],
    ])
  })
})

// Whatever happens to a ticket, what the rows hold equals what a walk over every minute of its life finds.
describe('random lives of tickets against an oracle that walks minutes', () => {
  type Target = 'response' | 'resolution'
  type Event = 'pend' | 'go' | 'resolve' | 'close' | 'cancel' | 'answer' | 'P1' | 'P3' | 'look'
  const STATE: Partial<Record<Event, string>> = {
    pend: 'pending',
    go: 'in_progress',
    resolve: 'resolved',
    close: 'closed',
    cancel: 'cancelled',
  }
  const PROMISE: Record<'P1' | 'P3', { minutes: Record<Target, number>; hours: Hours }> = {
    P1: { minutes: { response: 15, resolution: 240 }, hours: always },
    P3: { minutes: { response: 240, resolution: 1440 }, hours: office },
  }
  type Steps = { gap: number; event: Event }[]
  const events: fc.Arbitrary<Steps> = fc.array(
    fc.record({
      gap: fc.oneof(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 1500 }),
        // Targets are used up at the very minute of a change too.
        fc.constantFrom(1, 15, 225, 240),
      ),
      event: fc.constantFrom<Event>(
        'pend',
        'pend',
        'go',
        'go',
        'go',
        'resolve',
        'close',
        'cancel',
        'answer',
        'P1',
        'P3',
        'look',
      ),
    }),
    { minLength: 1, maxLength: 14 },
  )
  // Found by soak: a target that is used up to the minute when the ticket begins to wait, and given during the wait.
  const givenInWait: Steps = [
    { gap: 15, event: 'pend' },
    { gap: 1, event: 'P1' },
    { gap: 1, event: 'go' },
    { gap: 1, event: 'pend' },
  ]
  interface Moment {
    minute: number
    state: string
    priority: 'P1' | 'P3'
    answered: boolean
  }

  const works = (hours: Hours, minute: number): boolean => {
    if (hours.always) return true
    const time = at(minute)
    return (
      time.getUTCDay() % 6 !== 0 &&
      time.getUTCHours() >= 9 &&
      time.getUTCHours() < 17 &&
      !time.toISOString().startsWith('2026-11-25')
    )
  }
  const ended = (state: string) => ['resolved', 'closed', 'cancelled'].includes(state)

  function oracle(target: Target, moments: Moment[], now: number) {
    let breachedAt: number | null = null
    let stopped = false
    // Both targets are used up side by side, so that a change of priority finds how far the other has come.
    const used: Record<'P1' | 'P3', { spent: number; full: number | null; over: boolean }> = {
      P1: { spent: 0, full: null, over: false },
      P3: { spent: 0, full: null, over: false },
    }
    let setAt = 0
    for (let minute = 0, position = 0; minute < now; minute++) {
      while (moments[position + 1] && moments[position + 1]!.minute <= minute) {
        position++
        if (moments[position]!.priority !== moments[position - 1]!.priority) setAt = minute
        if (target === 'response' && (ended(moments[position]!.state) || moments[position]!.answered))
          stopped = true
      }
      const moment = moments[position]!
      if (stopped || ended(moment.state)) continue
      const { full, over } = used[moment.priority]
      if (over) breachedAt ??= Math.max(full!, setAt)
      if (moment.state === 'pending') continue
      for (const priority of ['P1', 'P3'] as const) {
        const promise = PROMISE[priority]
        const one = used[priority]
        if (one.full === null && one.spent >= promise.minutes[target]) one.full = minute
        if (works(promise.hours, minute)) one.spent++
        if (one.full !== null) one.over = true
        if (one.full === null && one.spent >= promise.minutes[target]) one.full = minute + 1
      }
      const after = used[moment.priority]
      if (after.over) breachedAt ??= Math.max(after.full!, setAt)
    }
    return { spent: used, breachedAt }
  }

  it('equals the truth', () => {
    fc.assert(
      fc.property(events, fc.constantFrom<Target>('response', 'resolution'), (steps, target) => {
        const moments: Moment[] = [{ minute: 0, state: 'new', priority: 'P3', answered: false }]
        const history: HistoryRow[] = [row(0, 'new')]
        const facts = {
          target,
          answeredAt: null as Date | null,
          breachedAt: null as Date | null,
          setAt: null as Date | null,
          marks: [] as Mark[],
        }
        let decision: ClockDecision | undefined
        let minute = 0
        for (const { gap, event } of steps) {
          minute += gap
          const last = moments.at(-1)!
          if (last.state === 'cancelled') break
          // An ended ticket and an answered clock keep their target.
          if ((event === 'P1' || event === 'P3') && (ended(last.state) || decision?.stoppedAt)) continue
          const moment = { ...last, minute, state: STATE[event] ?? last.state }
          if (event === 'answer') {
            if (ended(last.state)) continue
            facts.answeredAt ??= at(minute)
            moment.answered = true
          }
          const repriced = (event === 'P1' || event === 'P3') && event !== last.priority
          // What the old target broke is broken, as the sweep would have found.
          const before = PROMISE[last.priority]
          facts.breachedAt = decideClock(
            { ...facts, hours: before.hours, targetMs: before.minutes[target] * MINUTE },
            history,
            at(minute),
          ).breachedAt
          if (repriced) {
            moment.priority = event
            facts.setAt = at(minute)
          }
          moments.push(moment)
          history.push({
            at: at(minute),
            state: moment.state,
            pending_reason: null,
            priority: moment.priority,
          })
          const promise = PROMISE[moment.priority]
          decision = decideClock(
            { ...facts, hours: promise.hours, targetMs: promise.minutes[target] * MINUTE },
            history,
            at(minute),
          )
          facts.breachedAt = decision.breachedAt
          facts.marks = decision.marks
        }
        const now = minute + 1
        const last = moments.at(-1)!
        const { hours, minutes } = PROMISE[last.priority]
        const end = decideClock({ ...facts, hours, targetMs: minutes[target] * MINUTE }, history, at(now))
        const truth = oracle(target, moments, now)
        expect(end.elapsedMs).toBe(truth.spent[last.priority].spent * MINUTE)
        expect(end.breachedAt).toEqual(truth.breachedAt === null ? null : at(truth.breachedAt))

        const until = end.stoppedAt ?? at(now)
        const segments = segmentsOf(history, hours, until)
        const sum = (some: typeof segments) => some.reduce((total, one) => total + +one.to - +one.from, 0)
        expect(sum(segments)).toBe(+until - MONDAY)
        expect(sum(segments.filter((one) => one.counts))).toBe(end.elapsedMs)
      }),
      {
        examples: [[givenInWait, 'response']],
        ...(process.env.TOCSIN_SOAK
          ? { numRuns: 5000, ...(process.env.TOCSIN_SEED && { seed: Number(process.env.TOCSIN_SEED) }) }
          : { seed: 20261122, numRuns: 400 }),
      },
    )
  })
})
