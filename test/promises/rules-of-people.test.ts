import { randomUUID } from 'node:crypto'
import { NO_RULES, type Rule } from '@tocsin/desk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  anIntegration,
  aRule,
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
beforeAll(async () => {
  base = await database()
  api = testApi(base.db, { databaseUrl: base.url })
  door = await testDoor(base.url)
  administrator = await someone(base.db, [{ role: 'administrator' }])
  agent = await someone(base.db, [{ role: 'agent', teamId: await aTeam(base.db) }])
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

const { beside } = NO_RULES

async function call<T = { errors: { path: string }[]; version: number }>(
  who: Someone,
  method: string,
  path: string,
  body?: unknown,
) {
  const answer = await api.call(who.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}

interface Standing {
  version: number
  rules: Rule[]
  note: string | null
  author: { id: string; name: string } | null
  use: { rule: string; opened: number; joined: number; detached: number; declined: number }[]
}
const standing = async () => (await call<Standing>(agent, 'GET', '/rules')).body
async function publish(rules: Rule[], more: Record<string, unknown> = {}) {
  const { version } = await standing()
  return call(administrator, 'PUT', '/rules', {
    base: version,
    rules,
    beside,
    ...more,
  })
}

async function say(events: Record<string, unknown>[], integration?: { id: string; key: string }) {
  const source = integration ?? (await anIntegration(base.db))
  const body = { events: events.map((event) => ({ kind: 'trigger', severity: 'error', ...event })) }
  expect((await door.send(`/v1/events/${source.key}`, body)).status).toBe(202)
  await drain(base.db)
  return source
}

describe('rules that people publish', () => {
  test('are versions with an author and a note, and any of them can be read again', async () => {
    const first = aRule({ name: 'First' })
    const { status, body } = await publish([first], { note: 'to begin with' })
    expect(status).toBe(200)
    await publish([aRule({ name: 'Second' })])
    expect(await standing()).toMatchObject({ version: body.version + 1, rules: [{ name: 'Second' }] })
    const earlier = await call(agent, 'GET', `/rules/versions/${body.version}`)
    expect(earlier.body).toMatchObject({
      rules: [first],
      note: 'to begin with',
      author: { id: administrator.id },
    })
    const list = await call<{ items: { version: number }[] }>(agent, 'GET', '/rules/versions')
    expect(list.body.items.map(({ version }) => version)).toEqual([body.version + 1, body.version, 1])
    expect((await call(agent, 'GET', '/rules/versions/999')).status).toBe(404)
  })

  test('are published by administrators alone', async () => {
    const { version } = await standing()
    const refused = await call(agent, 'PUT', '/rules', { base: version, rules: [], beside })
    expect(refused.status).toBe(403)
  })

  test('written from an older version are refused together with those in force', async () => {
    const { version } = await standing()
    const theirs = aRule({ name: 'Theirs' })
    await publish([theirs])
    const late = await publish([aRule({ name: 'Mine' })], { base: version })
    expect(late).toMatchObject({ status: 409, body: { current: { version: version + 1, rules: [theirs] } } })
    expect((await standing()).rules).toEqual([theirs])
  })

  test('that cannot decide are refused, each field by name', async () => {
    const before = await standing()
    const { status, body } = await publish([
      aRule({ when: 'labels.customer ==' }),
      aRule({ when: 'title' }),
      aRule({ group_by: ['service', 'labels', 'nonsense'], team_id: randomUUID() }),
    ])
    expect(status).toBe(422)
    expect(body.errors.map(({ path }) => path)).toEqual([
      'rules.0.when',
      'rules.1.when',
      'rules.2.group_by.1',
      'rules.2.group_by.2',
      'rules.2.team_id',
    ])
    expect((await standing()).version).toBe(before.version)
  })

  test('count what they opened and joined, and how often people disagreed', async () => {
    const mine = aRule({ when: 'has(labels.counted)', group_by: ['labels.counted'] })
    await publish([mine])
    await say([
      { dedup_key: 'a', title: 'A', labels: { counted: 'x' } },
      { dedup_key: 'b', title: 'B', labels: { counted: 'x' } },
      { dedup_key: 'c', title: 'C' },
    ])
    const use = async () => (await standing()).use
    expect(await use()).toMatchObject([
      { rule: mine.id, opened: 1, joined: 1, detached: 0 },
      { rule: 'default', opened: 1 },
    ])
    await base.db
      .updateTable('alert_link')
      .set({ detached_at: new Date() })
      .where('rule', '=', mine.id)
      .where('how', '=', 'joined')
      .execute()
    expect((await use())[0]).toMatchObject({ joined: 1, detached: 1 })
  })
})

describe('a condition is tried', () => {
  const check = async (asked: Record<string, unknown>) =>
    (await call(agent, 'POST', '/rules/check', asked)).body

  test('over facts given: it holds or not, and by what it would group', async () => {
    const facts = { severity: 'critical', labels: { customer: 'valdora' }, hour: 3 }
    const asked = { when: 'severity == "critical" && hour < 6', group_by: ['labels.customer'], facts }
    expect(await check(asked)).toMatchObject({
      error: null,
      holds: 1,
      examples: [{ holds: true, group: { 'labels.customer': 'valdora' }, group_key: '["valdora"]' }],
    })
    expect(await check({ ...asked, facts: { ...facts, hour: 12 } })).toMatchObject({ holds: 0 })
  })

  test('over an alert and over the latest ones', async () => {
    const source = await say([
      { dedup_key: 'disk-1', title: 'Disk full', labels: { disk: 'sda' }, host: 'db-1' },
      { dedup_key: 'disk-2', title: 'Disk full', labels: { disk: 'sdb' } },
      { dedup_key: 'net', title: 'Link down' },
    ])
    const { id } = await base.db
      .selectFrom('alert')
      .select('id')
      .where('integration_id', '=', source.id)
      .where('dedup_key', '=', 'disk-1')
      .executeTakeFirstOrThrow()
    const when = 'title == "Disk full" && has(labels.disk)'
    expect(await check({ when, alert_id: id })).toMatchObject({ holds: 1, examples: [{ alert: { id } }] })
    expect(await check({ when, group_by: ['labels.disk'], last: 100 })).toMatchObject({ holds: 2, groups: 2 })
    expect(await check({ when: 'labels.disk == "sda"', alert_id: id })).toMatchObject({ holds: 1 })
  })

  test('and what is wrong with it is said in words, not with a failure', async () => {
    expect(await check({ when: 'nobody == 1', last: 10 })).toMatchObject({
      checked: 0,
      error: expect.stringContaining('nobody'),
    })
    expect(await check({ when: 'labels.absent == "x"', facts: {} })).toMatchObject({
      error: null,
      examples: [{ holds: false, error: expect.stringContaining('absent') }],
    })
  })

  test('over facts that the page can list', async () => {
    const { body } = await call<{ items: { name: string; type: string }[]; labels: string[] }>(
      agent,
      'GET',
      '/rules/facts',
    )
    expect(body.items).toContainEqual({ name: 'labels', type: 'map<string, string>' })
    expect(body.labels).toContain('disk')
  })
})
