import { createService, SYSTEM, transact } from '@tocsin/desk'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  anIntegration,
  aTeam,
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
let api: TestApi
let door: TestDoor
let administrator: Someone
let agent: Someone
let source: { id: string; key: string }
beforeAll(async () => {
  base = await database()
  api = testApi(base.db, { databaseUrl: base.url })
  door = await testDoor(base.url)
  administrator = await someone(base.db, [{ role: 'administrator' }])
  agent = await someone(base.db, [{ role: 'agent', teamId: await aTeam(base.db) }])
})
beforeEach(async () => {
  source = await anIntegration(base.db)
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

interface Answer {
  id: string
  version: number
  detail: string
  errors: { path: string; message: string }[]
}
async function upload(
  path: string,
  fields: Record<string, string>,
  csv: string | Buffer,
  who = administrator,
) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  form.append('file', new Blob([new Uint8Array(Buffer.from(csv))], { type: 'text/csv' }), 'table.csv')
  const answer = await api.app.request(`/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${who.key}` },
    body: form,
  })
  return { status: answer.status, body: (await answer.json()) as Answer }
}
const get = async <T>(path: string) =>
  (await (await api.call(agent.key, 'GET', `/api/v1${path}`)).json()) as T

async function say(...events: Record<string, unknown>[]) {
  const body = {
    events: events.map((event) => ({ kind: 'trigger', severity: 'error', title: 'x', ...event })),
  }
  expect((await door.send(`/v1/events/${source.key}`, body)).status).toBe(202)
  await drain(base.db)
}
const alerts = () =>
  base.db
    .selectFrom('alert as a')
    .leftJoin('service as s', 's.id', 'a.service_id')
    .select(['a.id', 'a.dedup_key', 'a.labels', 'a.enriched', 's.key as service', 'a.ticket_id'])
    .where('a.integration_id', '=', source.id)
    .orderBy('a.dedup_key')
    .execute()

describe('a look-up', () => {
  test('gives alerts labels that their sender did not send, marked; what was sent stays', async () => {
    const csv = 'host,customer,site\nWEB-1,Valdora,Rome\nweb-2,,Nice\n'
    const made = await upload('/lookups', { name: 'Hosts', field: 'host', column: 'host' }, csv)
    expect(made.status).toBe(201)
    await say(
      { dedup_key: 'a', host: 'web-1:9100', labels: { site: 'as sent' } },
      { dedup_key: 'b', host: 'web-2' },
      { dedup_key: 'c', host: 'web-3' },
    )
    expect(await alerts()).toMatchObject([
      { labels: { customer: 'Valdora', site: 'as sent' }, enriched: { customer: 'Hosts' } },
      { labels: { site: 'Nice' }, enriched: { site: 'Hosts' } },
      { labels: {}, enriched: {} },
    ])
    const [first] = await alerts()
    expect(await get(`/alerts/${first!.id}`)).toMatchObject({ enriched: { customer: 'Hosts' } })
  })

  test('is asked before the rules: its label names the service', async () => {
    await transact(base.db, SYSTEM, (tx) => createService(tx, { key: 'payments', name: { en: 'Payments' } }))
    await upload(
      '/lookups',
      { name: 'Customers', field: 'labels.tenant', column: 'tenant' },
      'tenant;service\nt-9;payments',
    )
    await say({ dedup_key: 'a', labels: { tenant: 'T-9' } })
    expect(await alerts()).toMatchObject([{ service: 'payments', enriched: { service: 'Customers' } }])
  })

  test('is replaced by a new version, for what comes later alone', async () => {
    const fields = { name: 'Racks', field: 'resource', column: 'rack' }
    const { body } = await upload('/lookups', fields, 'rack,room\nr1,A')
    await say({ dedup_key: 'a', resource: 'r1' })
    const next = await upload(`/lookups/${body.id}/versions`, { column: 'name' }, 'name,room\nr1,B\nr2,C')
    expect(next.body).toEqual({ version: 2 })
    await say({ dedup_key: 'b', resource: 'r1' })
    expect((await alerts()).map(({ labels }) => labels)).toEqual([{ room: 'A' }, { room: 'B' }])
    expect(await get(`/lookups/${body.id}`)).toMatchObject({
      version: 2,
      rows: 2,
      column: 'name',
      columns: ['room'],
    })
    expect(await get(`/lookups/${body.id}/rows?q=r2`)).toEqual({
      items: [{ value: 'r2', labels: { room: 'C' } }],
      next: null,
    })
    await api.call(administrator.key, 'POST', `/api/v1/lookups/${body.id}/archive`, {})
    await say({ dedup_key: 'c', resource: 'r1' })
    expect((await alerts()).at(-1)).toMatchObject({ labels: {} })
  })

  test('that cannot be used is refused in words, row by row, and nothing is kept', async () => {
    const fields = { name: 'Bad', field: 'host', column: 'host' }
    const { status, body } = await upload('/lookups', fields, 'host,site\na,x\na,y\n,z\nb\n')
    expect(status).toBe(422)
    expect(body.errors).toEqual([
      { path: 'line 3', message: '“a” stands on line 2 already' },
      { path: 'line 4', message: '“host” is empty' },
      { path: 'line 5', message: 'it has 1 cells, and the header has 2' },
    ])
    expect((await upload('/lookups', { ...fields, field: 'title' }, 'host,site\na,x')).status).toBe(422)
    expect((await upload('/lookups', fields, Buffer.from([0xff, 0xfe, 0x41]))).status).toBe(422)
    expect((await upload('/lookups', fields, 'x'.repeat(5 * 1024 * 1024 + 1))).status).toBe(413)
    expect((await upload('/lookups', fields, 'host,site\na,x', agent)).status).toBe(403)
    const { items } = await get<{ items: { name: string }[] }>('/lookups')
    expect(items.map(({ name }) => name)).not.toContain('Bad')
    await upload('/lookups', fields, 'host,site\nq,x')
    expect((await upload('/lookups', { ...fields, name: 'BAD' }, 'host,site\nq,x')).status).toBe(409)
  })
})

describe('a configuration item', () => {
  test('says which service an alert is about, where neither a label nor the integration does', async () => {
    const id = await transact(base.db, SYSTEM, (tx) =>
      createService(tx, { key: 'mail', name: { en: 'Mail' } }),
    )
    await base.db
      .insertInto('configuration_item')
      .values({ name: 'mx-1', kind: 'host', service_id: id })
      .execute()
    await say(
      { dedup_key: 'a', host: 'mx-1' },
      { dedup_key: 'b', host: 'mx-1', labels: { service: 'payments' } },
    )
    expect(await alerts()).toMatchObject([{ service: 'mail' }, { service: 'payments' }])
    const [first] = await alerts()
    const ticket = await base.db
      .selectFrom('ticket')
      .select('service_id')
      .where('id', '=', first!.ticket_id!)
      .executeTakeFirst()
    expect(ticket).toEqual({ service_id: id })
  })
})
