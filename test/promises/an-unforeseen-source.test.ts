import { readAccounting } from '@tocsin/desk'
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
  until,
} from '../harness/index.ts'

let base: TestDatabase
let door: TestDoor
let api: TestApi
let admin: Someone
beforeAll(async () => {
  base = await database()
  door = await testDoor(base.url)
  api = testApi(base.db, { ingestInternalUrl: door.url, internalToken: door.internalToken })
  admin = await someone(base.db, [{ role: 'administrator' }])
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

type Body = { [field: string]: unknown } & { items: { [field: string]: unknown }[] }
async function call(method: string, path: string, body?: unknown): Promise<Body & { status_code: number }> {
  const answer = await api.call(admin.key, method, `/api/v1${path}`, body)
  return { ...((await answer.json()) as Body), status_code: answer.status }
}
async function source() {
  const made = await anIntegration(base.db, { system: 'webhook' })
  const path = `/integrations/${made.id}`
  return {
    ...made,
    path,
    send: (body: unknown, headers?: Record<string, string>) =>
      door.send(`/v1/webhook/${made.key}`, body, headers),
    buckets: async () => {
      await drain(base.db)
      const { balanced, received, buckets } = await readAccounting(base.db, made.id)
      expect(balanced).toBe(true)
      return { received, ...Object.fromEntries(Object.entries(buckets).filter(([, count]) => count > 0)) }
    },
  }
}

const READINGS = {
  site: 'Turin',
  readings: [
    { sensor: 'T1', bad: true },
    { sensor: 'T2', bad: true },
  ],
}
const MAPPING = {
  elements: 'body.readings',
  fields: {
    status: 'item.bad ? "hot" : "cool"',
    severity: '"grave"',
    title: '"Sensor " + item.sensor + " in " + body.site',
    dedup_key: 'item.sensor',
  },
  severities: { grave: 'critical' },
  statuses: { hot: 'firing', cool: 'resolved' },
}

describe('a source that nobody foresaw', () => {
  test('gives useful events at once where its names can be guessed, in JSON and in forms', async () => {
    const { send, buckets } = await source()
    expect(
      (await send({ id: 1, state: 'alarm', severity: 'critical', message: 'Pump 7 runs dry' })).status,
    ).toBe(200)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await send('id=1&state=cleared', form)).status).toBe(200)
    expect((await send('nonsense')).status).toBe(400)
    expect(await buckets()).toEqual({ received: 2, opened: 1, resolved: 1 })
  })

  test('what cannot be read is a dead letter; mapping it and a retry open the incidents', async () => {
    const { id, path, send, buckets } = await source()
    expect((await send(READINGS)).status).toBe(200)
    expect(await buckets()).toEqual({ received: 1, 'dead-letter': 1 })
    const [letter] = (await call('GET', `${path}/dead-letters`)).items
    expect(letter).toMatchObject({ element: JSON.stringify(READINGS) })

    // A mapping that is wrong costs one retry, and still the letter knows the whole request.
    const wrong = { ...MAPPING, fields: { title: 'item.name' } }
    expect(await call('PUT', `${path}/mapping`, { mapping: wrong, seen_version: 0 })).toMatchObject({
      version: 1,
    })
    await call('POST', `${path}/dead-letters/${String(letter!.id)}/retry`)
    expect(await buckets()).toEqual({ received: 3, 'dead-letter': 3 })

    expect(await call('PUT', `${path}/mapping`, { mapping: MAPPING, seen_version: 1 })).toMatchObject({
      version: 2,
    })
    const letters = (await call('GET', `${path}/dead-letters`)).items.filter((one) => one.retried_at === null)
    expect(letters).toHaveLength(2)
    for (const one of letters) await call('POST', `${path}/dead-letters/${String(one.id)}/retry`)
    expect(await buckets()).toMatchObject({ received: 5, 'dead-letter': 3 })
    const alerts = await base.db
      .selectFrom('alert')
      .innerJoin('alert_link', 'alert_link.alert_id', 'alert.id')
      .innerJoin('ticket', 'ticket.id', 'alert_link.ticket_id')
      .select(['alert.dedup_key', 'alert.title', 'alert.severity', 'ticket.kind'])
      .where('alert.integration_id', '=', id)
      .orderBy('alert.dedup_key')
      .execute()
    expect(alerts).toEqual([
      { dedup_key: 'T1', title: 'Sensor T1 in Turin', severity: 'critical', kind: 'incident' },
      { dedup_key: 'T2', title: 'Sensor T2 in Turin', severity: 'critical', kind: 'incident' },
    ])

    // The door learns of it within seconds, and the recovery is read by it too.
    await until(
      async () => {
        await send({ site: 'Turin', readings: [{ sensor: 'T1', bad: false }] })
        return 'resolved' in (await buckets())
      },
      { deadline: 15_000, every: 500 },
    )
  })

  test('one letter that is a whole body comes back as all that it holds, and the account balances', async () => {
    const { path, send, buckets } = await source()
    await send(READINGS)
    await buckets()
    const [letter] = (await call('GET', `${path}/dead-letters`)).items
    await call('PUT', `${path}/mapping`, { mapping: MAPPING, seen_version: 0 })
    await call('POST', `${path}/dead-letters/${String(letter!.id)}/retry`)
    expect(await buckets()).toMatchObject({ received: 3, 'dead-letter': 1 })
  })

  test('a mapping that cannot be used is refused by its field, one that is older than another too', async () => {
    const { path } = await source()
    const save = (mapping: unknown, seen_version = 0) =>
      call('PUT', `${path}/mapping`, { mapping, seen_version })
    const wrong = await save({ elements: 'body.', fields: { title: 'body.x', host: 'process.exit()' } })
    expect(wrong.status_code).toBe(422)
    expect((wrong.errors as { path: string }[]).map((error) => error.path)).toEqual([
      'elements',
      'fields.host',
    ])
    expect(await save({ fields: { host: 'body.h' } })).toMatchObject({
      status_code: 422,
      errors: [{ path: 'fields.title' }],
    })
    expect(await save(MAPPING)).toMatchObject({ status_code: 200, version: 1 })
    expect((await save(MAPPING)).status_code).toBe(412)
    expect(await call('GET', `${path}/mapping`)).toMatchObject({
      version: 1,
      mapping: { elements: 'body.readings' },
    })
    const other = await anIntegration(base.db)
    expect(
      (await call('PUT', `/integrations/${other.id}/mapping`, { mapping: MAPPING, seen_version: 0 }))
        .status_code,
    ).toBe(409)
  })

  test('is seen before it is saved: events, and what each expression could not do; nothing is touched', async () => {
    const { path, send, buckets } = await source()
    await send(READINGS, { authorization: 'Bearer hush' })
    const before = await buckets()
    const [receipt] = (await call('GET', `${path}/receipts`)).items
    const look = (mapping: unknown, more: object = { receipt_id: receipt!.id }) =>
      call('POST', `${path}/mapping/preview`, { mapping, ...more })
    expect(await look(MAPPING)).toMatchObject({
      body: READINGS,
      refused: null,
      events: [
        { position: 0, kind: 'trigger', title: 'Sensor T1 in Turin', severity: 'critical' },
        { position: 1, dedup_key: 'T2' },
      ],
      errors: [],
    })
    const fields = { ...MAPPING.fields, host: 'item.', resource: 'item.rack' }
    expect(await look({ ...MAPPING, fields })).toMatchObject({
      events: [{ position: 0, host: null }, { position: 1 }],
      errors: [
        { path: 'fields.host', position: null },
        { path: 'fields.resource', position: 0, message: 'No such key: rack' },
        { path: 'fields.resource', position: 1 },
      ],
    })
    expect(await look(null, { body: { name: 'x', id: 3, up: false } })).toMatchObject({
      mapping: {
        fields: { title: 'item.name', dedup_key: 'item.id', status: 'item.up ? "resolved" : "firing"' },
      },
      events: [{ kind: 'trigger', title: 'x', dedup_key: '3' }],
    })
    expect(await look(null, { body: '{"a":' })).toMatchObject({
      refused: 'The body is not JSON.',
      events: [],
    })
    const tried = await call('POST', `${path}/try`, { body: { id: 1, message: 'm' } })
    expect(tried).toMatchObject({ events: [{ title: 'm' }], answer: { status: 200 } })
    expect(await buckets()).toEqual(before)
  })
})
