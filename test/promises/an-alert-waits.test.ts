import {
  type Patience,
  readAccounting,
  setPatience,
  snoozeAlert,
  sweepAlerts,
  sweepRecoveries,
  SYSTEM,
  transact,
  usualPatience,
} from '@tocsin/desk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  anIntegration,
  aPolicy,
  database,
  drain,
  setClockOffset,
  someone,
  type TestDatabase,
  type TestDoor,
  testDoor,
} from '../harness/index.ts'

let base: TestDatabase
let door: TestDoor
beforeAll(async () => {
  base = await database()
  door = await testDoor(base.url)
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

let seconds = 0
/** Lets time pass, and the engine see what has come due. */
async function pass(more: number) {
  await setClockOffset(base.ownerUrl, `${(seconds += more)} seconds`)
  await sweepAlerts(base.db)
  await sweepRecoveries(base.db)
}

/** A source with these terms, and one alert of it. */
async function source(patience: Partial<Patience> = {}, escalationPolicyId?: string) {
  const integration = await anIntegration(base.db, { escalationPolicyId })
  await transact(base.db, SYSTEM, (tx) =>
    setPatience(tx, integration.id, { ...usualPatience('events'), flapping: null, ...patience }),
  )
  const say = async (kind: 'trigger' | 'resolve', severity = 'critical') => {
    const body = { kind, dedup_key: 'disk', title: 'Disk full', severity }
    expect((await door.send(`/v1/events/${integration.key}`, body)).status).toBe(202)
    await drain(base.db)
    expect(await readAccounting(base.db, integration.id)).toMatchObject({ balanced: true, waiting: 0 })
  }
  const buckets = async () => {
    const rows = await base.db
      .selectFrom('event')
      .select('bucket')
      .where('integration_id', '=', integration.id)
      .orderBy('id')
      .execute()
    return rows.map((row) => row.bucket)
  }
  const alert = () =>
    base.db
      .selectFrom('alert')
      .selectAll()
      .where('integration_id', '=', integration.id)
      .executeTakeFirstOrThrow()
  const tickets = async () => {
    const { id } = await alert()
    return base.db
      .selectFrom('alert_link as l')
      .innerJoin('ticket as t', 't.id', 'l.ticket_id')
      .select(['t.id', 't.state', 't.resolution_code'])
      .distinctOn(['t.created_at', 't.id'])
      .where('l.alert_id', '=', id)
      .orderBy('t.created_at')
      .orderBy('t.id')
      .execute()
  }
  const lines = async () => {
    const { id } = await alert()
    const rows = await base.db
      .selectFrom('activity')
      .select('verb')
      .where('subject_id', '=', id)
      .orderBy('recorded_at')
      .orderBy('id')
      .execute()
    return rows.map((row) => row.verb)
  }
  return { ...integration, say, buckets, alert, tickets, lines }
}

describe('a hold', () => {
  test('resolved within it, nobody hears of it', async () => {
    const one = await source({ hold_seconds: 120 })
    await one.say('trigger')
    expect(await one.alert()).toMatchObject({ status: 'firing', held: 'hold', ticket_id: null })
    await pass(60)
    await one.say('resolve')
    await pass(120)
    expect(await one.tickets()).toEqual([])
    expect(await one.buckets()).toEqual(['held', 'resolved'])
    expect(await one.alert()).toMatchObject({ status: 'resolved', held: null, due_at: null })
  })

  test('outlasted, it opens an incident by itself, and its timeline says why so late', async () => {
    const one = await source({ hold_seconds: 120 })
    await one.say('trigger')
    await pass(60)
    await one.say('trigger')
    expect(await one.tickets()).toEqual([])
    await pass(60)
    expect(await one.tickets()).toMatchObject([{ state: 'new' }])
    expect(await one.alert()).toMatchObject({ held: null, status: 'firing' })
    expect(await one.buckets()).toEqual(['held', 'repeated'])
    expect(await one.lines()).toEqual(['hold', 'release'])
    await one.say('resolve')
    await pass(20)
    expect(await one.tickets()).toMatchObject([{ state: 'resolved', resolution_code: 'recovered' }])
  })

  test('time and an event that come together open one incident', async () => {
    const one = await source({ hold_seconds: 120 })
    await one.say('trigger')
    await setClockOffset(base.ownerUrl, `${(seconds += 121)} seconds`)
    await Promise.all([sweepAlerts(base.db), one.say('trigger'), sweepAlerts(base.db)])
    expect(await one.tickets()).toHaveLength(1)
  })
})

test('only after three triggers in ten minutes', async () => {
  const one = await source({ threshold: { count: 3, minutes: 10 } })
  await one.say('trigger')
  await pass(601)
  await one.say('trigger')
  await one.say('trigger')
  expect(await one.tickets()).toEqual([])
  await one.say('trigger')
  expect(await one.tickets()).toHaveLength(1)
  expect(await one.buckets()).toEqual(['held', 'held', 'held', 'opened'])
})

describe('flapping', () => {
  const limits = { low: 20, high: 30 }

  test('keeps its incident open instead of opening one after the other, until it is calm', async () => {
    const one = await source({ flapping: limits })
    for (let index = 0; index < 3; index++) {
      await one.say('trigger')
      await one.say('resolve')
    }
    expect(await one.alert()).toMatchObject({ flapping: true })
    const before = await one.tickets()
    await one.say('trigger')
    await one.say('resolve')
    await pass(60)
    expect(await one.tickets()).toHaveLength(before.length)
    expect((await one.tickets()).at(-1)).toMatchObject({ state: 'new' })
    await pass(3_600)
    await pass(20)
    expect(await one.alert()).toMatchObject({ flapping: false, due_at: null })
    expect((await one.tickets()).at(-1)).toMatchObject({ state: 'resolved' })
  })
})

test('what is silent for too long counts as resolved, and says so', async () => {
  const one = await source({ expire_minutes: 5 })
  await one.say('trigger')
  await pass(299)
  await one.say('trigger')
  await pass(299)
  expect(await one.alert()).toMatchObject({ status: 'firing' })
  await pass(1)
  expect(await one.alert()).toMatchObject({ status: 'resolved' })
  await pass(20)
  expect(await one.tickets()).toMatchObject([{ state: 'resolved' }])
  expect(await one.lines()).toEqual(['fire', 'resolve'])
})

describe('a snooze', () => {
  const snooze = async (id: string, minutes: number) =>
    transact(base.db, { kind: 'person', id: (await someone(base.db)).id }, (tx) =>
      snoozeAlert(tx, { id, until: new Date(tx.now.getTime() + minutes * 60_000) }),
    )

  test('rests its incident, and wakes the person on call again if it still fires', async () => {
    const person = await someone(base.db)
    const policy = await aPolicy(base.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: person.id }] }])
    const one = await source({}, policy)
    await one.say('trigger')
    const [ticket] = await one.tickets()
    const { id } = await one.alert()
    await snooze(id, 30)
    const cycles = () =>
      base.db
        .selectFrom('escalation')
        .select(['cycle', 'state'])
        .where('ticket_id', '=', ticket!.id)
        .orderBy('cycle')
        .execute()
    expect(await cycles()).toMatchObject([{ state: 'acknowledged' }])
    await one.say('trigger')
    await pass(1_799)
    expect(await cycles()).toHaveLength(1)
    await pass(1)
    expect(await cycles()).toMatchObject([{ state: 'acknowledged' }, { state: 'running' }])
    expect(await one.lines()).toEqual(['fire', 'acknowledge', 'snooze', 'wake'])
  })

  test('resolved meanwhile, it wakes nobody', async () => {
    const one = await source()
    await one.say('trigger')
    await snooze((await one.alert()).id, 30)
    await one.say('resolve')
    await pass(1_800)
    expect(await one.alert()).toMatchObject({ status: 'resolved', snoozed_until: null })
    expect(await one.tickets()).toMatchObject([{ state: 'resolved' }])
  })

  test('neither into the past nor for ever', async () => {
    const one = await source()
    await one.say('trigger')
    const { id } = await one.alert()
    await expect(snooze(id, 0)).rejects.toThrow(/within 30 days/)
    await expect(snooze(id, 60 * 24 * 31)).rejects.toThrow(/within 30 days/)
  })
})
