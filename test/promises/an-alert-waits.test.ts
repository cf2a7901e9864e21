import {
  acknowledgeAlert,
  type Patience,
  rotateIntegrationKey,
  setPatience,
  snoozeAlert,
  sweepAlerts,
  sweepRecoveries,
  SYSTEM,
  transact,
  usualPatience,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import {
  anIntegration,
  aPolicy,
  aSource,
  doorOverDatabase,
  drain,
  someone,
  verbsAbout,
} from '../harness/index.ts'

const on = doorOverDatabase()

/** Lets time pass, and the engine see what has come due. */
async function pass(seconds: number) {
  await on.moveOn(seconds)
  await sweepAlerts(on.base.db)
  await sweepRecoveries(on.base.db)
}

/** A source with these terms, and one alert of it. */
async function source(patience: Partial<Patience> = {}, escalationPolicyId?: string) {
  const one = await aSource(on, { escalationPolicyId })
  await transact(on.base.db, SYSTEM, (tx) =>
    setPatience(tx, one.id, { ...usualPatience('events'), flapping: null, ...patience }),
  )
  const alert = () => one.alert('disk')
  return {
    ...one,
    alert,
    say: (kind: 'trigger' | 'resolve') =>
      one.say({ kind, dedup_key: 'disk', title: 'Disk full', severity: 'critical' }),
    lines: async () => verbsAbout(on, (await alert()).id),
    tickets: async () =>
      on.base.db
        .selectFrom('alert_link as l')
        .innerJoin('ticket as t', 't.id', 'l.ticket_id')
        .select(['t.id', 't.state', 't.resolution_code'])
        .distinctOn(['t.created_at', 't.id'])
        .where('l.alert_id', '=', (await alert()).id)
        .orderBy('t.created_at')
        .orderBy('t.id')
        .execute(),
  }
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
    await on.moveOn(121)
    await Promise.all([sweepAlerts(on.base.db), one.say('trigger'), sweepAlerts(on.base.db)])
    expect(await one.tickets()).toHaveLength(1)
  })
})

describe('somebody takes notice of what is held back', () => {
  const paging = async () => {
    const person = await someone(on.base.db)
    return aPolicy(on.base.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: person.id }] }])
  }
  const escalations = async (ticketId: string) => {
    const rows = await on.base.db
      .selectFrom('escalation')
      .select('state')
      .where('ticket_id', '=', ticketId)
      .execute()
    return rows.map(({ state }) => state)
  }

  test.each([
    ['time', {}],
    ['a repeat', { dedup_key: 'disk', title: 'Disk full', severity: 'critical' }],
  ] as const)('it stays so, and wakes nobody when %s opens its incident', async (_by, again) => {
    const one = await source({ hold_seconds: 120 }, await paging())
    await one.say('trigger')
    const { id } = await one.alert()
    await transact(on.base.db, { kind: 'person', id: (await someone(on.base.db)).id }, (tx) =>
      acknowledgeAlert(tx, id),
    )
    await one.say('trigger')
    expect(await one.alert()).toMatchObject({ status: 'acknowledged', held: 'hold' })
    if ('title' in again) {
      await on.moveOn(121)
      await one.say('trigger')
    } else await pass(121)
    const [ticket] = await one.tickets()
    expect(await one.alert()).toMatchObject({ status: 'acknowledged', held: null, ticket_id: ticket!.id })
    expect(await escalations(ticket!.id)).toEqual(['acknowledged'])
  })
})

test('an acknowledgement of an opening that is over does not quieten the next', async () => {
  const one = await aSource(on)
  const disk = { dedup_key: 'disk', title: 'Disk full' }
  const began = Date.now() - 60_000
  const at = (second: number) => new Date(began + second * 1_000).toISOString()
  await one.say({ ...disk, starts_at: at(1) }, { ...disk, kind: 'resolve', starts_at: at(1), ends_at: at(2) })
  await one.say({ ...disk, starts_at: at(3) }, { ...disk, kind: 'acknowledge', starts_at: at(1) })
  expect(await one.alert('disk')).toMatchObject({ status: 'firing', acknowledged_at: null })
  await one.say({ ...disk, kind: 'acknowledge', starts_at: at(5) })
  await one.say({ ...disk, kind: 'resolve', starts_at: at(3), ends_at: at(4) })
  await one.say({ ...disk, starts_at: at(5) })
  expect(await one.alert('disk')).toMatchObject({ status: 'acknowledged', episode: 3 })
})

