import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type Asked, bookOf, oddsOf, type Past, STEPS, stepOf, toldBy } from './odds.ts'

const asked: Asked = {
  target: 'resolution',
  kind: 'incident',
  priority: 'P2',
  team_id: 'net',
  service_id: 'vpn',
}
/** `met` ended evenly along the target, `broke` after it. */
const past = (met: number, broke: number, of: Partial<Past> = {}): Past => ({
  target: 'resolution',
  kind: 'incident',
  priority: null,
  team_id: null,
  service_id: null,
  broke,
  survived: Array.from({ length: STEPS }, (_, step) => Math.round((met * (STEPS - step)) / STEPS) + broke),
  ...of,
})
const odds = (known: Past[], used = 0, of: Partial<Asked> = {}) =>
  oddsOf(bookOf(known), { ...asked, ...of }, used)
const P2 = { priority: 'P2' }
const NET = { ...P2, team_id: 'net' }
const VPN = { ...NET, service_id: 'vpn' }

describe('the odds of a breach', () => {
  it.each<[string, Past[], number, number | null, [number, number] | null]>([
    ['nothing is known', [], 0, null, null],
    ['of another kind nothing is learnt', [past(90, 10, { kind: 'request' })], 0, null, null],
    ['of another target neither', [past(90, 10, { target: 'response' })], 0, null, null],
    [
      'all like tickets were done by then',
      [past(0, 0, { survived: [9, 9, ...Array<number>(18).fill(0)] })],
      0.5,
      null,
      null,
    ],
    ['the share that broke, a little towards the middle', [past(90, 10)], 0, 10.5 / 101, [10, 100]],
    ['of those still open at half', [past(90, 10)], 0.5, 10.5 / 56, [10, 55]],
    ['nobody was ever late', [past(99, 0)], 0, 0.5 / 100, [0, 99]],
    ['everybody always is', [past(0, 99)], 0, 99.5 / 100, [99, 99]],
    [
      'a narrow group corrects the wide one',
      [past(90, 10), past(10, 30, P2)],
      0,
      (30 + 20 * (10.5 / 101)) / 60,
      [30, 40],
    ],
    [
      'by little where it is small, and does not tell',
      [past(90, 10), past(0, 2, P2)],
      0,
      (2 + 20 * (10.5 / 101)) / 22,
      [10, 100],
    ],
    [
      'down to its own service',
      [past(90, 10), past(40, 10, P2), past(20, 10, NET), past(10, 10, VPN)],
      0,
      (10 + 20 * ((10 + 20 * ((10 + 20 * (10.5 / 101)) / 70)) / 50)) / 40,
      [10, 20],
    ],
    [
      'another service says nothing of it',
      [past(90, 10), past(0, 50, { ...NET, service_id: 'mail' })],
      0,
      10.5 / 101,
      [10, 100],
    ],
  ])('%s', (_, known, used, wanted, told) => {
    const { odds: p, groups } = odds(known, used)
    if (wanted === null) expect(p).toBeNull()
    else expect(p).toBeCloseTo(wanted, 12)
    const by = toldBy(groups)
    expect(by && [by.broke, by.n]).toEqual(told)
  })

  it('goes by kind and priority alone where no team has it', () => {
    const known = [past(90, 10), past(40, 10, P2), past(0, 50, NET)]
    expect(odds(known, 0, { team_id: null }).groups).toHaveLength(2)
  })

  it('counts whoever was open at the step that lies behind', () => {
    expect([-1, 0, 0.049, 0.05, 0.15, 0.999, 1, 7].map(stepOf)).toEqual([0, 0, 0, 1, 3, 19, 19, 19])
  })
})

const group = (of: Partial<Past>) =>
  fc
    .tuple(fc.array(fc.integer({ min: 0, max: STEPS - 1 }), { maxLength: 60 }), fc.nat({ max: 40 }))
    .map(([met, broke]) => ({
      ...past(0, 0, of),
      broke,
      survived: Array.from(
        { length: STEPS },
        (_, step) => met.filter((reached) => reached >= step).length + broke,
      ),
    }))
const known = fc.tuple(group({}), group(P2), group(NET), group(VPN))

test('odds lie between 0 and 1, and never fall as more of the target is used', () => {
  fc.assert(
    fc.property(known, (groups) => {
      const along = Array.from({ length: 101 }, (_, percent) => odds(groups, percent / 100).odds)
      let before = 0
      for (const p of along) {
        if (p === null) continue
        expect(p).toBeGreaterThan(0)
        expect(p).toBeLessThan(1)
        expect(p).toBeGreaterThanOrEqual(before - 1e-12)
        before = p
      }
    }),
  )
})

test('they lie between what the groups say, and follow the narrowest when it grows', () => {
  fc.assert(
    fc.property(known, fc.double({ min: 0, max: 1, noNaN: true }), (groups, used) => {
      const { odds: p, groups: told } = odds(groups, used)
      if (p === null) return expect(told).toEqual([])
      const shares = told.map(({ n, broke }) => broke / n)
      const first = (told[0]!.broke + 0.5) / (told[0]!.n + 1)
      expect(p).toBeGreaterThanOrEqual(Math.min(first, ...shares.slice(1)) - 1e-12)
      expect(p).toBeLessThanOrEqual(Math.max(first, ...shares.slice(1)) + 1e-12)
      for (const { n, broke } of told) expect(broke).toBeLessThanOrEqual(n)
    }),
  )
  const many = odds([past(0, 100), past(1_000_000, 0, P2)], 0).odds
  expect(many).toBeLessThan(0.001)
})
