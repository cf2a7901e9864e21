import { readAccounting } from '@tocsin/desk'
import { beforeAll, expect, test } from 'vitest'
import {
  anIntegration,
  asOwner,
  doorOverDatabase,
  drain,
  type Someone,
  someone,
  type TestApi,
  testApi,
} from '../harness/index.ts'

const on = doorOverDatabase()
let api: TestApi
let admin: Someone
let agent: Someone
beforeAll(async () => {
  api = testApi(on.base.db)
  admin = await someone(on.base.db, [{ role: 'administrator' }])
  agent = await someone(on.base.db)
})

interface Answer {
  id: string
  items: {
    id: string
    retriable: boolean
    retried: { receipt_id: string } | null
    retried_at: string | null
  }[]
  next: string | null
  retried: number
  left: number
  before: string
  receipt_id: string
  events: { bucket: string; title: string | null }[]
}
const call = async (method: string, path: string, by = admin) => {
  const answer = await api.call(by.key, method, `/api/v1/integrations/${path}`)
  return { status: answer.status, body: (await answer.json()) as Answer }
}
const balanced = async (id: string) => (await readAccounting(on.base.db, id)).balanced
const good = { events: [{ kind: 'trigger', title: 'Disk full', dedup_key: 'd', severity: 'error' }] }

test('a refused request is read again once, as a receipt of its own; what is still wrong is a dead letter', async () => {
  const { id, key } = await anIntegration(on.base.db)
  expect((await on.door.send(`/v1/events/${key}`, { alerts: [] })).status).toBe(422)
  expect((await on.door.send(`/v1/events/${key}`, { alerts: ['other'] })).status).toBe(422)
  expect((await on.door.send(`/v1/events/${key}`, good)).status).toBe(202)
  await drain(on.base.db)
  const { body: all } = await call('GET', `${id}/receipts`)
  expect(all.items.map(({ retriable }) => retriable)).toEqual([false, true, true])
  const [taken, second, first] = all.items.map((one) => one.id)

  // As if its form had been learnt meanwhile.
  await asOwner(on.base.ownerUrl, `update receipt set body = $1 where id = $2`, [
    Buffer.from(JSON.stringify(good)),
    first,
  ])
  const { status, body: sent } = await call('POST', `${id}/receipts/${first}/retry`)
  expect(status).toBe(200)
  expect((await call('POST', `${id}/receipts/${second}/retry`)).status).toBe(200)
  await drain(on.base.db)
  const { body: made } = await call('GET', `${id}/receipts/${sent.receipt_id}`)
  expect(made.events).toMatchObject([{ bucket: 'repeated', title: 'Disk full' }])
  const { body: letters } = await call('GET', `${id}/dead-letters`)
  expect(letters.items).toHaveLength(1)
  expect(await balanced(id)).toBe(true)

  const { body: after } = await call('GET', `${id}/receipts?outcome=rejected`)
  expect(after.items.map(({ retriable, retried }) => [retriable, retried !== null])).toEqual([
    [false, true],
    [false, true],
  ])
  expect((await call('POST', `${id}/receipts/${first}/retry`)).status).toBe(409)
  expect((await call('POST', `${id}/receipts/${taken}/retry`)).status).toBe(409)
  expect((await call('POST', `${id}/receipts/${id}/retry`)).status).toBe(404)
  expect((await call('POST', `${id}/receipts/${second}/retry`, agent)).status).toBe(403)
})

test('what its sender asked by its address is not read again', async () => {
  const { id, key } = await anIntegration(on.base.db, { system: 'opsgenie_api' })
  const asked = await fetch(`${on.door.url}/v2/alerts`, {
    method: 'POST',
    headers: { authorization: `GenieKey ${key}`, 'content-type': 'application/json' },
    body: '{"alias": "x"}',
  })
  expect(asked.status).toBe(422)
  const { body } = await call('GET', `${id}/receipts`)
  expect(body.items.map(({ retriable }) => retriable)).toEqual([false])
  expect((await call('POST', `${id}/receipts/${body.items[0]!.id}/retry`)).status).toBe(409)
})

test('all dead letters are read again in shares, what fails again waits for another word', async () => {
  const { id, key } = await anIntegration(on.base.db)
  const bad = Array.from({ length: 130 }, (_, n) => ({ kind: 'trigger', dedup_key: `k${n}` }))
  expect((await on.door.send(`/v1/events/${key}`, { events: [...good.events, ...bad] })).status).toBe(202)
  await drain(on.base.db)
  const { body: first } = await call('POST', `${id}/dead-letters/retry`)
  expect(first).toMatchObject({ retried: 100, left: 30 })
  await drain(on.base.db)
  const { body: second } = await call('POST', `${id}/dead-letters/retry?before=${first.before}`)
  expect(second).toMatchObject({ retried: 30, left: 0 })
  await drain(on.base.db)
  const { body: none } = await call('POST', `${id}/dead-letters/retry?before=${first.before}`)
  expect(none).toMatchObject({ retried: 0, left: 0 })
  const count = async (search: string) =>
    (await call('GET', `${id}/dead-letters?limit=200${search}`)).body.items.length
  expect([await count('&retried=true'), await count('&retried=false'), await count('')]).toEqual([
    130, 130, 200,
  ])
  expect(await balanced(id)).toBe(true)
  expect((await call('POST', `${id}/dead-letters/retry`, agent)).status).toBe(403)
  expect((await call('POST', `${id}/dead-letters/retry?before=soon`)).status).toBe(422)
  expect((await call('GET', `${id}/dead-letters?retried=maybe`)).status).toBe(422)
})
