import { expect, it } from 'vitest'
import { createChance } from './chance.ts'

const story = (seed: number) => {
  const chance = createChance(seed)
  return Array.from({ length: 50 }, () => [
    chance.id(1_700_000_000_000),
    chance.around(10, 1),
    chance.between(1, 6),
  ])
}

it('tells one story from one seed, and another from another', () => {
  expect(story(7)).toEqual(story(7))
  expect(story(7)).not.toEqual(story(8))
})

it('mints UUIDs of version 7 that carry their instant', () => {
  expect(createChance(1).id(Date.parse('2026-01-05T10:00:00Z'))).toMatch(
    /^019b8d99-6900-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
})

it('picks by weight', () => {
  const chance = createChance(3)
  const picks = Array.from({ length: 4000 }, () =>
    chance.weigh([
      ['often', 3],
      ['seldom', 1],
    ]),
  )
  expect(picks.filter((pick) => pick === 'often').length / 4000).toBeCloseTo(0.75, 1)
})
