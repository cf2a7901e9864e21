import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Hours, workingMs } from '../calendar/index.ts'
import { type Handling, latestStart, mostAlike, type RunningClock, shareLonger } from './latest-start.ts'
import { explainNext } from './reason.ts'

const HOUR = 3_600_000
const always: Hours = { zone: 'UTC', weekly: [], holidays: [], always: true }
const office: Hours = {
  zone: 'Europe/Rome',
  weekly: [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '17:00' })),
  holidays: [],
  always: false,
}
const monday = (hour: number) => new Date(Date.UTC(2026, 10, 30, hour))
const clock = (over: Partial<RunningClock> = {}): RunningClock => ({
  target: 'resolution',
  targetMs: 8 * HOUR,
  elapsedMs: 0,
  countedAt: monday(8),
  ...over,
})
const like = (median: number, over: Partial<Handling> = {}): Handling => ({
  n: 40,
  kind: 'incident',
  priority: null,
  service_id: null,
  median_ms: median,
  spread: Array.from({ length: 21 }, (_, n) => (median * n) / 10),
  ...over,
})

describe('by when work has to begin', () => {
  it.each<[string, RunningClock, Hours, Handling | undefined, Date]>([
    ['when as much is left as like tickets take', clock(), always, like(3 * HOUR), monday(13)],
    ['when it is due, where none are known', clock(), always, undefined, monday(16)],
    ['counts what has passed', clock({ elapsedMs: 2 * HOUR }), always, like(3 * HOUR), monday(11)],
    [
      'has passed by as much as is missing',
      clock({ elapsedMs: 6 * HOUR }),
      always,
      like(3 * HOUR),
      monday(7),
    ],
    [
      'is the beginning, where like tickets take longer than is promised',
      clock(),
      always,
      like(99 * HOUR),
      monday(8),
    ],
    [
      'lies in working time',
      clock({ countedAt: monday(12), targetMs: 12 * HOUR }),
      office,
      like(4 * HOUR),
      new Date(Date.UTC(2026, 11, 1, 12)),
    ],
  ])('%s', (_, given, hours, alike, instant) => {
    expect(latestStart(given, hours, alike)).toEqual(instant)
  })

  test('leaves exactly what like tickets take, in working time, whenever that is still to come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 0, max: 100 * 60 }),
        (target, median, minute) => {
          const countedAt = new Date(+monday(0) + minute * 60_000)
          const given = clock({ targetMs: target * HOUR, countedAt })
          const start = latestStart(given, office, like(median * HOUR))
          const left = given.targetMs - workingMs(office, countedAt, start)
          expect(left).toBe(Math.min(target, median || 0) * HOUR)
        },
      ),
    )
  })
})

describe('like tickets', () => {
  const of = (priority: string | null, service_id: string | null, target = 'resolution') => ({
    ...like(HOUR, { priority, service_id }),
    target,
  })
  const asked = { kind: 'incident', priority: 'P2', service_id: 's' }
  it.each([
    ['of the same service and priority come first', [of(null, null), of('P2', null), of('P2', 's')], 2],
    ['of another service are not alike', [of('P2', 'other'), of('P2', null)], 1],
    ['of another priority are not alike', [of('P1', null), of(null, null)], 1],
    ['of another target are not alike', [of('P2', 's', 'response')], -1],
  ])('%s', (_, known, index) => {
    expect(mostAlike(known, asked, 'resolution')).toBe(index < 0 ? undefined : known[index])
  })

  test('the share that took longer falls from all to none', () => {
    const known = like(10)
    expect([-1, 0, 5, 10, 15, 20, 99].map((ms) => shareLonger(known, ms))).toEqual([
      1, 1, 0.75, 0.5, 0.25, 0, 0,
    ])
    expect(shareLonger({ ...known, spread: Array(21).fill(7) }, 6)).toBe(1)
    expect(shareLonger({ ...known, spread: Array(21).fill(7) }, 7)).toBe(0)
  })
})

describe('the reason', () => {
  const asked = { kind: 'incident', priority: 'P2', service_id: null }
  const now = (target: 'response' | 'resolution', target_ms: number, remaining_ms: number) => ({
    target,
    target_ms,
    remaining_ms,
    due_at: monday(12).toISOString(),
  })
  const known = [
    { ...like(2 * HOUR), target: 'resolution' },
    { ...like(HOUR / 2), target: 'response' },
  ]
  it.each([
    [
      'the promise to begin first',
      [now('resolution', 8 * HOUR, 3 * HOUR), now('response', HOUR, HOUR)],
      'Response is due in 1 h; half of 40 like tickets took longer than 30 min, 0 % longer than is left: begin within 30 min.',
    ],
    [
      'too late to begin',
      [now('resolution', 8 * HOUR, HOUR)],
      'Resolution is due in 1 h; half of 40 like tickets took longer than 2 h, 75 % longer than is left: it should have been begun 1 h ago.',
    ],
    ['overdue', [now('resolution', 8 * HOUR, -95 * 60_000)], 'Resolution is overdue by 1 h 35 min.'],
  ])('%s', (_, clocks, words) => {
    expect(explainNext(asked, clocks, known)?.reason).toBe(words)
  })
  test('nothing is known, or nothing runs', () => {
    expect(explainNext(asked, [now('response', HOUR, HOUR)], [])?.reason).toBe(
      'Response is due in 1 h; no like tickets are known to compare with.',
    )
    expect(explainNext(asked, [{ ...now('response', HOUR, HOUR), due_at: null }], known)).toBeNull()
  })
})
