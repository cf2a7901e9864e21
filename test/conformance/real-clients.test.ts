import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Agent } from 'node:https'
import { connect as connectSocket } from 'node:net'
import { promisify } from 'node:util'
import { acknowledge, change, resolve, trigger } from '@pagerduty/pdjs'
import { sql } from 'kysely'
import opsgenie, { type Answer } from 'opsgenie-sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  anIntegration,
  database,
  drain,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
  type TestDoor,
  testDoor,
} from '../harness/index.ts'

let base: TestDatabase
let door: TestDoor
let api: TestApi
let admin: Someone
beforeAll(async () => {
  base = await database()
  door = await testDoor(base.url)
  api = testApi(base.db)
  admin = await someone(base.db, [{ role: 'administrator' }])
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

const alertOf = (integrationId: string, key: string) =>
  base.db
    .selectFrom('alert')
    .select(['status', 'title'])
    .where('integration_id', '=', integrationId)
    .where('dedup_key', '=', key)
    .executeTakeFirst()

describe('PagerDuty’s own client', () => {
  const payload = { summary: 'Disk full on web-1', source: 'web-1', severity: 'critical' as const }
  // It knows https alone; underneath, the door's own socket.
  const plain = new Agent()
  Object.assign(plain, {
    createConnection: () => connectSocket({ host: '127.0.0.1', port: Number(new URL(door.url).port) }),
  })
  const to = (data: object) => ({ server: '127.0.0.1', agent: plain, data }) as never

  test('triggers, acknowledges and resolves; a key is made where it sends none; a change pages nobody', async () => {
    const { id: serviceId } = await base.db
      .insertInto('service')
      .values({ key: 'web', name: JSON.stringify({ en: 'Web' }) })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { id, key } = await anIntegration(base.db, { system: 'pagerduty_events_v2', serviceId })
    const first = await trigger(to({ routing_key: key, dedup_key: 'web-1/disk', payload }))
    expect(first.response.status).toBe(202)
    expect(first.data).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'web-1/disk' })
    await drain(base.db)
    expect(await alertOf(id, 'web-1/disk')).toEqual({ status: 'firing', title: 'Disk full on web-1' })

    await acknowledge(to({ routing_key: key, dedup_key: 'web-1/disk' }))
    await drain(base.db)
    expect(await alertOf(id, 'web-1/disk')).toMatchObject({ status: 'acknowledged' })
    await resolve(to({ routing_key: key, dedup_key: 'web-1/disk' }))
    await drain(base.db)
    expect(await alertOf(id, 'web-1/disk')).toMatchObject({ status: 'resolved' })

    const keyless = await trigger(to({ routing_key: key, payload }))
    const made = (keyless.data as { dedup_key: string }).dedup_key
    expect(made).toMatch(/^[0-9a-f]{32}$/)
    const told = await change(to({ routing_key: key, payload: { summary: 'Web 4.2 is live' } }))
    expect([told.response.status, told.data]).toEqual([
      202,
      { status: 'success', message: 'Change event processed' },
    ])
    expect((await resolve(to({ routing_key: key, dedup_key: 'never-seen' }))).response.status).toBe(202)
    await drain(base.db)
    expect(await alertOf(id, made)).toMatchObject({ status: 'firing' })
    expect(await alertOf(id, 'never-seen')).toBeUndefined()
    const changes = await base.db.selectFrom('change_event').select(['service_id', 'title']).execute()
    expect(changes).toEqual([{ service_id: serviceId, title: 'Web 4.2 is live' }])
  })

  test('hears field by field what is wrong, and not which key', async () => {
    const { key } = await anIntegration(base.db, { system: 'pagerduty_events_v2' })
    const wrong = await trigger(to({ routing_key: key, payload: { summary: 'x', severity: 'loud' } }))
    expect(wrong.response.status).toBe(400)
    expect(wrong.data).toMatchObject({ status: 'invalid event', message: 'Event object is invalid' })
    expect((wrong.data as { errors: string[] }).errors).toEqual([
      "'payload.source' is missing or blank",
      expect.stringContaining("'payload.severity' is invalid"),
    ])
    const strangers = await Promise.all(
      ['toc_unknown', undefined].map((routing_key) => trigger(to({ routing_key, payload }))),
    )
    expect(strangers.map(({ response, data }) => [response.status, data])).toEqual(
      strangers.map(() => [
        400,
        { status: 'invalid event', message: 'Event object is invalid', errors: ['Invalid routing key'] },
      ]),
    )
    const large = await trigger(
      to({ routing_key: key, payload: { ...payload, custom_details: 'x'.repeat(600_000) } }),
    )
    expect(large.response.status).toBe(413)
  })
})

