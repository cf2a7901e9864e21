import { randomBytes } from 'node:crypto'
import { createApp, keepFigures, type Keeper, reconcile, type Store } from '@tocsin/analytics'
import { createLog, type Listening, serveHttp } from '@tocsin/db/process'
import { openTickets, placeActivity, SYSTEM, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  database,
  figuresOf,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
  type TestFigures,
  until,
} from '../harness/index.ts'

const BATCHES = process.env.TOCSIN_SOAK ? 600 : 25
const TICKETS = process.env.TOCSIN_SOAK ? 200 : 40
const CAUGHT_UP_MS = process.env.TOCSIN_SOAK ? 300_000 : 20_000

let base: TestDatabase
let figures: TestFigures
let store: Store & { away: boolean }
let keeper: Keeper
let analytics: Listening
let api: TestApi
let manager: Someone
beforeAll(async () => {
  base = await database()
  figures = await figuresOf(base.db)
  store = mayBeAway(figures.store)
  manager = await someone(base.db, [{ role: 'administrator' }])
  const log = createLog('analytics', 'silent')
  const registry = new Registry()
  const pipe = figures.pipeInto(store)
  keeper = await keepFigures({
    db: base.db,
    databaseUrl: base.url,
    pipe,
    store,
    prepare: async () => {},
    log,
    registry,
  })
  const token = randomBytes(24).toString('hex')
  analytics = await serveHttp(createApp({ store, pipe, keeper, token, log, registry }), '127.0.0.1', 0)
  api = testApi(base.db, { analyticsUrl: analytics.url, internalToken: token })
})
afterAll(async () => {
  await analytics?.close()
  await keeper?.close()
  await figures?.close()
  await base?.drop()
})

/** ClickHouse behind a server's address that nobody answers at. */
function mayBeAway(real: Store): Store & { away: boolean } {
  const refused = () => new Error('connect ECONNREFUSED 127.0.0.1:8123')
  const unlessAway =
    <A extends unknown[], R>(work: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      if (double.away) throw refused()
      return work(...given)
    }
  const double = {
    away: false,
    ask: unlessAway(real.ask) as Store['ask'],
    run: unlessAway(real.run),
    insert: unlessAway(real.insert),
    ping: unlessAway(real.ping),
    close: real.close,
  }
  return double
}

const volume = () =>
  api.call(manager.key, 'GET', '/api/v1/kpis/volume?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z')

async function openSome(): Promise<number> {
  const begun = performance.now()
  await transact(base.db, SYSTEM, (tx) =>
    openTickets(
      tx,
      Array.from({ length: TICKETS }, () => ({
        kind: 'incident' as const,
        title: 'Disk full',
        impact: 'low' as const,
        urgency: 'low' as const,
        channel: 'monitoring' as const,
      })),
    ),
  )
  while ((await placeActivity(base.db)) > 0);
  return performance.now() - begun
}
const told = async () => ((await (await volume()).json()) as { value: number }).value
const inRecord = async () => {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ticket`.execute(base.db)
  return rows[0]!.count
}
const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const repeated = async (times: number) => {
  const took: number[] = []
  for (let time = 0; time < times; time++) took.push(await openSome())
  return took
}

it('ClickHouse away: the desk goes on as before, the dashboards say up to when they know, and all of it is caught up', async () => {
  const usual = median(await repeated(10))
  await until(async () => (await told()) === (await inRecord()), { deadline: CAUGHT_UP_MS })
  const before = await inRecord()

  store.away = true
  const meanwhile = median(await repeated(BATCHES))
  // Its reader is no part of any change: twice that is the noise of a busy machine.
  expect(meanwhile).toBeLessThan(usual * 2 + 50)
  const answer = await volume()
  expect(answer.status).toBe(503)
  const { detail } = (await answer.json()) as { detail: string }
  const [, upTo] = /goes up to (\S+Z); nothing is lost/.exec(detail)!
  expect(Date.parse(upTo!)).toBeLessThanOrEqual(Date.now())

  store.away = false
  await until(async () => (await told()) === (await inRecord()), { deadline: CAUGHT_UP_MS })
  expect(await inRecord()).toBe(before + BATCHES * TICKETS)
  // The keeper may be comparing just now, and only one does at a time.
  const compared = await until(() => reconcile(figures.pipeInto(store), store), { deadline: CAUGHT_UP_MS })
  expect(compared.differences).toEqual([])
  expect(compared.checks).toBeGreaterThan(50)
})

it('its whole process away: the api says so, and up to when they know', async () => {
  await until(async () => (await told()) === (await inRecord()), { deadline: CAUGHT_UP_MS })
  await analytics.close()
  const answer = await volume()
  expect(answer.status).toBe(503)
  expect(((await answer.json()) as { detail: string }).detail).toMatch(
    /know the record up to \d{4}-\d\d-\d\d \d\d:\d\d UTC\. The desk itself is not affected/,
  )
})
