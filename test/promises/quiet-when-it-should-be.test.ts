import {
  cancelMaintenance,
  createMaintenance,
  MaintenanceInput,
  sweepAlerts,
  sweepMaintenance,
  sweepRecoveries,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { describe, expect, test } from 'vitest'
import { aPolicy, aSource, doorOverDatabase, someone, verbsAbout } from '../harness/index.ts'

const on = doorOverDatabase()

/** Lets time pass, and the engine see what has come due. Answers the seconds that the clock is ahead. */
async function pass(minutes: number) {
  const ahead = await on.moveOn(minutes * 60)
  await sweepMaintenance(on.base.db)
  await sweepAlerts(on.base.db)
  await sweepRecoveries(on.base.db)
  return ahead
}

/** A window from now over this host, or what is asked instead. */
async function quiet(host: string, over: Partial<MaintenanceInput> = {}, minutes = 60) {
  const id = await transact(on.base.db, SYSTEM, (tx) => {
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
  await sweepMaintenance(on.base.db)
  await sweepAlerts(on.base.db)
  return id
}

async function source() {
  const person = await someone(on.base.db)
  const policy = await aPolicy(on.base.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: person.id }] }])
  const one = await aSource(on, { escalationPolicyId: policy })
  return {
    ...one,
    say: (kind: 'trigger' | 'resolve', host: string) =>
      one.say({ kind, dedup_key: host, title: 'Down', severity: 'critical', labels: { host } }),
    escalations: async (host: string) => {
      const { ticket_id } = await one.alert(host)
      const rows = await on.base.db
        .selectFrom('escalation')
        .select('state')
        .where('ticket_id', '=', ticket_id)
        .orderBy('cycle')
        .execute()
      return rows.map((row) => row.state)
    },
  }
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
    expect(await verbsAbout(on, id)).toEqual(['create', 'begin', 'end'])
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
    await transact(on.base.db, SYSTEM, (tx) => cancelMaintenance(tx, id))
    await pass(0)
    expect((await one.alert('early')).ticket_id).not.toBeNull()
    await transact(on.base.db, SYSTEM, (tx) => cancelMaintenance(tx, id))
    expect(await verbsAbout(on, id)).toEqual(['create', 'begin', 'cancel', 'end'])
  })

  test('cancelled before it begins, it is never announced', async () => {
    const ahead = await pass(0)
    const start = (minutes: number) => new Date(Date.now() + (ahead + minutes * 60) * 1_000)
    const id = await quiet('never', { starts_at: start(30), ends_at: start(90), rrule: 'FREQ=DAILY;COUNT=2' })
    await transact(on.base.db, SYSTEM, (tx) => cancelMaintenance(tx, id))
    await pass(31)
    expect(await verbsAbout(on, id)).toEqual(['create', 'cancel'])
  })

  test('a window that lies ahead mutes nothing yet; a second one takes over where the first ends', async () => {
    const one = await source()
    const ahead = await pass(0)
    const start = (minutes: number) => new Date(Date.now() + (ahead + minutes * 60) * 1_000)
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
    await transact(on.base.db, SYSTEM, (tx) => cancelMaintenance(tx, id))
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