test('what fell silent and is heard again fires again at once, whatever its sender calls its start', async () => {
  const one = await source({ expire_minutes: 1 })
  const disk = { dedup_key: 'disk', title: 'Disk full', starts_at: new Date().toISOString() }
  await on.moveOn(0)
  const say = async () => {
    expect(
      (await on.door.send(`/v1/events/${one.key}`, { events: [{ ...disk, kind: 'trigger' }] })).status,
    ).toBe(202)
    await drain(on.base.db)
  }
  await say()
  await pass(61)
  expect(await one.alert()).toMatchObject({ status: 'resolved' })
  await say()
  expect(await one.alert()).toMatchObject({ status: 'firing', episode: 2 })
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
    transact(on.base.db, { kind: 'person', id: (await someone(on.base.db)).id }, (tx) =>
      snoozeAlert(tx, { id, until: new Date(tx.now.getTime() + minutes * 60_000) }),
    )

  test('rests its incident, and wakes the person on call again if it still fires', async () => {
    const person = await someone(on.base.db)
    const policy = await aPolicy(on.base.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: person.id }] }])
    const one = await source({}, policy)
    await one.say('trigger')
    const [ticket] = await one.tickets()
    const { id } = await one.alert()
    await snooze(id, 30)
    const cycles = () =>
      on.base.db
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

  test('asked for by its sender, it stops the paging, and is over when it is over', async () => {
    const person = await someone(on.base.db)
    const policy = await aPolicy(on.base.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: person.id }] }])
    const { id } = await anIntegration(on.base.db, { system: 'opsgenie_api', escalationPolicyId: policy })
    const { key } = await transact(on.base.db, SYSTEM, (tx) => rotateIntegrationKey(tx, id))
    const ask = async (path: string, body: unknown) => {
      const headers = { authorization: `GenieKey ${key}` }
      const answer = await on.door.send(`/v2/alerts${path}`, body, headers)
      await drain(on.base.db)
      return answer.status
    }
    expect(await ask('', { message: 'Disk full', alias: 'disk', priority: 'P1' })).toBe(202)
    const ahead = await on.moveOn(0)
    const endTime = new Date(Date.now() + ahead * 1_000 + 30 * 60_000).toISOString()
    expect(await ask('/disk/snooze?identifierType=alias', { endTime: 'soon' })).toBe(422)
    expect(await ask('/disk/snooze?identifierType=alias', { endTime })).toBe(202)
    const alert = () =>
      on.base.db.selectFrom('alert').selectAll().where('integration_id', '=', id).executeTakeFirstOrThrow()
    expect(await alert()).toMatchObject({ status: 'suppressed', held: 'snoozed' })
    const { ticket_id, id: alertId } = await alert()
    const cycles = async () => {
      const rows = await on.base.db
        .selectFrom('escalation')
        .select('state')
        .where('ticket_id', '=', ticket_id)
        .orderBy('cycle')
        .execute()
      return rows.map((row) => row.state)
    }
    expect(await cycles()).toEqual(['stopped'])
    await pass(1_801)
    expect(await alert()).toMatchObject({ status: 'firing', held: null, snoozed_until: null })
    expect(await cycles()).toEqual(['stopped', 'running'])
    expect(await verbsAbout(on, alertId)).toEqual(['fire', 'snooze', 'release'])
  })

  test('asked for by its sender until the end of time, it lasts for 30 days', async () => {
    const { id } = await anIntegration(on.base.db, { system: 'opsgenie_api' })
    const { key } = await transact(on.base.db, SYSTEM, (tx) => rotateIntegrationKey(tx, id))
    const ask = async (path: string, body: unknown) => {
      const answer = await on.door.send(`/v2/alerts${path}`, body, { authorization: `GenieKey ${key}` })
      expect(answer.status).toBe(202)
      await drain(on.base.db)
    }
    await ask('', { message: 'Disk full', alias: 'disk' })
    await ask('/disk/snooze?identifierType=alias', { endTime: '9000-01-01T00:00:00Z' })
    const { rows } = await sql<{ days: string }>`
      select extract(epoch from snoozed_until - tocsin_now()) / 86400 as days from alert where integration_id = ${id}`.execute(
      on.base.db,
    )
    expect(Number(rows[0]!.days)).toBeCloseTo(30, 1)
  })

  test('neither into the past nor for ever', async () => {
    const one = await source()
    await one.say('trigger')
    const { id } = await one.alert()
    await expect(snooze(id, 0)).rejects.toThrow(/within 30 days/)
    await expect(snooze(id, 60 * 24 * 31)).rejects.toThrow(/within 30 days/)
  })
})
