import { expect, it } from 'vitest'
import { backoffMs, MOST_ATTEMPTS } from './retry.ts'

it('doubles from 5 s to 5 min, half of it by chance, and gives up in the end', () => {
  const most = Array.from({ length: MOST_ATTEMPTS }, (_, index) => backoffMs(index + 1, 1))
  expect(most).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000, undefined])
  expect(backoffMs(1, 0)).toBe(2_500)
})
