import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distanceOf, nearest } from './nearest.ts'

test.each([
  ['printr', ['printer', 'painter', 'print'], ['printer', 'print']],
  ['pritner', ['printer', 'partner', 'winter'], ['printer', 'partner']],
  ['dikc', ['disk', 'dock'], []],
  ['laptpo', ['laptop', 'laptops'], ['laptop']],
])('for %s of %j: %j', (typed, known, meant) => {
  expect(nearest(typed, known)).toEqual(meant)
})

const word = fc.string({ maxLength: 6, unit: fc.constantFrom('a', 'b', 'c') })
test('a distance is the same both ways, and 0 between equals alone', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(distanceOf(a, b)).toBe(distanceOf(b, a))
      expect(distanceOf(a, b) === 0).toBe(a === b)
    }),
    { seed: 7 },
  )
})
