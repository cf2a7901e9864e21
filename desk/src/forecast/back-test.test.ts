import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backTest, type Ended } from './back-test.ts'
import { type Asked, bookOf, likes, oddsOf, type Past, STEPS, stepOf } from './odds.ts'

const MEMORY = 40
const asked: fc.Arbitrary<Asked> = fc.record({
  target: fc.constantFrom('response', 'resolution'),
  kind: fc.constant('incident'),
  priority: fc.constantFrom('P1', 'P2'),
  team_id: fc.constantFrom('a', null),
  service_id: fc.constantFrom('x', null),
})
const ended: fc.Arbitrary<Ended[]> = fc
  .array(
    fc.record({
      was: asked,
      used: fc.double({ min: 0, max: 0.99, noNaN: true }),
      broke: fc.boolean(),
      knownAt: fc.integer({ min: 0, max: 100 }),
      half: fc.option(fc.record({ before: fc.integer({ min: 1, max: 50 }), as: asked })),
    }),
    { maxLength: 40 },
  )
  .map((all) =>
    all.map(({ half, ...one }, n) => ({
      ...one,
      id: String(n),
      half: half && { at: one.knownAt - half.before, as: half.as },
    })),
  )

/** Asks everybody anew for every forecast: who was known then, and belongs to the group. */
function oracle(all: Ended[], at: number, as: Asked) {
  const known = all.filter(({ knownAt }) => knownAt < at && knownAt >= at - MEMORY)
  const past = likes(as).map((like): Past => {
    const group = known.filter(
      ({ was }) =>
        (['target', 'kind', 'priority', 'team_id', 'service_id'] as const).every(
          (facet) => like[facet] === null || was[facet] === like[facet],
        ) && likes(was).length >= likes(as).indexOf(like) + 1,
    )
    const broke = group.filter((one) => one.broke).length
    const survived = Array.from(
      { length: STEPS },
      (_, step) => broke + group.filter((one) => !one.broke && stepOf(one.used) >= step).length,
    )
    return { ...like, broke, survived }
  })
  return oddsOf(bookOf(past), as, 0.5)
}

test('a forecast of the past knows what was known then, and no more', () => {
  fc.assert(
    fc.property(ended, (all) => {
      const halfOf = new Map(all.map(({ id, half }) => [id, half!]))
      for (const { id, at, foretold } of backTest(all, MEMORY))
        expect(foretold).toEqual(oracle(all, at, halfOf.get(id)!.as))
    }),
    { numRuns: 300 },
  )
})

test('its own outcome, or one of the same instant, is never among it', () => {
  const was: Asked = { target: 'response', kind: 'incident', priority: 'P1', team_id: null, service_id: null }
  const one = { was, used: 1, broke: true, knownAt: 10 }
  const made = backTest(
    [
      { ...one, id: 'a', half: { at: 5, as: was } },
      { ...one, id: 'b', half: { at: 10, as: was }, knownAt: 20 },
    ],
    MEMORY,
  )
  expect(made.map(({ foretold }) => foretold.odds)).toEqual([null, null])
})
