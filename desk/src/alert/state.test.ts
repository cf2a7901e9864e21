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

describe('messages that name their opening', () => {
  const message = fc.record({
    kind: fc.constantFrom('trigger' as const, 'resolve' as const),
    opening: fc.integer({ min: 0, max: 5 }),
  })
  const shuffled = fc
    .array(message, { minLength: 1, maxLength: 12 })
    .chain((set) =>
      fc.tuple(
        fc.constant(set),
        fc.shuffledSubarray([...set, ...set], { minLength: set.length * 2, maxLength: set.length * 2 }),
      ),
    )

  // The slow model looks at the whole set at once: the newest opening, over if anything said that it ended.
  const model = (set: { kind: string; opening: number }[]) => {
    const newest = Math.max(...set.map((one) => one.opening))
    const over = set.some((one) => one.opening === newest && one.kind === 'resolve')
    return {
      status: over ? 'resolved' : 'firing',
      startsAt: T + newest * 100,
      endsAt: over ? T + newest * 100 + 50 : null,
    }
  }

  test('lead to the same state in any order, however often', () => {
    fc.assert(
      fc.property(shuffled, ([set, messages]) => {
        let known: AlertState | null = null
        for (const [position, { kind, opening }] of messages.entries()) {
          const startsAt = T + opening * 100
          const sent = event(kind, startsAt, kind === 'resolve' ? startsAt + 50 : null)
          known = decideAlert(known, sent, T + 5_000 + position).next
        }
        expect(known).toMatchObject(model(set))
      }),
      { seed: 20_261_122, numRuns: 2_000 },
    )
  })

  test('as do late ones, and those of a sender whose clock is wrong', () => {
    const hour = 3_600_000
    const delays = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 24, maxLength: 24 })
    fc.assert(
      fc.property(shuffled, fc.integer({ min: -hour, max: hour }), delays, ([set, messages], skew, late) => {
        let known: AlertState | null = null
        let now = T + hour
        for (const [position, { kind, opening }] of messages.entries()) {
          now += late[position]!
          const startsAt = T + skew + opening * 100
          const sent = event(kind, startsAt, kind === 'resolve' ? startsAt + 50 : null)
          known = decideAlert(known, sent, now).next
        }
        const { status, startsAt, endsAt } = model(set)
        const shifted = { status, startsAt: startsAt + skew, endsAt: endsAt === null ? null : endsAt + skew }
        expect(known).toMatchObject(shifted)
      }),
      { seed: 20_261_122, numRuns: 2_000 },
    )
  })
})
