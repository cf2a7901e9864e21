import { randomBytes } from 'node:crypto'
import { createService, sweepAlerts, sweepRecoveries, SYSTEM, transact } from '@tocsin/desk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  anIntegration,
  aTeam,
  database,
  drain,
  setClockOffset,
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
let stranger: Someone
let source: { id: string; key: string }
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  door = await testDoor(base.url)
  const team = await aTeam(base.db)
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  stranger = await someone(base.db, [{ role: 'agent', teamId: await aTeam(base.db) }])
  const serviceId = await transact(base.db, SYSTEM, (tx) =>
    createService(tx, { key: `s${randomBytes(4).toString('hex')}`, name: { en: 'Shop' }, teamId: team }),
  )
  source = await anIntegration(base.db, { serviceId })
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

const event = (dedup_key: string, status = 'firing') => ({
  status,
  dedup_key,
  title: `${dedup_key} is slow`,
  severity: 'critical',
  labels: { alertname: dedup_key.split('-')[0] },
})
const say = async (...events: Record<string, unknown>[]) => {
  expect((await door.send(`/v1/events/${source.key}`, { events })).ok).toBe(true)
  await drain(base.db)
}
let seconds = 0
async function pass(more: number) {
  await setClockOffset(base.ownerUrl, `${(seconds += more)} seconds`)
  await sweepAlerts(base.db)
  await sweepRecoveries(base.db)
}

interface Shown {
  number: string
  state: string
  resolution_code: string | null
  acknowledged_at: string | null
  recovers_at: string | null
  alerts: { id: string; dedup_key: string; stands: boolean; link: { how: string; detached: unknown } }[]
  links: { kind: string; outward: boolean; number: string }[]
}
const call = async <T>(method: string, path: string, body?: unknown, by = agent) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}
const shown = async (number: string) => (await call<Shown>('GET', `/tickets/${number}`)).body
const standing = async (number: string) =>
  (await shown(number)).alerts.filter(({ stands }) => stands).map(({ dedup_key }) => dedup_key)

/** An incident of alerts that one group gathered. */
async function incident(count: number) {
  const name = randomBytes(4).toString('hex')
  const keys = Array.from({ length: count }, (_, index) => `${name}-${index}`)
  await say(...keys.map((key) => event(key)))
  const alerts = await base.db
    .selectFrom('alert as a')
    .innerJoin('ticket as t', 't.id', 'a.ticket_id')
    .select(['a.id', 't.number'])
    .where('a.dedup_key', 'in', keys)
    .orderBy('a.dedup_key')
    .execute()
  expect(new Set(alerts.map(({ number }) => number)).size).toBe(1)
  return { name, number: alerts[0]!.number, keys, ids: alerts.map(({ id }) => id) }
}
const ticketOf = async (key: string) => {
  const row = await base.db
    .selectFrom('alert as a')
    .leftJoin('ticket as t', 't.id', 'a.ticket_id')
    .select('t.number')
    .where('a.dedup_key', '=', key)
    .executeTakeFirstOrThrow()
  return row.number
}

describe('detaching', () => {
  test('the alert leaves, with who and why, and the same opening does not come back', async () => {
    const { number, keys, ids } = await incident(3)
    const body = { alert_id: ids[0], why: 'It is the printer.' }
    expect(await call('POST', `/tickets/${number}/detach`, body, stranger)).toMatchObject({ status: 404 })
    expect(await call('POST', `/tickets/${number}/detach`, body)).toMatchObject({ status: 200 })
    expect(await standing(number)).toEqual(keys.slice(1))
    expect((await shown(number)).alerts[0]!.link).toMatchObject({
      detached: { why: 'It is the printer.', by: { id: agent.id } },
    })
    await say(event(keys[0]!), event(keys[0]!))
    expect(await ticketOf(keys[0]!)).toBeNull()
    expect(await call('POST', `/tickets/${number}/detach`, body)).toMatchObject({ status: 409 })

    // Once it is over and fires anew, the rules decide again.
    await say(event(keys[0]!, 'resolved'))
    await say(event(keys[0]!))
    expect(await ticketOf(keys[0]!)).toBe(number)
  })

  test('what still fires may get an incident of its own, answered where the first was', async () => {
    const { number, keys, ids } = await incident(2)
    await call('POST', `/tickets/${number}/acknowledge`, {})
    const { body } = await call<Shown>('POST', `/tickets/${number}/detach`, { alert_id: ids[0], opens: true })
    const own = body.links.find(({ kind }) => kind === 'relates')!.number
    expect(await shown(own)).toMatchObject({
      acknowledged_at: expect.any(String),
      alerts: [{ dedup_key: keys[0], stands: true, link: { how: 'by-hand' } }],
    })
    await say(event(keys[0]!))
    expect(await ticketOf(keys[0]!)).toBe(own)
    await say(event(keys[0]!, 'resolved'))
    await pass(16)
    expect([(await shown(own)).state, (await shown(number)).state]).toEqual(['resolved', 'in_progress'])
  })

  test('what remains recovers without it; a ticket without alerts is left to people', async () => {
    const { number, keys, ids } = await incident(2)
    await say(event(keys[1]!, 'resolved'))
    await call('POST', `/tickets/${number}/detach`, { alert_id: ids[0] })
    expect((await shown(number)).recovers_at).not.toBeNull()
    await call('POST', `/tickets/${number}/detach`, { alert_id: ids[1] })
    await pass(16)
    expect(await shown(number)).toMatchObject({ state: 'new', recovers_at: null })
  })

  test('while messages come in, it leaves once and for all', async () => {
    const { number, keys, ids } = await incident(4)
    const repeats = Array.from({ length: 8 }, () => say(...keys.map((key) => event(key))))
    const leave = ids
      .slice(0, 2)
      .map((id) => call('POST', `/tickets/${number}/detach`, { alert_id: id, opens: true }))
    const [answers] = await Promise.all([Promise.all(leave), ...repeats])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    await say(...keys.map((key) => event(key)))
    expect(await standing(number)).toEqual(keys.slice(2))
    const own = await Promise.all(keys.slice(0, 2).map(ticketOf))
    expect(new Set([...own, number]).size).toBe(3)
  })
})

