import { describe, expect, it } from 'vitest'
import { decodeText } from './decode.ts'

const words = 'SUMMARY:Fête nationale'
const utf16 = (littleEndian: boolean) => {
  const bytes = new DataView(new ArrayBuffer(2 + 2 * words.length))
  bytes.setUint16(0, 0xfeff, littleEndian)
  for (let n = 0; n < words.length; n++) bytes.setUint16(2 + 2 * n, words.charCodeAt(n), littleEndian)
  return new Uint8Array(bytes.buffer)
}

describe('the words of a file', () => {
  it.each([
    ['UTF-8', new TextEncoder().encode(words)],
    ['UTF-8 with its mark', new TextEncoder().encode(`\uFEFF${words}`)],
    ['UTF-16, low byte first', utf16(true)],
    ['UTF-16, high byte first', utf16(false)],
    ['what Windows writes', Uint8Array.from(words, (letter) => letter.charCodeAt(0))],
  ])('are read from %s', (_, bytes) => {
    expect(decodeText(bytes)).toBe(words)
  })

  it('of an empty file are none', () => {
    expect(decodeText(new Uint8Array())).toBe('')
  })
})
