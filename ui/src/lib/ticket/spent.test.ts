import { expect, it } from 'vitest'
import { lengthOf, minutesIn } from './spent.ts'

it.each<[string, number | undefined]>([
  ['45', 45],
  ['45m', 45],
  [' 45 min ', 45],
  ['1h', 60],
  ['1h 30m', 90],
  ['1h30', 90],
  ['1:30', 90],
  ['0:05', 5],
  ['1.5h', 90],
  ['1,5 h', 90],
  ['24h', 1440],
  ['24h 1m', undefined],
  ['1441', undefined],
  ['0', undefined],
  ['-5', undefined],
  ['', undefined],
  ['soon', undefined],
  ['1h h', undefined],
])('%s', (said, minutes) => {
  expect(minutesIn(said)).toBe(minutes)
})

it('reads back what it wrote', () => {
  for (let minutes = 1; minutes <= 1440; minutes++) expect(minutesIn(lengthOf(minutes))).toBe(minutes)
})
