import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { scoreOf, type Sums } from './score.ts'

interface Forecast {
  odds: number
  broke: boolean
}
/** Added up as the record's own statement does. */
const sumsOf = (forecasts: readonly Forecast[]): Sums[] =>
  [...Map.groupBy(forecasts, ({ odds }) => Math.min(9, Math.floor(odds * 10)))].map(([bin, held]) => ({
    bin,
    n: held.length,
    odds: held.reduce((sum, { odds }) => sum + odds, 0),
    squares: held.reduce((sum, { odds }) => sum + odds * odds, 0),
    broke: held.filter(({ broke }) => broke).length,
    hit: held.reduce((sum, { odds, broke }) => sum + (broke ? odds : 0), 0),
  }))
const times = (count: number, odds: number, broke: boolean) => Array<Forecast>(count).fill({ odds, broke })

describe('how well the odds have held', () => {
  it('says nothing of nothing', () => {
    expect(scoreOf([])).toMatchObject({ n: 0, brier: null, skill: null, few: true, bins: [] })
  })
  it.each<[string, Forecast[], number, number | null]>([
    ['perfect', [...times(30, 1, true), ...times(30, 0, false)], 0, 1],
    ['a coin', [...times(30, 0.5, true), ...times(30, 0.5, false)], 0.25, 0],
    ['the wrong way round', [...times(30, 0, true), ...times(30, 1, false)], 1, -3],
    ['always the base rate is no skill', [...times(10, 0.1, true), ...times(90, 0.1, false)], 0.09, 0],
    ['all ended alike: nothing to be better than', times(50, 0.2, false), 0.04, null],
  ])('%s', (_, forecasts, brier, skill) => {
    const score = scoreOf(sumsOf(forecasts))
    expect(score.brier).toBeCloseTo(brier, 12)
    if (skill === null) expect(score.skill).toBeNull()
    else expect(score.skill).toBeCloseTo(skill, 12)
  })
  it('is honest about few', () => {
    expect(scoreOf(sumsOf(times(29, 0.5, true))).few).toBe(true)
    expect(scoreOf(sumsOf(times(30, 0.5, true))).few).toBe(false)
    const [bin] = scoreOf(sumsOf(times(3, 0.5, true))).bins
    expect(bin).toMatchObject({ from: 0.5, n: 3, foretold: 0.5, happened: 1, high: 1 })
    expect(bin!.low).toBeLessThan(0.5)
  })
})

test('equals what one by one would give', () => {
  const forecast = fc.record({ odds: fc.double({ min: 0, max: 1, noNaN: true }), broke: fc.boolean() })
  fc.assert(
    fc.property(fc.array(forecast, { minLength: 1, maxLength: 200 }), (all) => {
      const score = scoreOf(sumsOf(all))
      const slow = all.reduce((sum, { odds, broke }) => sum + (odds - (broke ? 1 : 0)) ** 2, 0) / all.length
      expect(score.brier).toBeCloseTo(slow, 9)
      expect(score.bins.reduce((sum, { n }) => sum + n, 0)).toBe(all.length)
      for (const { from, to, foretold, happened, low, high } of score.bins) {
        expect(foretold).toBeGreaterThanOrEqual(from - 1e-9)
        expect(foretold).toBeLessThanOrEqual(to + 1e-9)
        expect(low).toBeLessThanOrEqual(happened + 1e-9)
        expect(high).toBeGreaterThanOrEqual(happened - 1e-9)
      }
    }),
  )
})
