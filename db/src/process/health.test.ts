import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { health } from './health.ts'

test('ready only while every check passes, and says which does not', async () => {
  let up = true
  const checks = {
    database: () => {
      if (!up) throw new Error('connection refused')
    },
    feed: async () => undefined,
  }
  const app = health({ name: 'api', checks, registry: new Registry() })
  expect((await app.request('/readyz')).status).toBe(200)

  up = false
  const response = await app.request('/readyz')
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({
    ready: false,
    checks: { database: { ok: false, reason: 'connection refused' }, feed: { ok: true } },
  })
  expect((await app.request('/healthz')).status).toBe(200)
})

test('a check that never answers is a failure, in time', async () => {
  const app = health({
    name: 'api',
    checks: { stuck: () => new Promise(() => undefined) },
    registry: new Registry(),
  })
  const response = await app.request('/readyz')
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('no answer within')
})

test('metrics name the process', async () => {
  const app = health({ name: 'ingest', checks: {}, registry: new Registry() })
  expect(await (await app.request('/metrics')).text()).toMatch(
    /nodejs_eventloop_lag_seconds\{process="ingest"\}/,
  )
})
