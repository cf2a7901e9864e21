import {
  cancelMaintenance,
  createMaintenance,
  MaintenanceInput,
  readAccounting,
  sweepAlerts,
  sweepMaintenance,
  sweepRecoveries,
  SYSTEM,
  transact,
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
async function pass(minutes: number) {
  await setClockOffset(base.ownerUrl, `${(seconds += minutes * 60)} seconds`)
  await sweepMaintenance(base.db)
  await sweepAlerts(base.db)
  await sweepRecoveries(base.db)
}

/** A window from now over this host, or what is asked instead. */
async function quiet(host: string, over: Partial<MaintenanceInput> = {}, minutes = 60) {
  const id = await transact(base.db, SYSTEM, (tx) => {
    const input = MaintenanceInput.parse({
      kind: 'window',
      reason: 'New disks',
      matchers: [{ name: 'host', value: host }],
      starts_at: tx.now,
      ends_at: new Date(tx.now.getTime() + minutes * 60_000),
      ...over,
    })
    return createMaintenance(tx, input)
  })
  await sweepMaintenance(base.db)
  await sweepAlerts(base.db)
  return id
}

async function source() {
  const person = await someone(base.db)
  const policy = await aPolicy(base.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: person.id }] }])
  const integration = await anIntegration(base.db, { escalationPolicyId: policy })
  const say = async (kind: 'trigger' | 'resolve', host: string) => {
    const body = { kind, dedup_key: host, title: 'Down', severity: 'critical', labels: { host } }
    expect((await door.send(`/v1/events/${integration.key}`, body)).status).toBe(202)
    await drain(base.db)
    expect(await readAccounting(base.db, integration.id)).toMatchObject({ balanced: true, waiting: 0 })
  }
  const alert = (host: string) =>
    base.db
      .selectFrom('alert')
      .selectAll()
      .where('integration_id', '=', integration.id)
      .where('dedup_key', '=', host)
      .executeTakeFirstOrThrow()
  const escalations = async (host: string) => {
    const { ticket_id } = await alert(host)
    const rows = await base.db
      .selectFrom('escalation')
      .select('state')
      .where('ticket_id', '=', ticket_id)
      .orderBy('cycle')
      .execute()
    return rows.map((row) => row.state)
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
  return { ...integration, say, alert, escalations, buckets }
}

const lines = async (id: string) => {
  const rows = await base.db
    .selectFrom('activity')
    .select('verb')
    .where('subject_id', '=', id)
    .orderBy('recorded_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => row.verb)
}

describe('during maintenance', () => {
  test('what is covered opens nothing and is counted; what is not covered opens as ever', async () => {
    const one = await source()
    const id = await quiet('covered')
    await one.say('trigger', 'covered')
    await one.say('trigger', 'covered')
    await one.say('trigger', 'elsewhere')
    expect(await one.alert('covered')).toMatchObject({
      status: 'suppressed',
      held: 'maintenance',
      held_window: id,
      ticket_id: null,
    })
    expect((await one.alert('elsewhere')).ticket_id).not.toBeNull()
    expect(await one.buckets()).toEqual(['suppressed', 'suppressed', 'opened'])
  })

  test('what still fails at the end is taken up as new; what recovered is not', async () => {
    const one = await source()
    const id = await quiet('stays')
    await quiet('recovers')
    await one.say('trigger', 'stays')
    await one.say('trigger', 'recovers')
    await one.say('resolve', 'recovers')
    await pass(59)
    expect((await one.alert('stays')).ticket_id).toBeNull()
    await pass(1)
    expect(await one.alert('stays')).toMatchObject({ status: 'firing', held: null })
    expect((await one.alert('stays')).ticket_id).not.toBeNull()
    expect(await one.escalations('stays')).toEqual(['running'])
    expect((await one.alert('recovers')).ticket_id).toBeNull()
    expect(await lines(id)).toEqual(['create', 'begin', 'end'])
  })

  test('pages under way stop when it begins, and begin anew when it ends', async () => {
    const one = await source()
    await one.say('trigger', 'paged')
    expect(await one.escalations('paged')).toEqual(['running'])
    await quiet('paged')
    expect(await one.escalations('paged')).toEqual(['stopped'])
    await one.say('trigger', 'paged')
    expect(await one.escalations('paged')).toEqual(['stopped'])
    await pass(60)
    expect(await one.escalations('paged')).toEqual(['stopped', 'running'])
    expect(await one.alert('paged')).toMatchObject({ status: 'firing', held: null })
  })

  test('ended early, it gives back at once', async () => {
    const one = await source()
    const id = await quiet('early')
    await one.say('trigger', 'early')
    await transact(base.db, SYSTEM, (tx) => cancelMaintenance(tx, id))
    await pass(0)
    expect((await one.alert('early')).ticket_id).not.toBeNull()
    await transact(base.db, SYSTEM, (tx) => cancelMaintenance(tx, id))
    expect(await lines(id)).toEqual(['create', 'begin', 'cancel', 'end'])
  })

  test('a window that lies ahead mutes nothing yet; a second one takes over where the first ends', async () => {
    const one = await source()
    const start = (minutes: number) => new Date(Date.now() + (seconds + minutes * 60) * 1_000)
    await quiet('later', { starts_at: start(30), ends_at: start(90) })
    await one.say('trigger', 'later')
    expect((await one.alert('later')).status).toBe('firing')
    await pass(31)
    expect((await one.alert('later')).status).toBe('suppressed')
    await quiet('later', {}, 120)
    await pass(70)
    expect((await one.alert('later')).status).toBe('suppressed')
    await pass(60)
    expect((await one.alert('later')).status).toBe('firing')
  })

  test.each([
    [
      'a pattern, anchored',
      { matchers: [{ name: 'host', value: 'web-[0-9]+', is_regex: true }] },
      'web-12',
      'xweb-12',
    ],
    [
      'what does not match',
      { matchers: [{ name: 'host', value: 'keep', is_equal: false }] },
      'other',
      'keep',
    ],
    ['a condition', { matchers: [], condition: 'labels.host.startsWith("cel-")' }, 'cel-1', 'ecel-1'],
  ])('covers by %s', async (_name, over, covered, not) => {
    const one = await source()
    const id = await quiet('', { ...(over as Partial<MaintenanceInput>), integration_id: one.id })
    await one.say('trigger', covered)
    await one.say('trigger', not)
    expect((await one.alert(covered)).status).toBe('suppressed')
    expect((await one.alert(not)).status).toBe('firing')
    await transact(base.db, SYSTEM, (tx) => cancelMaintenance(tx, id))
  })

  test.each([
    ['everything', { matchers: [] }, 'matchers'],
    ['a pattern that is none', { matchers: [{ name: 'host', value: '(a', is_regex: true }] }, 'matchers'],
    ['a condition that is none', { matchers: [], condition: 'labels.' }, 'condition'],
  ])('refused: %s', async (_name, over, path) => {
    await expect(quiet('', over as Partial<MaintenanceInput>)).rejects.toMatchObject({
      code: 'invalid',
      details: { errors: [{ path }] },
    })
  })
})
