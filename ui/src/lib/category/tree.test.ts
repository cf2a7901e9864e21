import { expect, test } from 'vitest'
import { type Category, findCategories, pathWords, placesFor } from './tree.ts'

const of = (id: string, name: string, path: string[] = [id]): Category => ({
  id,
  key: id,
  name,
  parent_id: path.at(-2) ?? null,
  path,
  team: null,
  position: 0,
  archived: false,
  revision: 1,
})
const tree = [
  of('a', 'Réseau'),
  of('b', 'Wi-Fi', ['a', 'b']),
  of('c', 'Invités', ['a', 'b', 'c']),
  of('d', 'Other'),
]

test('a category is named with what it stands beneath', () => {
  expect(pathWords('c', tree)).toBe('Réseau › Wi-Fi › Invités')
  expect(pathWords('gone', tree)).toBe('')
})

test('it is found by any words of its path, accents aside', () => {
  expect(findCategories('reseau invites', tree).map(({ id }) => id)).toEqual(['c'])
  expect(findCategories('', tree)).toHaveLength(4)
  expect(findCategories('printer', tree)).toEqual([])
})

test('it is offered no place beneath itself', () => {
  expect(placesFor('b', tree).map(({ id }) => id)).toEqual(['a', 'd'])
  expect(placesFor(undefined, tree)).toHaveLength(4)
})
