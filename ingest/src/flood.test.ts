import { expect, test } from 'vitest'
import { crowd } from './flood.ts'

/** Who floods after a second in which each sent so many, evenly. */
function after(rates: Record<string, number>, pause = 0): string[] {
  let now = 0
  const { came, floods } = crowd(() => now)
  const arrivals = Object.entries(rates).flatMap(([id, rate]) =>
    Array.from({ length: rate }, (_, n) => ({ id, at: (n / rate) * 1_000 })),
  )
  for (const { id, at } of arrivals.toSorted((a, b) => a.at - b.at)) {
    now = at
    came(id)
  }
  now = 1_000 + pause
  return Object.keys(rates).filter(floods)
}

test.each([
  ['twice as many as another', { loud: 200, steady: 100 }, ['loud']],
  ['as many as another', { one: 200, other: 200 }, []],
  ['a few more than another', { one: 220, other: 200 }, []],
  ['more than all others together', { loud: 1_000, a: 200, b: 200, c: 200 }, ['loud']],
  ['the most, and less than the others together', { loud: 400, a: 200, b: 200, c: 200 }, []],
  ['most of very few', { loud: 60, steady: 1 }, []],
  ['alone', { loud: 200 }, ['loud']],
])('%s', (_name, rates: Record<string, number>, flooding) => {
  expect(after(rates)).toEqual(flooding)
})

test('a flood is forgotten within seconds; who never came is none', () => {
  expect(after({ loud: 200, steady: 10 }, 500)).toEqual(['loud'])
  expect(after({ loud: 200, steady: 10 }, 3_000)).toEqual([])
  expect(crowd().floods('nobody')).toBe(false)
})
