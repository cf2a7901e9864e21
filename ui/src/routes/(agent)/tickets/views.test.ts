import { parseFilter } from '#lib/filter/grammar.ts'
import { expect, test } from 'vitest'
import { sortOf } from './views.ts'

test.each([
  ['state:open', undefined, 'next'],
  ['state:open team:mine', undefined, 'next'],
  ['state:new,pending', undefined, 'next'],
  ['state:open', 'priority', 'priority'],
  ['state:open', 'no such', 'next'],
  ['state:resolved', undefined, '-updated'],
  ['state:resolved,closed disk', undefined, '-updated'],
  ['state:open,closed', undefined, 'due'],
  ['disk full', undefined, '-created'],
  ['state:open disk full', undefined, 'next'],
  ['', undefined, 'due'],
  // Only open tickets have an order of what is next; a filter without states is narrowed to them.
  ['state:resolved', 'next', '-updated'],
  ['state:open,closed', 'next', 'due'],
  ['disk full', 'next', 'next'],
])('“%s”, asked for %s, is listed by %s', (typed, asked, sort) => {
  expect(sortOf(parseFilter(typed), asked)).toBe(sort)
})
