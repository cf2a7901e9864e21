import { describe, expect, test } from 'vitest'
import { createLog, loggableUrl } from './log.ts'

test.each([
  ['/v1/alertmanager/tk_abc', '/v1/alertmanager/[redacted]'],
  ['/v1/prometheus/tk_abc/api/v2/alerts', '/v1/prometheus/[redacted]/api/v2/alerts'],
  ['/api/v1/tickets?q=disk&state=new', '/api/v1/tickets?q=disk&state=new'],
  ['/x?api_key=abc&q=1&Token=t', '/x?api_key=[redacted]&q=1&Token=[redacted]'],
])('%s is logged as %s', (url, expected) => {
  expect(loggableUrl(url)).toBe(expected)
})

describe('a log line', () => {
  test('has the process name and no secret', () => {
    const lines: string[] = []
    const log = createLog('api', 'info', { write: (line) => lines.push(line) })
    log.info({ headers: { authorization: 'Bearer hush', cookie: 'hush' }, password: 'hush' }, 'seen')
    log.info({ request: { headers: { 'x-api-key': 'hush', accept: 'text/html' } } }, 'seen')
    expect(lines.join('')).not.toContain('hush')
    expect(JSON.parse(lines[1] ?? '{}')).toMatchObject({
      name: 'api',
      msg: 'seen',
      request: { headers: { accept: 'text/html' } },
    })
  })
})
