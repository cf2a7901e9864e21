import { describe, expect, test } from 'vitest'
import { Malformed, parseJson } from './parse.ts'

const read = (text: string) => parseJson(Buffer.from(text))

describe('parseJson', () => {
  test.each<[string, string, unknown]>([
    ['a byte order mark is skipped', '\ufeff{"a":1}', { a: 1 }],
    ['an integer beyond 2^53 is its text', '{"id":1234567890123456789}', { id: '1234567890123456789' }],
    ['a negative one too', '[-9007199254740993]', ['-9007199254740993']],
    ['digits in a string stay a string', '{"a":"1234567890123456789"}', { a: '1234567890123456789' }],
    ['a long fraction stays a number', '[0.12345678901234566]', [0.12345678901234566]],
    ['the last of two equal keys wins', '{"a":1,"a":2}', { a: 2 }],
    ['64 levels are taken', '['.repeat(64) + ']'.repeat(64), JSON.parse('['.repeat(64) + ']'.repeat(64))],
    [
      'brackets in strings do not nest',
      JSON.stringify({ a: '[{'.repeat(100) + '\\"' }),
      { a: '[{'.repeat(100) + '\\"' },
    ],
  ])('%s', (_name, text, expected) => {
    expect(read(text)).toEqual({ payload: expected, flags: [] })
  })

  test('__proto__ is data', () => {
    const { payload } = read('{"__proto__":{"admin":true},"x":"\\u0000"}')
    expect(Object.keys(payload as object)).toEqual(['__proto__', 'x'])
    expect((payload as { admin?: boolean }).admin).toBeUndefined()
  })

  test.each([
    ['NUL', '{"a\\u0000":"b\\u0000c"}', { 'a\ufffd': 'b\ufffdc' }],
    ['a lone surrogate', '["\\ud83d!"]', ['\ufffd!']],
  ])('%s is replaced and flagged', (_name, text, expected) => {
    expect(read(text)).toEqual({ payload: expected, flags: ['text-replaced'] })
  })

  test('a whole pair of surrogates is a character', () => {
    expect(read('["\\ud83d\\ude00"]')).toEqual({ payload: ['😀'], flags: [] })
  })

  test.each([
    ['nesting beyond 64', Buffer.from('['.repeat(500_000) + ']'.repeat(500_000)), /deeper than 64/],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22]), /UTF-8/],
    ['1e400', Buffer.from('[1e400]'), /too large/],
    ['400 digits', Buffer.from(`[${'9'.repeat(400)}]`), /too large/],
    ['what is not JSON', Buffer.from('status=firing'), /not JSON/],
    ['nothing', Buffer.alloc(0), /not JSON/],
  ])('%s is refused', (_name, bytes, words) => {
    expect(() => parseJson(bytes)).toThrow(Malformed)
    expect(() => parseJson(bytes)).toThrow(words)
  })
})
