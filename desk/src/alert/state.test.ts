import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AlertEvent, type AlertState, decideAlert, STRAGGLER_MS } from './state.ts'

const T = 1_000_000
const state = (over: Partial<AlertState> = {}): AlertState => ({
  status: 'firing',
  severity: 'error',
  startsAt: T,
  endsAt: null,
  episode: 1,
  count: 1,
  lastAt: T + 10,
  acknowledgedAt: null,
  ...over,
})
const resolved = (over: Partial<AlertState> = {}) =>
  state({ status: 'resolved', endsAt: T + 500, lastAt: T + 500, ...over })
const event = (
  kind: AlertEvent['kind'],
  startsAt: number | null = null,
  endsAt: number | null = null,
): AlertEvent => ({
  kind,
  severity: 'critical',
  startsAt,
  endsAt,
})

describe('decideAlert', () => {
  const now = T + 1_000
  test.each<[string, AlertState | null, AlertEvent, string, Partial<AlertState> | null, string?]>([
    [
      'the first trigger fires',
      null,
      event('trigger'),
      'fired',
      { status: 'firing', startsAt: now, episode: 1, count: 1 },
    ],
    ['it begins when its sender says', null, event('trigger', T), 'fired', { startsAt: T }],
    [
      'the same again is counted',
      state(),
      event('trigger', T),
      'repeated',
      { status: 'firing', count: 2, episode: 1, startsAt: T, severity: 'critical' },
    ],
    ['without a start too', state(), event('trigger'), 'repeated', { startsAt: T, count: 2 }],
    [
      'a newer start is the present opening',
      state(),
      event('trigger', T + 5),
      'repeated',
      { startsAt: T + 5, episode: 1 },
    ],
    [
      'an older one changes nothing but the count',
      state(),
      event('trigger', T - 5),
      'repeated',
      { startsAt: T, severity: 'error', count: 2 },
    ],
    [
      'acknowledged stays so while it repeats',
      state({ status: 'acknowledged' }),
      event('trigger', T),
      'repeated',
      { status: 'acknowledged' },
    ],
    [
      'it resolves',
      state(),
      event('resolve', T, T + 900),
      'resolved',
      { status: 'resolved', endsAt: T + 900, episode: 1 },
    ],
    [
      'acknowledged or not',
      state({ status: 'acknowledged' }),
      event('resolve'),
      'resolved',
      { status: 'resolved', endsAt: now },
    ],
    [
      'the end of an earlier opening is stale',
      state(),
      event('resolve', T - 5, T - 1),
      'ignored',
      { status: 'firing' },
      'stale',
    ],
    [
      'also where only the end says so',
      state(),
      event('resolve', null, T - 1),
      'ignored',
      { status: 'firing' },
      'stale',
    ],
    ['an end for nothing open creates nothing', null, event('resolve'), 'ignored', null, 'nothing-open'],
    [
      'one that names its opening is remembered',
      null,
      event('resolve', T, T + 5),
      'ignored',
      { status: 'resolved', episode: 0, count: 0 },
      'remembered',
    ],
    [
      'so that its trigger, late, opens nothing',
      resolved({ episode: 0 }),
      event('trigger', T),
      'ignored',
      { status: 'resolved' },
      'late',
    ],
    [
      'a second end changes nothing',
      resolved(),
      event('resolve', T, T + 500),
      'ignored',
      { endsAt: T + 500 },
      'already-resolved',
    ],
    [
      'a straggler is late',
      resolved(),
      event('trigger', T),
      'ignored',
      { status: 'resolved', episode: 1 },
      'late',
    ],
    [
      'a new start opens anew',
      resolved(),
      event('trigger', T + 600),
      'fired',
      { status: 'firing', episode: 2, count: 2, endsAt: null, startsAt: T + 600 },
    ],
    [
      'as does a trigger without a start',
      resolved(),
      event('trigger'),
      'fired',
      { episode: 2, startsAt: now },
    ],
    [
      'acknowledging',
      state(),
      event('acknowledge'),
      'acknowledged',
      { status: 'acknowledged', acknowledgedAt: now },
    ],
    ['twice', state({ status: 'acknowledged' }), event('acknowledge'), 'ignored', {}, 'already-acknowledged'],
    ['what is over', resolved(), event('acknowledge'), 'ignored', { status: 'resolved' }, 'nothing-open'],
    ['what never was', null, event('acknowledge'), 'ignored', null, 'nothing-open'],
    [
      'an earlier opening, late: this one waits for somebody still',
      state(),
      event('acknowledge', T - 5),
      'ignored',
      { status: 'firing', acknowledgedAt: null },
      'stale',
    ],
    [
      'before its trigger: remembered',
      null,
      event('acknowledge', T),
      'ignored',
      { status: 'resolved', episode: 0, endsAt: null, noticed: T },
      'remembered',
    ],
    [
      'so that its trigger comes acknowledged',
      resolved({ episode: 0, endsAt: null, noticed: T }),
      event('trigger', T),
      'fired',
      { status: 'acknowledged', acknowledgedAt: now, episode: 1 },
    ],
    [
      'an end that overtakes a newer opening ends what somebody took notice of',
      state({ status: 'acknowledged', acknowledgedAt: T, noticed: T - 5 }),
      event('resolve', T - 5, T - 1),
      'ignored',
      { status: 'firing', acknowledgedAt: null },
      'stale',
    ],
    [
      'what only fell silent fires again with the same start',
      resolved({ expired: true }),
      event('trigger', T),
      'fired',
      { status: 'firing', episode: 2 },
    ],
    [
      'unless its end comes after all',
      resolved({ expired: true }),
      event('resolve', T, T + 500),
      'ignored',
      { status: 'resolved', endsAt: T + 500 },
      'already-resolved',
    ],
  ])('%s', (_name, before, given, outcome, after, why) => {
    const decision = decideAlert(before, given, now)
    expect({ outcome: decision.outcome, why: decision.why }).toEqual({ outcome, why })
    expect([decision.next]).toMatchObject([after])
  })

  test('long after its end, a trigger of the same opening has fired again', () => {
    const end = resolved().lastAt
    expect(decideAlert(resolved(), event('trigger', T), end + STRAGGLER_MS).outcome).toBe('ignored')
    expect(decideAlert(resolved(), event('trigger', T), end + STRAGGLER_MS + 1).outcome).toBe('fired')
  })
})