describe('Opsgenie’s client', () => {
  const call = (run: (done: (error: Answer | null, answer: Answer | null) => void) => void) =>
    new Promise<Answer>((done) => run((error, answer) => done((error ?? answer)!)))
  const alias = { identifier: 'billing-queue', identifierType: 'alias' }
  const source = { source: 'test' }

  test('creates, finds by alias, id and short id, acknowledges, closes, and learns what became of it', async () => {
    const { id, key } = await anIntegration(base.db, { system: 'opsgenie_api' })
    opsgenie.configure({ host: door.url, api_key: key, maxAttempts: 1 })
    const { alertV2 } = opsgenie
    const created = await call((done) =>
      alertV2.create(
        { message: 'The queue is not drained', alias: 'billing-queue', priority: 'P2', tags: ['eu'] },
        done,
      ),
    )
    expect(created).toMatchObject({
      result: 'Request will be processed',
      requestId: expect.any(String) as string,
    })
    expect((await call((done) => alertV2.getRequestStatus(created.requestId, done))).httpStatusCode).toBe(404)
    await drain(base.db)
    const status = await call((done) => alertV2.getRequestStatus(created.requestId, done))
    expect(status.data).toMatchObject({ isSuccess: true, action: 'Create', alias: 'billing-queue' })

    const { data: found } = await call((done) => alertV2.get(alias, done))
    expect(found).toMatchObject({
      status: 'open',
      acknowledged: false,
      priority: 'P2',
      message: 'The queue is not drained',
      tags: ['eu'],
    })
    const byId = await call((done) => alertV2.get({ identifier: found!.id, identifierType: 'id' }, done))
    const byTiny = await call((done) =>
      alertV2.get({ identifier: found!.tinyId, identifierType: 'tiny' }, done),
    )
    expect([byId.data, byTiny.data]).toEqual([found, found])
    const listed = await call((done) => alertV2.list({ query: 'status: open', limit: 10 }, done))
    expect(listed.data).toHaveLength(1)

    await call((done) =>
      alertV2.acknowledge({ identifier: found!.tinyId, identifierType: 'tiny' }, source, done),
    )
    await call((done) => alertV2.addNote(alias, { note: 'on it', ...source }, done))
    await drain(base.db)
    expect(await alertOf(id, 'billing-queue')).toMatchObject({ status: 'acknowledged' })
    await call((done) => alertV2.close({ identifier: found!.id, identifierType: 'id' }, source, done))
    await drain(base.db)
    expect(await alertOf(id, 'billing-queue')).toMatchObject({ status: 'resolved' })

    const nothing = await call((done) =>
      alertV2.close({ identifier: 'nobody', identifierType: 'alias' }, source, done),
    )
    await drain(base.db)
    const became = await call((done) => alertV2.getRequestStatus(nothing.requestId, done))
    expect(became.data).toMatchObject({ isSuccess: false, status: 'Alert does not exist' })
  })

  test('deletes and closes without a body, and is told which field is wrong', async () => {
    const { id, key } = await anIntegration(base.db, { system: 'opsgenie_api' })
    const headers = { authorization: `GenieKey ${key}` }
    const ask = (method: string, path: string) => fetch(`${door.url}/v2/alerts${path}`, { method, headers })
    for (const [name, method, action] of [
      ['db-1', 'POST', '/close'],
      ['db-2', 'DELETE', ''],
    ] as const) {
      await door.send('/v2/alerts', { message: 'Disk', alias: name }, headers)
      await drain(base.db)
      expect((await ask(method, `/${name}${action}?identifierType=alias`)).status).toBe(202)
      await drain(base.db)
      expect(await alertOf(id, name)).toMatchObject({ status: 'resolved' })
    }
    const empty = await ask('POST', '')
    expect(empty.status).toBe(422)
    expect(await empty.json()).toMatchObject({ errors: { message: 'Message can not be empty.' } })
    expect((await ask('PUT', '/db-1/priority')).status).toBe(405)
  })

  test('sees its own integration’s alerts alone, and errors in Opsgenie’s form', async () => {
    const { key } = await anIntegration(base.db, { system: 'opsgenie_api' })
    opsgenie.configure({ host: door.url, api_key: key, maxAttempts: 1 })
    const missing = await call((done) => opsgenie.alertV2.get(alias, done))
    expect(missing).toMatchObject({
      httpStatusCode: 404,
      message: expect.stringContaining('does not exist') as string,
    })
    const empty = await call((done) => opsgenie.alertV2.create({ description: 'no message' }, done))
    expect(empty).toMatchObject({ httpStatusCode: 422, requestId: expect.any(String) as string })
    opsgenie.configure({ host: door.url, api_key: 'toc_wrong', maxAttempts: 1 })
    expect((await call((done) => opsgenie.alertV2.get(alias, done))).httpStatusCode).toBe(401)
    expect((await call((done) => opsgenie.alertV2.create({ message: 'x' }, done))).httpStatusCode).toBe(401)
  })
})

