import { describe, expect, it } from 'vitest'
import { isNamed, ownWords } from './mention.ts'

describe('a message', () => {
  it.each([
    ['@Ann Lee, have a look', true],
    ['please (@Ann Lee)', true],
    ['@Ann Leeds knows', false],
    ['mail ann@Ann Lee', false],
    ['@ann lee', false],
    ['> @Ann Lee wrote', false],
    ['  > @Ann Lee wrote\nfine', false],
    ['> @Ann Lee wrote\n@Ann Lee: yes', true],
    ['`@Ann Lee`', false],
    ['```\n@Ann Lee\n```\nok', false],
    ['```\n@Ann Lee', false],
    ['```\nx\n```\n@Ann Lee', true],
  ])('%j names her: %s', (body, named) => expect(isNamed(ownWords(body), 'Ann Lee')).toBe(named))

  it('takes a name as it is written, not as a pattern', () => {
    expect(isNamed('@A. (B) x', 'A. (B)')).toBe(true)
    expect(isNamed('@Axx(B)', 'A. (B)')).toBe(false)
  })
})
