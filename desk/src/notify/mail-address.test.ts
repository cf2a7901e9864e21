import { describe, expect, it } from 'vitest'
import { headerText, isMailAddress } from './mail-address.ts'

describe('a mail address', () => {
  it.each(['ada@example.test', 'a.b+c@sub.example.org', 'root@localhost'])('%s is one', (address) => {
    expect(isMailAddress(address)).toBe(true)
  })
  it.each([
    'ada@example.test\r\nBcc: eve@evil.test',
    '"ada@evil.test x"@example.test',
    'ada(comment)@example.test',
    'ada@example.test, eve@evil.test',
    'Ada <ada@example.test>',
    'ada@[127.0.0.1]',
    'ada@@example.test',
    '.ada@example.test',
    'ada@example',
    `${'a'.repeat(250)}@example.test`,
    '',
  ])('%j is not', (address) => {
    expect(isMailAddress(address)).toBe(false)
  })
})

it('keeps a header value on one line', () => {
  expect(headerText('disk full\r\nBcc: eve@evil.test\u2028x\u0000')).toBe('disk full Bcc: eve@evil.test x')
})