describe('splitting', () => {
  test('some alerts become an incident of their own, and both tell of the other', async () => {
    const { number, keys, ids } = await incident(4)
    const { status, body } = await call<Shown>('POST', `/tickets/${number}/split`, {
      alert_ids: ids.slice(2),
      title: 'The other failure',
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({ title: 'The other failure', links: [{ kind: 'relates', number }] })
    expect([await standing(number), await standing(body.number)]).toEqual([keys.slice(0, 2), keys.slice(2)])
    expect(await call('POST', `/tickets/${number}/split`, { alert_ids: ids.slice(1, 3) })).toMatchObject({
      status: 409,
    })
    expect(await standing(number)).toEqual(keys.slice(0, 2))
    expect(await call('POST', `/tickets/${number}/split`, { alert_ids: [] })).toMatchObject({ status: 422 })
  })
})

describe('merging', () => {
  test('the alerts go on in the other, with what their groups bring later, and the first closes', async () => {
    const [one, two] = [await incident(2), await incident(1)]
    await call('POST', `/tickets/${one.number}/note`, { body: 'Seen at the router.' })
    const { status, body } = await call<Shown>('POST', `/tickets/${one.number}/merge`, { into: two.number })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      number: two.number,
      links: [{ kind: 'duplicates', outward: false, number: one.number }],
    })
    expect(await shown(one.number)).toMatchObject({
      state: 'closed',
      resolution_code: 'merged',
      links: [{ kind: 'duplicates', outward: true, number: two.number }],
    })
    await say(event(one.keys[0]!), event(`${one.name}-late`))
    expect((await standing(two.number)).toSorted()).toEqual(
      [...one.keys, ...two.keys, `${one.name}-late`].toSorted(),
    )
    await say(...[...one.keys, ...two.keys, `${one.name}-late`].map((key) => event(key, 'resolved')))
    await pass(16)
    expect((await shown(two.number)).state).toBe('resolved')
    const again = await call('POST', `/tickets/${one.number}/merge`, { into: two.number })
    expect(again.status).toBe(409)
    const { body: rules } = await call<{ use: { rule: string; merged: number }[] }>('GET', '/rules')
    expect(rules.use).toContainEqual(expect.objectContaining({ rule: 'default', merged: 1 }))
  })

  test('not with itself, nor into what is not theirs to see', async () => {
    const { number } = await incident(1)
    expect(await call('POST', `/tickets/${number}/merge`, { into: number })).toMatchObject({ status: 422 })
    expect(await call('POST', `/tickets/${number}/merge`, { into: 'INC-999999' })).toMatchObject({
      status: 404,
    })
  })

  test('both ways at once, one of them is refused and no alert is lost', async () => {
    const [one, two] = [await incident(2), await incident(2)]
    const [there, back] = await Promise.all([
      call('POST', `/tickets/${one.number}/merge`, { into: two.number }),
      call('POST', `/tickets/${two.number}/merge`, { into: one.number }),
      say(event(one.keys[0]!), event(two.keys[0]!), event(`${one.name}-late`)),
    ])
    expect([there.status, back.status].toSorted((a, b) => a - b)).toEqual([200, 409])
    const homes = await Promise.all([...one.keys, ...two.keys].map(ticketOf))
    expect(new Set(homes).size).toBe(1)
    expect((await shown(homes[0]!)).state).toBe('new')
  })
})
