import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseTag } from './name.ts'

describe('a tag', () => {
  it.each([
    ['VPN', 'vpn'],
    ['  Remote   Access ', 'remote-access'],
    ['#réseau', 'réseau'],
    ['black friday!', 'black-friday'],
    ['release/2026.11', 'release/2026.11'],
    ['— x —', 'x'],
  ])('%j is kept as %j', (typed, kept) => expect(normaliseTag(typed)).toBe(kept))

  it.each(['', '   ', '!!!', '#', 'x'.repeat(41)])('%j is none', (typed) =>
    expect(() => normaliseTag(typed)).toThrow('letters or digits'),
  )

  it('stays as it is once it is kept', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (typed) => {
        let kept: string
        try {
          kept = normaliseTag(typed)
        } catch {
          return
        }
        expect(normaliseTag(kept)).toBe(kept)
      }),
      { seed: 5, numRuns: 2000 },
    )
  })
})
