import { randomUUID } from 'node:crypto'
import { NO_RULES, publishRuleset, readRuleset, SYSTEM, transact } from '@tocsin/desk'
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
let agent: Someone
let source: { id: string; key: string }
const ruleId = randomUUID()
beforeAll(async () => {
  base = await database()
  api = testApi(base.db, { databaseUrl: base.url })
  door = await testDoor(base.url)
  agent = await someone(base.db, [{ role: 'agent', teamId: await aTeam(base.db) }])
  const { version } = await readRuleset(base.db)
  await transact(base.db, SYSTEM, (tx) =>
    publishRuleset(tx, {
      base: version,
      beside: NO_RULES.beside,
      rules: [
        {
          id: ruleId,
          name: 'Certificates',
          enabled: true,
          when: 'has(labels.certificate)',
          group_by: ['labels.certificate', 'labels.a'],
          window_minutes: null,
          opens: 'request',
          confirm: true,
          impact: null,
          urgency: null,
          service_id: null,
          team_id: null,
          escalation_policy_id: null,
          resolve_on: 'all',
          patience: null,
        },
      ],
    }),
  )
})
beforeEach(async () => {
  source = await anIntegration(base.db)
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

async function say(dedup_key: string, certificate: string, kind = 'trigger') {
  const event = { kind, dedup_key, severity: 'warning', title: dedup_key, labels: { certificate } }
  expect((await door.send(`/v1/events/${source.key}`, { events: [event] })).status).toBe(202)
  await drain(base.db)
}

async function call<T = unknown>(method: string, path: string) {
  const answer = await api.call(agent.key, method, `/api/v1${path}`, method === 'POST' ? {} : undefined)
  return { status: answer.status, body: (await answer.json()) as T }
}
interface Proposal {
  id: string
  opens: string
  state: string
  rule: { id: string; name: string }
  alert: { title: string; integration: { id: string } }
  decided_by: { id: string } | null
}
async function proposals(state = 'open') {
  const { body } = await call<{ items: Proposal[] }>('GET', `/proposals?state=${state}`)
  return body.items.filter(({ alert }) => alert.integration.id === source.id)
}
const links = () =>
  base.db
    .selectFrom('alert_link as l')
    .innerJoin('alert as a', 'a.id', 'l.alert_id')
    .innerJoin('ticket as t', 't.id', 'l.ticket_id')
    .select(['a.dedup_key', 'l.how', 'l.evidence', 't.number', 't.kind', 't.state'])
    .where('a.integration_id', '=', source.id)
    .orderBy('a.dedup_key')
    .execute()

describe('what a rule proposes', () => {
  test('waits without a ticket, and says what it would open and why', async () => {
    await say('api expires', 'api')
    expect(await links()).toEqual([])
    expect(await proposals()).toMatchObject([
      { opens: 'request', rule: { id: ruleId, name: 'Certificates' }, alert: { title: 'api expires' } },
    ])
  })

  test('opens as the rule would have, with its evidence and whoever confirmed; its group comes along', async () => {
    await say('one', 'shop')
    await say('two', 'shop')
    await say('other', 'mail')
    const [asked] = (await proposals()).filter(({ alert }) => alert.title === 'two')
    const { status, body } = await call<{ ticket: string }>('POST', `/proposals/${asked!.id}/accept`)
    expect(status).toBe(200)
    const evidence = {
      rule: ruleId,
      matched: { 'labels.certificate': 'shop', 'labels.a': '' },
      confirmed_by: agent.id,
    }
    expect(await links()).toMatchObject([
      { dedup_key: 'one', how: 'joined', evidence, number: body.ticket, kind: 'request' },
      { dedup_key: 'two', how: 'opened', evidence, number: body.ticket, kind: 'request' },
    ])
    expect((await proposals()).map(({ alert }) => alert.title)).toEqual(['other'])
    expect(await proposals('accepted')).toMatchObject([{ decided_by: { id: agent.id } }, {}])
    // What arrives later in the group belongs to it without a question.
    await say('three', 'shop')
    expect(await links()).toMatchObject([{}, { dedup_key: 'three', how: 'joined', number: body.ticket }, {}])
  })

  test('is opened once, however many accept it at once', async () => {
    await say('raced', 'raced')
    const [{ id }] = (await proposals()) as [Proposal]
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', `/proposals/${id}/accept`)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409])
    expect(await links()).toHaveLength(1)
  })

  test('declined, opens nothing however often the alert repeats, and counts as disagreement', async () => {
    await say('unwanted', 'unwanted')
    const [{ id }] = (await proposals()) as [Proposal]
    expect((await call('POST', `/proposals/${id}/decline`)).status).toBe(200)
    await say('unwanted', 'unwanted')
    expect(await links()).toEqual([])
    expect(await proposals()).toEqual([])
    expect((await call('POST', `/proposals/${id}/accept`)).status).toBe(409)
    const { body } = await call<{ use: { rule: string; declined: number }[] }>('GET', '/rules')
    expect(body.use).toContainEqual(expect.objectContaining({ rule: ruleId, declined: 1 }))
  })

  test('lapses with the episode that asked for it; the next one asks anew', async () => {
    await say('brief', 'brief')
    const [{ id }] = (await proposals()) as [Proposal]
    await say('brief', 'brief', 'resolve')
    expect(await proposals()).toEqual([])
    expect(await proposals('lapsed')).toMatchObject([{ id, state: 'lapsed' }])
    expect((await call('POST', `/proposals/${id}/accept`)).status).toBe(409)
    await say('brief', 'brief')
    expect(await proposals()).toHaveLength(1)
  })
})
