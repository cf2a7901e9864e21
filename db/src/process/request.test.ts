import { Hono } from 'hono'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { acceptedRequestId, observeRequests, type RequestVariables } from './request.ts'

test.each(['abc', 'has space 1234', 'x'.repeat(129), 'evil\r\nSet-Cookie: a=b', '<script>alert(1)</script>'])(
  'an odd request id is replaced: %j',
  (given) => {
    expect(acceptedRequestId(given)).toMatch(/^[0-9a-f-]{36}$/)
  },
)

test('a request keeps its id, is logged once without its key and is measured by route', async () => {
  const lines: string[] = []
  const registry = new Registry()
  const log = pino({ base: {} }, { write: (line: string) => lines.push(line) })
  const app = new Hono<{ Variables: RequestVariables }>()
    .use(observeRequests(log, registry))
    .post('/v1/:system/:key', (c) => c.json({ id: c.var.requestId }, 202))
    .get('/healthz', (c) => c.text('ok'))

  await app.request('/healthz')
  const response = await app.request('/v1/events/hush', {
    method: 'POST',
    headers: { 'X-Request-Id': 'trace-12345' },
  })
  expect(await response.json()).toEqual({ id: 'trace-12345' })
  expect(response.headers.get('X-Request-Id')).toBe('trace-12345')
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    requestId: 'trace-12345',
    status: 202,
    url: '/v1/events/[redacted]',
  })
  expect(await registry.metrics()).toContain('route="/v1/:system/:key",status="202"')
})
