import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calmAt, changePercent, type Flap, passTime, SLOT_MS, takeState } from './flapping.ts'

const limits = { low: 20, high: 30 }
const bits = (text: string) => Number.parseInt(text, 2)

/** The published formula, on a list of states, oldest first. */
function published(states: boolean[]): number {
  let sum = 0
  for (let i = 0; i < 20; i++) if (states[i] !== states[i + 1]) sum += 0.75 + (i * 0.5) / 19
  return (100 * sum) / 20
}

describe('flapping', () => {
  test.each([
    ['never changed', '000000000000000000000', 0],
    ['always firing', '111111111111111111111', 0],
    ['changed just now', '000000000000000000001', 6.25],
    ['changed at the very beginning', '011111111111111111111', 3.75],
    ['changed every time', '010101010101010101010', 100],
  ])('%s', (_name, states, percent) => {
    expect(changePercent(bits(states))).toBeCloseTo(percent, 10)
  })

  test('equals the published formula over any history', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 21, maxLength: 21 }), (states) => {
        const packed = states.reduce((sum, fires) => sum * 2 + (fires ? 1 : 0), 0)
        expect(changePercent(packed)).toBeCloseTo(published(states), 9)
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  test('quiet time equals the last state sent again in every slot', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ fires: fc.boolean(), gap: fc.integer({ min: 0, max: 5 }) }), { maxLength: 40 }),
        (news) => {
          let flap: Flap | null = null
          const slow: boolean[] = Array.from({ length: 21 }, () => false)
          let now = 0
          for (const { fires, gap } of news) {
            now += gap * SLOT_MS
            if (flap) for (let slot = 0; slot < gap; slot++) slow.push(slow.at(-1)!)
            flap = takeState(flap, fires, now, limits)
            slow.push(fires)
            expect(changePercent(flap.states)).toBeCloseTo(published(slow.slice(-21)), 9)
          }
        },
      ),
      { seed: 8, numRuns: 300 },
    )
  })

  test('begins at the high limit, and ends only at the low one', () => {
    let flap: Flap | null = null
    const on: boolean[] = []
    for (let index = 0; index < 8; index++) {
      flap = takeState(flap, index % 2 === 0, index * 1_000, limits)
      on.push(flap.on)
    }
    expect(on).toEqual([false, false, false, false, false, true, true, true])
    const calm = calmAt(flap!, limits)
    expect(passTime(flap!, calm - 1, limits).on).toBe(true)
    expect(passTime(flap!, calm, limits).on).toBe(false)
    expect(changePercent(passTime(flap!, calm - SLOT_MS, limits).states)).toBeGreaterThan(20)
  })

  test('without limits nothing flaps', () => {
    let flap: Flap | null = null
    for (let index = 0; index < 30; index++) flap = takeState(flap, index % 2 === 0, index, null)
    expect(flap!.on).toBe(false)
  })
})
