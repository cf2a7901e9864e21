import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plain, quoted } from './markdown.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '#',
        ' ',
        '\n',
        '\r',
        '\u2028',
        '\u202e',
        '<script>',
        '![x](http://a.b)',
        '`',
        '\\',
        '| a |',
        '---',
        '1. ',
      ),
    )
    .map((parts) => parts.join('')),
)
const escapesGone = (text: string) => text.replaceAll(/\\([!-/:-@[-`{-~])/g, '')

describe('text of people in Markdown', () => {
  test.each([
    ['# Heading', String.raw`\# Heading`],
    ['[a](http://b.c)', String.raw`\[a\]\(http\://b\.c\)`],
    ['<img src=x onerror=alert(1)>', String.raw`\<img src\=x onerror\=alert\(1\)\>`],
    ['a\nb\u202ec', 'a b c'],
    ['\\', '\\\\'],
  ])('%j is inert', (text, written) => {
    expect(plain(text)).toBe(written)
  })

  test('stays on its line, keeps its words, and no sign of it is left that could begin something', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const written = plain(text)
        expect(written).not.toMatch(/[\n\r\u2028\u2029\u202a-\u202e]/)
        expect(escapesGone(written)).not.toMatch(/[!#&()*+.:<=>@[\]^_`{|}~\\-]/)
        const words = (of: string) => of.match(/[\p{L}\p{N}]+/gu) ?? []
        expect(words(written)).toEqual(words(text))
      }),
      { seed: 41, numRuns: 500 },
    )
  })

  test('every line of a quotation is one', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const line of quoted(text).split('\n')) expect(line).toMatch(/^>/)
      }),
      { seed: 42, numRuns: 500 },
    )
  })
})
