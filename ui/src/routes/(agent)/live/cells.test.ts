import { expect, test } from 'vitest'
import { parseFilter } from '#lib/filter/grammar.ts'
import { ageFacet, queueOf, rowsBy, sumOf } from './cells.ts'
import type { OpenCell } from './types.ts'

const bounds = ['4h', '1d', '3d']
const team = { id: 'a', name: 'Service desk' }
const cell = (over: Partial<OpenCell>): OpenCell => ({
  state: 'new',
  priority: 'P2',
  team,
  age: 0,
  count: 1,
  ...over,
})
const filterOf = (href: string) => parseFilter(new URL(href, 'http://desk').searchParams.get('f')!).facets

test('a bucket of age has the bounds that the queue filters by', () => {
  expect([0, 1, 2, 3].map((age) => ageFacet(age, bounds))).toEqual([
    ['<4h'],
    ['>4h', '<1d'],
    ['>1d', '<3d'],
    ['>3d'],
  ])
})

test('a cell leads to the queue that holds what it counts', () => {
  expect(filterOf(queueOf({ team, priority: 'P1', age: 1 }, bounds))).toEqual({
    state: ['open'],
    priority: ['P1'],
    team: ['Service desk'],
    age: ['>4h', '<1d'],
  })
  expect(filterOf(queueOf({ state: 'pending', team: null }, bounds))).toEqual({
    state: ['pending'],
    team: ['none'],
  })
})

test('rows add up to what there is, the fullest first; ages in their order', () => {
  const cells = [
    cell({ count: 2, age: 3 }),
    cell({ count: 5, team: null, priority: 'P1' }),
    cell({ state: 'pending' }),
  ]
  const byTeam = rowsBy(cells, 'team')
  expect(byTeam.map(({ key, sum, counts }) => [key, sum, counts.P1, counts.P2])).toEqual([
    ['', 5, 5, 0],
    ['a', 3, 0, 3],
  ])
  expect(rowsBy(cells, 'age').map(({ key }) => key)).toEqual(['0', '3'])
  for (const by of ['team', 'state', 'age'] as const)
    expect(rowsBy(cells, by).reduce((sum, row) => sum + row.sum, 0)).toBe(sumOf(cells))
})
