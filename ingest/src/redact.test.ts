import { expect, test } from 'vitest'
import { redactBody, redactText } from './redact.ts'

const adapter = { secretFields: ['access_token', 'service_key'] }

test.each([
  [
    'a secret, however deep',
    '{"a":{"access_token": "abc"},"b":1}',
    '{"a":{"access_token": "[redacted]"},"b":1}',
  ],
  ['one with quotes in it', String.raw`{"access_token":"a\"b","c":2}`, '{"access_token":"[redacted]","c":2}'],
  ['a number', '{"service_key":12e3,"c":2}', '{"service_key":"[redacted]","c":2}'],
  ['one cut off', '{"service_key":"abc', '{"service_key":"[redacted]"'],
  ['its name as a value', '{"c":"access_token"}', '{"c":"access_token"}'],
  ['one in a form', 'a=1&access_token=abc&b=2', 'a=1&access_token=[redacted]&b=2'],
  ['no value', '{"access_token":null}', '{"access_token":null}'],
])('%s', (_name, text, kept) => {
  expect(redactText(adapter, text)).toBe(kept)
})

test('bytes that are no text stay what they are', () => {
  const bytes = Buffer.concat([Buffer.from('{"access_token":"abc","x":"'), Buffer.from([0xff, 0x00, 0xe9])])
  expect(redactBody(adapter, bytes).subarray(-3)).toEqual(Buffer.from([0xff, 0x00, 0xe9]))
  expect(redactBody(adapter, bytes).toString('latin1')).not.toContain('abc')
})
