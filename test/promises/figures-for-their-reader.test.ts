import { randomBytes } from 'node:crypto'
import { createApp } from '@tocsin/analytics'
import { createLog, type Listening, serveHttp } from '@tocsin/db/process'
import { acknowledgeTicket, openTickets, resolveTicket, SYSTEM, transact } from '@tocsin/desk'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aTeam,
  database,
  figuresOf,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
  type TestFigures,
} from '../harness/index.ts'

// A name that a spreadsheet would run, were it let.
const HOSTILE = `=HYPERLINK("http://evil.example","${randomBytes(3).toString('hex')}")`

let base: TestDatabase
let figures: TestFigures
let analytics: Listening
let api: TestApi
let mine: string
let manager: Someone
let administrator: Someone

beforeAll(async () => {
  base = await database()
  figures = await figuresOf(base.db)
  mine = await aTeam(base.db, HOSTILE)
  const other = await aTeam(base.db)
  administrator = await someone(base.db, [{ role: 'administrator' }])
  manager = await someone(base.db, [{ role: 'manager', teamId: mine }])

  const common = { kind: 'incident', title: 'x', impact: 'low', urgency: 'low', channel: 'desk' } as const
  const opened = await transact(base.db, SYSTEM, (tx) =>
    openTickets(tx, [
      ...Array.from({ length: 3 }, () => ({ ...common, teamId: mine })),
      { ...common, teamId: other },
    ]),
  )
  const actor = { kind: 'person', id: manager.id } as const
  for (const { id } of opened.slice(0, 2)) {
    await transact(base.db, actor, (tx) => acknowledgeTicket(tx, { id }))
    await transact(base.db, actor, (tx) => resolveTicket(tx, { id }))
  }
  await figures.follow()

  const token = randomBytes(24).toString('hex')
  const app = createApp({
    store: figures.store,
    pipe: figures.pipe,
    keeper: { equalAt: () => undefined, last: () => undefined, reconcileNow: async () => undefined },
    token,
    log: createLog('analytics', 'silent'),
    registry: new Registry(),
  })
  analytics = await serveHttp(app, '127.0.0.1', 0)
  api = testApi(base.db, { analyticsUrl: analytics.url, internalToken: token })
})
afterAll(async () => {
  await analytics?.close()
  await figures?.close()
  await base?.drop()
})

interface Answer {
  n: number
  value: number
  as_of: string
  previous: { n: number } | null
  series: { key: string; label: string | null; n: number; filter: Record<string, string> | null }[]
}
async function figure(who: Someone, path: string): Promise<Answer> {
  const response = await api.call(who.key, 'GET', `/api/v1/kpis/${path}`)
  expect(response.status).toBe(200)
  return (await response.json()) as Answer
}