/** One failure as its source tells of it, in order. */
interface Opening {
  triggers: number
  /** Somebody takes notice there, before the last trigger or after it. */
  noticed: boolean
  /** All but the newest have ended, or a newer would not have begun. */
  over: boolean
  severity: AlertEvent['severity']
}

describe('messages that name their opening', () => {
  const opening = fc.record({
    triggers: fc.integer({ min: 1, max: 3 }),
    noticed: fc.boolean(),
    over: fc.boolean(),
    severity: fc.constantFrom('critical' as const, 'error' as const, 'warning' as const, 'info' as const),
  })
  // Openings may begin in the same millisecond in which the one before ended, and lie hours apart in the sender's clock.
  const story = fc.array(fc.record({ opening, lasts: fc.constantFrom(1, 50, 3_600_000) }), {
    minLength: 1,
    maxLength: 4,
  })

  const told = (openings: { opening: Opening; lasts: number }[], skew: number): AlertEvent[] => {
    let startsAt = T + skew
    return openings.flatMap(({ opening: { triggers, noticed, over, severity }, lasts }, index) => {
      const began = startsAt
      startsAt += lasts
      const say = (kind: AlertEvent['kind'], endsAt: number | null = null) => ({
        kind,
        severity,
        startsAt: began,
        endsAt,
      })
      return [
        ...Array.from({ length: triggers }, () => say('trigger')),
        ...(noticed ? [say('acknowledge')] : []),
        ...(over || index < openings.length - 1 ? [say('resolve', began + lasts)] : []),
      ]
    })
  }

  // The slow model looks at the whole story: the newest opening, over if it ended, else as somebody took notice of it.
  const model = (openings: { opening: Opening; lasts: number }[], skew: number) => {
    const { opening: newest, lasts } = openings.at(-1)!
    const startsAt = openings.slice(0, -1).reduce((sum, one) => sum + one.lasts, T + skew)
    return {
      status: newest.over ? 'resolved' : newest.noticed ? 'acknowledged' : 'firing',
      severity: newest.severity,
      startsAt,
      endsAt: newest.over ? startsAt + lasts : null,
    }
  }

  const run = (messages: AlertEvent[], at: (position: number) => number) =>
    messages.reduce<AlertState | null>(
      (known, message, position) => decideAlert(known, message, at(position)).next,
      null,
    )
  const shown = (state: AlertState | null) => {
    // What is known of an opening that is over is when it was; what it was like is shown by the alert.
    const { status, startsAt, endsAt, severity } = state!
    return { status, startsAt, endsAt, severity: status === 'resolved' ? null : severity }
  }
  const expected = (openings: Parameters<typeof model>[0], skew: number) => {
    const { severity, ...rest } = model(openings, skew)
    return { ...rest, severity: rest.status === 'resolved' ? null : severity }
  }
  const seed = process.env.TOCSIN_SEED ? Number(process.env.TOCSIN_SEED) : 20_261_122
  const numRuns = process.env.TOCSIN_SOAK ? 100_000 : 3_000

  /** All of the story, some of it twice, in any order. */
  const shuffled = story.chain((openings) => {
    const messages = told(openings, 0)
    const all = messages.length * 2
    const order = fc.shuffledSubarray([...messages.keys(), ...messages.keys()], {
      minLength: all,
      maxLength: all,
    })
    return fc.tuple(fc.constant(openings), order)
  })

  test('lead to the state of the ordered story in any order, however often', () => {
    fc.assert(
      fc.property(shuffled, ([openings, order]) => {
        const messages = told(openings, 0)
        const end = run(
          order.map((place) => messages[place]!),
          (position) => T + 5_000 + position,
        )
        expect(shown(end)).toEqual(expected(openings, 0))
        expect(shown(run(messages, (position) => T + 5_000 + position))).toEqual(expected(openings, 0))
      }),
      { seed, numRuns },
    )
  })

  test('as do late ones, and those of a sender whose clock is wrong', () => {
    const hour = 3_600_000
    const delays = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 64, maxLength: 64 })
    fc.assert(
      fc.property(
        shuffled,
        fc.integer({ min: -hour, max: hour }),
        delays,
        ([openings, order], skew, late) => {
          const messages = told(openings, skew)
          let now = T + hour
          const end = run(
            order.map((place) => messages[place]!),
            (position) => (now += late[position]!),
          )
          expect(shown(end)).toEqual(expected(openings, skew))
        },
      ),
      { seed, numRuns },
    )
  })

  test('and without any time, in the order in which they come: the last word stands', () => {
    const message = fc.record({
      kind: fc.constantFrom('trigger' as const, 'resolve' as const, 'acknowledge' as const),
      severity: fc.constantFrom('critical' as const, 'warning' as const),
    })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 20 }), (messages) => {
        const end = run(
          messages.map((one) => ({ ...one, startsAt: null, endsAt: null })),
          (position) => T + position,
        )
        const since = messages.findLastIndex(({ kind }) => kind === 'resolve') + 1
        const open = messages.slice(since)
        const first = open.findIndex(({ kind }) => kind === 'trigger')
        const fires = first >= 0
        const noticed = fires && open.slice(first).some(({ kind }) => kind === 'acknowledge')
        const triggers = messages.filter(({ kind }) => kind === 'trigger')
        expect(end?.count ?? 0).toBe(triggers.length)
        const status = fires ? (noticed ? 'acknowledged' : 'firing') : 'resolved'
        expect(end?.status).toBe(triggers.length === 0 ? undefined : status)
        if (fires) expect(end!.severity).toBe(triggers.at(-1)!.severity)
      }),
      { seed, numRuns },
    )
  })
})
