import { expect, it } from 'vitest'
import { nextStep, placeOf, type Policy } from './advance.ts'

const now = new Date('2026-11-22T03:00:00Z')
const policy = (repeats: number, ...waits: number[]): Policy => ({
  repeats,
  steps: waits.map((wait_ms) => ({ wait_ms, targets: [] })),
})
const MINUTE = 60_000

it.each<[string, Policy, number, boolean, [position: number, minutes: number] | undefined]>([
  ['waits as the next step says', policy(0, 0, 5 * MINUTE), 0, true, [1, 5]],
  ['goes on at once when nobody was found', policy(0, 0, 5 * MINUTE), 0, false, [1, 0]],
  ['ends after the last step', policy(0, 0, 5 * MINUTE), 1, true, undefined],
  ['ends after the last step also when it found nobody', policy(0, 0), 0, false, undefined],
  ['repeats after the last step’s wait', policy(1, 0, 5 * MINUTE), 1, true, [2, 5]],
  ['repeats after the first step’s wait where that is longer', policy(1, 9 * MINUTE, 0), 1, true, [2, 9]],
  ['leaves a minute at least before a repeat', policy(1, 0), 0, true, [1, 1]],
  ['leaves it also when nobody was found, so that it cannot spin', policy(9, 0, 0), 1, false, [2, 1]],
  ['ends after the last repeat', policy(1, 0, 5 * MINUTE), 3, true, undefined],
])('%s', (_, given, position, found, expected) => {
  const next = nextStep(given, position, found, now)
  expect(next && [next.position, (next.dueAt.getTime() - now.getTime()) / MINUTE]).toEqual(expected)
})

it('knows round and step of a position', () => {
  expect([0, 1, 2, 5].map((position) => placeOf(policy(2, 0, 0), position))).toEqual([
    { round: 0, index: 0 },
    { round: 0, index: 1 },
    { round: 1, index: 0 },
    { round: 2, index: 1 },
  ])
})
