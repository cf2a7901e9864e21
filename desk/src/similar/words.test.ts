import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weighWords } from './words.ts'

const MILLION = 1_000_000

describe('words of a title', () => {
  it('count the more the rarer they are, and not at all where everybody says them', () => {
    const heard = [
      { word: 'disk', share: 0.02 },
      { word: 'the', share: 0.6 },
      { word: 'postgresql', share: 0.0004 },
      { word: '92', share: 0.0004 },
      { word: 'on', share: 0.0001 },
      { word: '404', share: 0.0004 },
    ]
    const { words, rare } = weighWords(heard, MILLION)
    expect(words.map(({ word }) => word)).toEqual(['postgresql', '404', 'disk'])
    expect(words[0]!.weight).toBeGreaterThan(words[2]!.weight)
    expect(words[1]!.weight).toBeLessThan(words[0]!.weight)
    expect(rare).toEqual(['postgresql', '404'])
  })

  it('are never looked up in more tickets than are read at any size', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            word: fc.stringMatching(/^[a-z]{3,9}$/),
            share: fc.double({ min: 0, max: 1, noNaN: true }),
          }),
        ),
        fc.nat(5_000_000),
        (heard, tickets) => {
          const { words, rare } = weighWords(heard, tickets)
          const shareOf = new Map(heard.map(({ word, share }) => [word, share]))
          expect(words.length).toBeLessThanOrEqual(12)
          if (new Set(heard.map(({ word }) => word)).size < heard.length) return
          expect(rare.reduce((sum, word) => sum + shareOf.get(word)! * tickets, 0)).toBeLessThanOrEqual(1500)
          for (const word of rare) expect(words.some((one) => one.word === word)).toBe(true)
        },
      ),
    )
  })
})
