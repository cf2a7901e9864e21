import { randomBytes } from 'node:crypto'
import { createService, SYSTEM, transact } from '@tocsin/desk'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
let agent: Someone
let source: { id: string; key: string }
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  door = await testDoor(base.url)
  const team = await aTeam(base.db)
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  const serviceId = await transact(base.db, SYSTEM, (tx) =>
    createService(tx, { key: `s${randomBytes(4).toString('hex')}`, name: { en: 'Shop' }, teamId: team }),
  )
  source = await anIntegration(base.db, { serviceId })
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

const say = async (events: Record<string, unknown>[]) => {
  expect((await door.send(`/v1/events/${source.key}`, { events })).ok).toBe(true)
  await drain(base.db)
}
/** Three alerts of one incident, the last of them over already. */
async function incident(): Promise<{ number: string; keys: string[] }> {
  const name = randomBytes(4).toString('hex')
  const keys = ['a', 'b', 'c'].map((one) => `${name}-${one}`)
  const event = (dedup_key: string, status = 'firing') => ({
    status,
    dedup_key,
    title: `${name} is slow`,
    severity: 'critical',
    labels: { alertname: name },
  })
  await say(keys.map((key) => event(key)))
  await say([event(keys[2]!, 'resolved')])
  const { items } = (await (await api.call(agent.key, 'GET', `/api/v1/tickets?q=${name}`)).json()) as {
    items: { number: string }[]
  }
  expect(items).toHaveLength(1)
  return { number: items[0]!.number, keys }
}
const alerts = (keys: string[]) =>
  base.db
    .selectFrom('alert')
    .select(['id', 'status', 'acknowledged_by'])
    .where('dedup_key', 'in', keys)
    .orderBy('dedup_key')
    .execute()
const taken = [
  { status: 'acknowledged', by: true },
  { status: 'acknowledged', by: true },
  { status: 'resolved', by: false },
]
const seen = async (keys: string[]) =>
  (await alerts(keys)).map(({ status, acknowledged_by }) => ({ status, by: acknowledged_by === agent.id }))
const verb = (number: string, name: string, body: unknown = {}) =>
  api.call(agent.key, 'POST', `/api/v1/tickets/${number}/${name}`, body)

test('acknowledging a ticket acknowledges the alerts that fire in it, once, and tells of each', async () => {
  const { number, keys } = await incident()
  expect((await verb(number, 'acknowledge')).status).toBe(200)
  expect(await seen(keys)).toEqual(taken)
  expect((await verb(number, 'acknowledge')).status).toBe(200)
  const told = await base.db
    .selectFrom('activity')
    .select('before')
    .where('subject_kind', '=', 'alert')
    .where('verb', '=', 'acknowledge')
    .where(
      'subject_id',
      'in',
      (await alerts(keys)).map(({ id }) => id),
    )
    .execute()
  expect(told).toEqual([{ before: { status: 'firing' } }, { before: { status: 'firing' } }])
})

test('so does taking it oneself, and acknowledging one of its alerts', async () => {
  const own = await incident()
  expect((await verb(own.number, 'assign', { assignee_id: agent.id })).status).toBe(200)
  expect(await seen(own.keys)).toEqual(taken)

  const other = await incident()
  const [first] = await alerts(other.keys)
  expect((await api.call(agent.key, 'POST', `/api/v1/alerts/${first!.id}/acknowledge`, {})).status).toBe(200)
  expect(await seen(other.keys)).toEqual(taken)
})

test('an alert that fires again afterwards asks anew', async () => {
  const { number, keys } = await incident()
  await verb(number, 'acknowledge')
  const [key] = keys
  const event = { dedup_key: key, title: 'again', severity: 'critical' }
  await say([{ ...event, status: 'resolved' }])
  await say([{ ...event, status: 'firing' }])
  expect((await seen(keys))[0]).toEqual({ status: 'firing', by: false })
})

test('messages and an acknowledgement at one moment both go through', async () => {
  const { number, keys } = await incident()
  const repeats = Array.from({ length: 8 }, () =>
    say(keys.map((dedup_key) => ({ dedup_key, title: 'again', severity: 'critical', status: 'firing' }))),
  )
  const [answer] = await Promise.all([verb(number, 'acknowledge'), ...repeats])
  expect(answer.status).toBe(200)
  expect((await seen(keys)).slice(0, 2)).toEqual(taken.slice(0, 2))
})
