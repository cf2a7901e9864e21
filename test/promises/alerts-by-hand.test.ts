import { type Patience, setPatience, sweepAlerts, SYSTEM, transact, usualPatience } from '@tocsin/desk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  anIntegration,
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
let admin: Someone
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  door = await testDoor(base.url)
  admin = await someone(base.db, [{ role: 'administrator' }])
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

interface Shown {
  id: string
  status: string
  held: Record<string, unknown> | null
  flapping: boolean
  snoozed_until: string | null
  ticket: { number: string } | null
  life: { verb: string }[]
}
const call = async <T>(method: string, path: string, body?: unknown) => {
  const answer = await api.call(admin.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}
async function source(patience: Partial<Patience> = {}) {
  const integration = await anIntegration(base.db)
  await transact(base.db, SYSTEM, (tx) =>
    setPatience(tx, integration.id, { ...usualPatience('events'), ...patience }),
  )
  const say = async (kind: 'trigger' | 'resolve' = 'trigger') => {
    const event = { kind, dedup_key: 'disk', title: 'Disk full', severity: 'critical' }
    await door.send(`/v1/events/${integration.key}`, event)
    await drain(base.db)
  }
  const list = async (filter = '') =>
    (await call<{ items: Shown[] }>('GET', `/alerts?integration=${integration.id}${filter}`)).body.items
  const alert = async () => (await call<Shown>('GET', `/alerts/${(await list())[0]!.id}`)).body
  return { ...integration, say, list, alert }
}
let seconds = 0
async function pass(more: number) {
  await setClockOffset(base.ownerUrl, `${(seconds += more)} seconds`)
  await sweepAlerts(base.db)
}

describe('what is held', () => {
  test('says by what and how far it has come, and is found', async () => {
    const one = await source({ threshold: { count: 3, minutes: 10 } })
    await one.say()
    expect(await one.alert()).toMatchObject({
      status: 'firing',
      held: { by: 'threshold', until: null, needs: 3, seen: 1, minutes: 10 },
    })
    expect(await one.list('&held=any')).toHaveLength(1)
    expect(await one.list('&held=threshold')).toHaveLength(1)
    expect(await one.list('&held=hold,flapping')).toHaveLength(0)
    await one.say()
    await one.say()
    expect(await one.alert()).toMatchObject({ held: null, ticket: { number: expect.any(String) } })
    expect(await one.list('&held=any')).toHaveLength(0)
  })

  test('one that flaps is found too', async () => {
    const one = await source()
    for (let turn = 0; turn < 12; turn++) {
      // oxlint-disable-next-line no-await-in-loop -- one message after the other is what flapping is
      await one.say(turn % 2 === 0 ? 'trigger' : 'resolve')
    }
    expect(await one.list('&flapping=true')).toHaveLength(1)
    expect(await one.list('&flapping=false')).toHaveLength(0)
  })
})

describe('a snooze by hand', () => {
  test('by minutes or until an instant, ended before its time it is taken up at once', async () => {
    const one = await source({ hold_seconds: 60 })
    await one.say()
    const { id } = await one.alert()
    expect((await call('POST', `/alerts/${id}/snooze`, {})).status).toBe(422)
    expect((await call('POST', `/alerts/${id}/unsnooze`)).status).toBe(409)
    const { body } = await call<Shown>('POST', `/alerts/${id}/snooze`, { minutes: 30 })
    expect(body).toMatchObject({ status: 'suppressed', held: { by: 'snoozed' } })
    expect(body.snoozed_until).toMatch(/^\d{4}-.*Z$/)
    await pass(61)
    expect(await one.alert()).toMatchObject({ ticket: null })
    expect((await call('POST', `/alerts/${id}/unsnooze`)).status).toBe(200)
    await pass(1)
    const woken = await one.alert()
    expect(woken).toMatchObject({ status: 'firing', snoozed_until: null, held: null })
    expect(woken.ticket).not.toBeNull()
    expect(woken.life.map(({ verb }) => verb)).toEqual(['release', 'unsnooze', 'snooze', 'hold'])
  })

  test('with its incident open, it wakes it', async () => {
    const one = await source()
    await one.say()
    const { id } = await one.alert()
    await call('POST', `/alerts/${id}/snooze`, { minutes: 30 })
    expect(await one.alert()).toMatchObject({ status: 'acknowledged' })
    await call('POST', `/alerts/${id}/unsnooze`)
    await pass(1)
    expect((await one.alert()).life[0]).toMatchObject({ verb: 'wake' })
  })
})

test('the patience of a source is set by the field, and taken back to what is usual', async () => {
  const { id } = await anIntegration(base.db)
  const path = `/integrations/${id}`
  const read = async () => (await call<Record<string, unknown>>('GET', path)).body
  expect(await read()).toMatchObject({ patience: null, usual_patience: { hold_seconds: 0 } })
  const patience = {
    hold_seconds: 90,
    threshold: { count: 3, minutes: 10 },
    flapping: null,
    expire_minutes: 60,
  }
  expect((await call('PUT', `${path}/patience`, patience)).status).toBe(200)
  expect(await read()).toMatchObject({ patience })
  const wrong = {
    ...patience,
    hold_seconds: -1,
    threshold: { count: 1, minutes: 0 },
    flapping: { low: 40, high: 30 },
  }
  const refused = await call<{ errors: { path: string }[] }>('PUT', `${path}/patience`, wrong)
  expect(refused.status).toBe(422)
  expect(refused.body.errors.map((error) => error.path)).toEqual(
    expect.arrayContaining(['hold_seconds', 'threshold.count', 'threshold.minutes']),
  )
  expect((await call('PUT', `${path}/patience`, null)).status).toBe(200)
  expect(await read()).toMatchObject({ patience: null })
})
