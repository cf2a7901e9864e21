import { expect, test } from 'vitest'
import { gathering } from './gather.ts'

test('batches of one are so far apart; others, and whoever comes after a pause, begin at once', () => {
  let now = 1_000
  const { begins, rest } = gathering(() => now)
  expect(rest()).toBe(Infinity)
  expect(begins('loud')).toBe(true)
  now += 10
  expect([begins('loud'), begins('quiet'), rest()]).toEqual([false, true, 15])
  now += 14.5
  expect([begins('loud'), rest()]).toEqual([false, 1])
  now += 0.5
  expect([begins('loud'), begins('quiet')]).toEqual([true, false])
  now += 60
  expect(rest()).toBe(Infinity)
  expect([begins('quiet'), rest()]).toEqual([true, 25])
})

test('who has sent without a pause for a second is gathered for longer, until it pauses', () => {
  let now = 1_000
  const { begins, rest } = gathering(() => now)
  for (const end = now + 1_000; now < end; now += 25) expect(begins('loud')).toBe(true)
  expect([begins('loud'), rest()]).toEqual([true, 100])
  now += 99
  expect([begins('loud'), begins('quiet')]).toEqual([false, true])
  now += 1
  expect([begins('loud'), rest()]).toEqual([true, 24])
  now += 200
  expect([begins('loud'), rest()]).toEqual([true, 25])
})
