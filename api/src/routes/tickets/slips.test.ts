import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distanceOf, slipsFrom } from './slips.ts'

test.each([
  ['printr', 'printer', 1],
  ['pritner', 'printer', 1],
  ['pritner', 'partner', 2],
  ['dikc', 'dock', undefined],
  ['dsik', 'disk', 1],
  ['laptpo', 'laptops', 2],
  ['laptpo', 'laptpo', undefined],
])('from %s to %s: %s', (typed, known, slips) => {
  expect(slipsFrom(typed, known)).toBe(slips)
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