const AMTOOL = '/usr/bin/amtool'
const run = promisify(execFile)
describe.skipIf(!existsSync(AMTOOL))('amtool (Debian’s prometheus-alertmanager)', () => {
  test.each(['prometheus', 'alertmanager'] as const)('adds and queries alerts at /v1/%s', async (system) => {
    const { key } = await anIntegration(base.db, { system })
    const amtool = async (...given: string[]) =>
      (await run(AMTOOL, [`--alertmanager.url=${door.url}/v1/${system}/${key}`, ...given])).stdout
    await amtool(
      'alert',
      'add',
      'DiskFull',
      'instance=web-1',
      'severity=critical',
      '--annotation=summary=Full',
    )
    await amtool('alert', 'add', 'Slow', 'instance=web-2', 'severity=warning')
    await drain(base.db)

    const both = JSON.parse(await amtool('alert', 'query', '-o', 'json')) as {
      labels: { alertname: string }
    }[]
    expect(both.map(({ labels }) => labels.alertname).toSorted()).toEqual(['DiskFull', 'Slow'])
    expect(await amtool('alert', 'query', 'severity=~"crit.*"')).toContain('DiskFull')
    expect(await amtool('alert', 'query', 'severity=~"crit.*"')).not.toContain('Slow')
    expect(await amtool('cluster', 'show')).toContain('ready')
    expect(await amtool('config', 'show')).toContain('receiver: tocsin')
    const groups = await fetch(`${door.url}/v1/${system}/${key}/api/v2/alerts/groups`)
    expect(await groups.json()).toHaveLength(2)
    const bad = await fetch(
      `${door.url}/v1/${system}/${key}/api/v2/alerts?filter=${encodeURIComponent('a=~"("')}`,
    )
    expect(bad.status).toBe(400)
    await expect(
      run(AMTOOL, [`--alertmanager.url=${door.url}/v1/${system}/toc_no`, 'alert', 'query']),
    ).rejects.toThrow(/status 401/)
  })

  test('silences: added, listed, obeyed, ended; only this integration’s', async () => {
    const { id, key } = await anIntegration(base.db, { system: 'prometheus' })
    const other = await anIntegration(base.db, { system: 'prometheus' })
    const at = (one: string) => `--alertmanager.url=${door.url}/v1/prometheus/${one}`
    const amtool = async (...given: string[]) => (await run(AMTOOL, [at(key), ...given])).stdout.trim()
    const silence = await amtool(
      'silence',
      'add',
      '--author=Rosa',
      '--comment=a new disk comes',
      '--duration=1h',
      'alertname=DiskFull',
      'instance=~"web-.*"',
    )
    expect(silence).toMatch(/^[0-9a-f-]{36}$/)
    expect(await amtool('silence', 'query')).toContain('a new disk comes')
    expect((await run(AMTOOL, [at(other.key), 'silence', 'query'])).stdout).not.toContain(silence)

    await amtool('alert', 'add', 'DiskFull', 'instance=web-1', 'severity=critical')
    await amtool('alert', 'add', 'DiskFull', 'instance=db-1', 'severity=critical')
    await drain(base.db)
    const states = await base.db
      .selectFrom('alert')
      .select(['host', 'status'])
      .where('integration_id', '=', id)
      .orderBy('host')
      .execute()
    expect(states).toEqual([
      { host: 'db-1', status: 'firing' },
      { host: 'web-1', status: 'suppressed' },
    ])
    await amtool('silence', 'expire', silence)
    expect(await amtool('silence', 'query')).not.toContain(silence)
    expect(await amtool('silence', 'query', '--expired')).toContain(silence)
    const foreign = await fetch(`${door.url}/v1/prometheus/${other.key}/api/v2/silence/${silence}`, {
      method: 'DELETE',
    })
    expect(foreign.status).toBe(404)
  })

  test('silences: those of people over labels alone are seen here, named by what they silence, and left to people', async () => {
    const { key } = await anIntegration(base.db, { system: 'prometheus' })
    const amtool = async (...given: string[]) =>
      (await run(AMTOOL, [`--alertmanager.url=${door.url}/v1/prometheus/${key}`, ...given])).stdout.trim()
    const until = new Date(Date.now() + 3_600_000).toISOString()
    const lay = (over: object) =>
      api.call(admin.key, 'POST', '/api/v1/maintenance', {
        kind: 'silence',
        starts_at: new Date(Date.now() - 1000).toISOString(),
        ends_at: until,
        ...over,
      })
    const matchers = [{ name: 'alertname', value: 'Fans', is_regex: false, is_equal: true }]
    const wide = (await (await lay({ reason: 'all fans', matchers })).json()) as { id: string }
    await lay({ reason: 'by a condition', condition: 'event.labels.alertname == "Fans"' })
    expect(await amtool('silence', 'query')).toContain('all fans')
    expect(await amtool('silence', 'query')).not.toContain('by a condition')
    await amtool('alert', 'add', 'Fans', 'instance=rack-1', 'severity=critical')
    await drain(base.db)
    const alerts = await fetch(`${door.url}/v1/prometheus/${key}/api/v2/alerts`)
    expect(await alerts.json()).toMatchObject([{ status: { state: 'suppressed', silencedBy: [wide.id] } }])
    await expect(amtool('silence', 'expire', wide.id)).rejects.toThrow(/403/)
    const one = `${door.url}/v1/prometheus/${key}/api/v2/silence/${wide.id}`
    const refused = await fetch(one, { method: 'DELETE' })
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.stringContaining('more than this source'),
    ])
    expect(await amtool('silence', 'query')).toContain('all fans')
  })

  test('silences: those of people over services and items are named by labels, a recurring window by its span', async () => {
    const { key } = await anIntegration(base.db, { system: 'prometheus' })
    const amtool = async (...given: string[]) =>
      (await run(AMTOOL, [`--alertmanager.url=${door.url}/v1/prometheus/${key}`, ...given])).stdout.trim()
    const service = await api.call(admin.key, 'POST', '/api/v1/services', {
      key: 'till',
      name: { en: 'Till' },
    })
    const { id: service_id } = (await service.json()) as { id: string }
    const { rows } = await sql<{ id: string }>`
      insert into configuration_item (name, kind) values ('web-1.till', 'host'), ('web-2', 'host') returning id`.execute(
      base.db,
    )
    const starts = Math.floor(Date.now() / 1000) * 1000 + 3_600_000
    const planned = await api.call(admin.key, 'POST', '/api/v1/maintenance', {
      kind: 'window',
      reason: 'new tills',
      service_ids: [service_id],
      ci_ids: rows.map(({ id }) => id),
      starts_at: new Date(starts).toISOString(),
      ends_at: new Date(starts + 60_000).toISOString(),
      rrule: 'FREQ=DAILY;COUNT=3',
    })
    const { id } = (await planned.json()) as { id: string }
    const seen = await fetch(`${door.url}/v1/prometheus/${key}/api/v2/silence/${id}`)
    expect(await seen.json()).toMatchObject({
      status: { state: 'pending' },
      startsAt: new Date(starts).toISOString(),
      endsAt: new Date(starts + 60_000).toISOString(),
      matchers: [
        { name: 'service', value: 'till', isRegex: false, isEqual: true },
        { name: 'host', value: String.raw`web-1\.till|web-2`, isRegex: true, isEqual: true },
      ],
    })
    expect(await amtool('silence', 'query')).toContain('new tills')
    await expect(amtool('silence', 'expire', id)).rejects.toThrow(/403/)
  })

  test('a silence of amtool stands among those of people, says over which source, and people end it', async () => {
    const { id, key } = await anIntegration(base.db, { system: 'prometheus', name: 'Prometheus, Turin' })
    const amtool = async (...given: string[]) =>
      (await run(AMTOOL, [`--alertmanager.url=${door.url}/v1/prometheus/${key}`, ...given])).stdout.trim()
    const silence = await amtool('silence', 'add', '--author=Rosa', '--comment=works', 'alertname=Door')
    const shown = await api.call(admin.key, 'GET', `/api/v1/maintenance/${silence}`)
    expect(await shown.json()).toMatchObject({
      kind: 'silence',
      state: 'active',
      reason: 'works',
      author_name: 'Rosa',
      may_end: true,
      covers: { integration: { id, name: 'Prometheus, Turin' }, matchers: [{ name: 'alertname' }] },
    })
    expect((await api.call(admin.key, 'POST', `/api/v1/maintenance/${silence}/cancel`)).status).toBe(200)
    expect(await amtool('silence', 'query')).not.toContain(silence)
  })
})
