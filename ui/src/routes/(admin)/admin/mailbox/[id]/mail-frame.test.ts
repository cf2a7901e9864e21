import { expect, it } from 'vitest'
import { mailFrame } from './mail-frame.ts'

it('puts the policy before everything that the mail says', () => {
  const document = mailFrame(
    '<!doctype html><html><head><meta charset="utf-8"></head><body>hello</body></html>',
  )
  expect(document.indexOf('Content-Security-Policy')).toBeLessThan(document.indexOf('charset'))
  expect(document).toMatch(
    /^<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none';/,
  )
  expect(document).not.toMatch(/https?:/)
})
