import { expect, test } from 'vitest'
import { limiter } from './limit.ts'

test('a burst of twice the rate, then the rate, each integration for itself', () => {
  let now = 0
  const admit = limiter(() => now)
  const count = (id: string, times: number) =>
    Array.from({ length: times }, () => admit(id, 10)).filter(Boolean).length
  expect(count('a', 100)).toBe(20)
  expect(count('b', 5)).toBe(5)
  now = 500
  expect(count('a', 100)).toBe(5)
  now = 60_000
  expect(count('a', 100)).toBe(20)
})
