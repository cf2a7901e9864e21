import { describe, expect, test } from 'vitest'
import { requestOf } from './request.ts'

describe('a pasted request', () => {
  test.each([
    ['JSON', '{"a": "b=c"}', undefined],
    ['a list', ' [1]', undefined],
    ['a form', 'Status=Down&Name=a+b', 'application/x-www-form-urlencoded'],
    ['a multipart form', '--b1\ncontent-disposition: form-data\n', 'multipart/form-data; boundary=b1'],
    ['nothing', '', undefined],
  ])('%s is given the type that it looks like', (_what, body, type) => {
    expect(requestOf(body, '', '').headers['content-type']).toBe(type)
  })

  test('a type that is said is believed', () => {
    expect(requestOf('a=b', 'Content-Type: text/plain', '').headers).toEqual({ 'content-type': 'text/plain' })
  })

  test('headers come as they are written down, and the request line is none', () => {
    const lines = [
      'POST /v1/sentry/KEY HTTP/1.1',
      'Sentry-Hook-Resource: issue',
      '> X-Request-Id:  7',
      `-H 'Content-Type: application/json' \\`,
      'no header',
    ].join('\n')
    expect(requestOf('{}', lines, '').headers).toEqual({
      'sentry-hook-resource': 'issue',
      'x-request-id': '7',
      'content-type': 'application/json',
    })
  })

  test('a multipart form has whole line ends again', () => {
    expect(requestOf('--b\nx\r\n--b--', '', '').body).toBe('--b\r\nx\r\n--b--')
  })

  test('an address is sent where there is one', () => {
    expect(requestOf('', '', ' ?monitorID=1 ')).toMatchObject({ path: '?monitorID=1' })
    expect(requestOf('', '', ' ')).not.toHaveProperty('path')
  })
})