describe('figures for their reader', () => {
  test('a manager sees their teams, an administrator all, others nothing', async () => {
    expect((await figure(administrator, 'volume')).n).toBe(4)
    expect((await figure(manager, 'volume')).n).toBe(3)
    expect((await figure(manager, 'volume?by=team')).series).toMatchObject([
      { key: mine, label: HOSTILE, n: 3 },
    ])
    const agent = await someone(base.db, [{ role: 'agent', teamId: mine }])
    expect((await api.call(agent.key, 'GET', '/api/v1/kpis/volume')).status).toBe(403)
    expect((await api.call(undefined, 'GET', '/api/v1/kpis')).status).toBe(401)
  })

  test('the list tells each figure with its definition', async () => {
    const response = await api.call(manager.key, 'GET', '/api/v1/kpis')
    const { items } = (await response.json()) as { items: { name: string; definition: string }[] }
    expect(items.map(({ name }) => name).toSorted()).toEqual(
      [
        'volume',
        'backlog',
        'time_to_acknowledge',
        'time_to_resolve',
        'time_spent',
        'sla_response',
        'sla_resolution',
        'reopen_rate',
        'recurring',
        'compression',
        'pages',
      ].toSorted(),
    )
    expect(items.every(({ definition }) => definition.length > 40)).toBe(true)
    const inItalian = (await (await api.call(manager.key, 'GET', '/api/v1/kpis?lang=it')).json()) as {
      items: { definition: string }[]
    }
    expect(inItalian.items.every(({ definition }, at) => definition !== items[at]!.definition)).toBe(true)
  })

  test.each([
    'volume?by=team',
    'time_to_acknowledge?by=day',
    'time_to_resolve?by=priority',
    'backlog?by=day',
    'backlog?by=team',
  ])('a point of %s leads to as many tickets as it counts', async (path) => {
    const { series } = await figure(manager, path)
    const points = series.filter((point) => point.n > 0)
    expect(points.length).toBeGreaterThan(0)
    for (const point of points) {
      const response = await api.call(
        manager.key,
        'GET',
        `/api/v1/tickets?${new URLSearchParams(point.filter!).toString()}`,
      )
      expect(response.status).toBe(200)
      expect(((await response.json()) as { items: unknown[] }).items).toHaveLength(point.n)
    }
  })

  test('the period before stands beside it', async () => {
    const today = new Date().toISOString().slice(0, 10)
    const { previous } = await figure(administrator, `volume?from=${today}&tz=UTC&compare=previous`)
    expect(previous).toMatchObject({ n: 0, value: 0 })
  })

  test('a spreadsheet runs nothing of it', async () => {
    const response = await api.call(manager.key, 'GET', '/api/v1/kpis/volume?by=team&format=csv')
    expect(response.headers.get('content-type')).toContain('text/csv')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="volume.csv"')
    const bytes = Buffer.from(await response.arrayBuffer())
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const text = bytes.toString('utf8')
    expect(text).toContain(`,"'=HYPERLINK(""`)
    expect(text).not.toMatch(/(^|[,\n])"?[=+@]/)
  })

  test('a question without sense is refused in words', async () => {
    for (const [path, status, words] of [
      ['volume?tz=Mars/Olympus', 422, /not a time zone/],
      ['volume?from=yesterday', 400, /neither a date/],
      ['volume?from=2026-05-01&to=2026-04-01', 400, /ends before it begins/],
      ['volume?from=2000-01-01&by=day', 400, /more than 1100 points/],
      ['pages?by=kind', 400, /not by kind/],
      ['volume?team=nobody', 422, /no such team/],
      ['happiness', 404, /no such figure/],
    ] as const) {
      const response = await api.call(administrator.key, 'GET', `/api/v1/kpis/${path}`)
      expect([path, response.status]).toEqual([path, status])
      expect(await response.text()).toMatch(words)
    }
  })

  test('without the token nobody is answered', async () => {
    expect((await fetch(`${analytics.url}/kpis`)).status).toBe(401)
  })

  test('analytics gone: a plain 503, and the desk works', async () => {
    const alone = testApi(base.db, { analyticsUrl: 'http://127.0.0.1:9' })
    const response = await alone.call(manager.key, 'GET', '/api/v1/kpis/volume')
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('10')
    expect(await response.text()).toContain('The desk itself is not affected')
    expect((await alone.call(manager.key, 'GET', '/api/v1/tickets')).status).toBe(200)
  })

  test('the store gone: it says up to when it knows', async () => {
    const { as_of } = await figure(manager, 'volume')
    const gone = { ...figures.store, ask: () => Promise.reject(new Error('connection refused')) }
    const token = 't'.repeat(32)
    const app = createApp({
      store: gone,
      pipe: figures.pipe,
      keeper: { equalAt: () => undefined, last: () => undefined, reconcileNow: async () => undefined },
      token,
      log: createLog('analytics', 'silent'),
      registry: new Registry(),
    })
    const door = await serveHttp(app, '127.0.0.1', 0)
    const response = await testApi(base.db, { analyticsUrl: door.url, internalToken: token }).call(
      manager.key,
      'GET',
      '/api/v1/kpis/volume',
    )
    await door.close()
    expect(response.status).toBe(503)
    expect(await response.text()).toContain(as_of)
  })
})
