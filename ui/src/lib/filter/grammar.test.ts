import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Filter, facetNames, joined, parseFilter, printFilter, printSearch, toggled } from './grammar.ts'

const value = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() === text)
const word = fc.stringMatching(/^[a-zA-Z0-9%.-]{1,8}$/)
const facets = fc
  .uniqueArray(fc.constantFrom(...facetNames))
  .chain((names) =>
    fc.record(
      Object.fromEntries(names.map((name) => [name, fc.uniqueArray(value, { minLength: 1, maxLength: 3 })])),
    ),
  )
const filter: fc.Arbitrary<Filter> = fc.record({
  facets,
  without: facets.map((some) => (Object.keys(some).length > 0 ? some : undefined)),
  words: fc.array(word, { maxLength: 4 }).map((words) => words.join(' ')),
})

describe('the filter that people type', () => {
  test('reads facets, alternatives, quotes and words in any order', () => {
    expect(parseFilter('disk priority:P1,P2 team:"Service desk" full PRIORITY:P3')).toEqual({
      facets: { priority: ['P1', 'P2', 'P3'], team: ['Service desk'] },
      words: 'disk full',
    })
  })

  test.each([
    'colour:red',
    'priority:',
    'https://a.b/c',
    ':',
    '"open quote',
    'team:"',
    'a "b',
    '"disk priority:P1 full"',
    '-"a b" -c',
    '-colour:red',
  ])('takes %s as words to search for', (text) => {
    expect(parseFilter(text)).toEqual({ facets: {}, words: text })
  })

  test('is read again as it was written', () => {
    fc.assert(
      fc.property(filter, (made) => {
        expect(parseFilter(printFilter(made))).toEqual(made)
      }),
      { seed: 11, numRuns: 500 },
    )
  })

  test('never fails, whatever is typed, and its own writing is stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = printFilter(parseFilter(text))
        expect(printFilter(parseFilter(once))).toBe(once)
      }),
      { seed: 12, numRuns: 500 },
    )
  })

  test('reads what is behind a minus, and prints for the desk what it reads itself', () => {
    const read = parseFilter('disk -team:"Service desk",none priority:P1 -priority:P5 -full')
    expect(read).toEqual({
      facets: { priority: ['P1'] },
      without: { team: ['Service desk', 'none'], priority: ['P5'] },
      words: 'disk -full',
    })
    expect(printSearch(read)).toBe('-priority:P5 -team:"Service desk",none disk -full')
    expect(printFilter(toggled(read, 'priority', 'P5', true))).toBe(
      'priority:P1 -team:"Service desk",none disk -full',
    )
    const more = parseFilter('sla:breached priority:P2 -tag:vpn lamp')
    expect(printFilter(joined({ ...read, facets: { ...read.facets, sla: ['at_risk'] } }, more))).toBe(
      'priority:P1,P2 sla:breached -priority:P5 -team:"Service desk",none -tag:vpn lamp',
    )
  })

  test('switches a value on and off', () => {
    const on = toggled({ facets: {}, words: 'disk' }, 'state', 'new')
    expect(printFilter(on)).toBe('state:new disk')
    expect(printFilter(toggled(on, 'state', 'new'))).toBe('disk')
  })
})
