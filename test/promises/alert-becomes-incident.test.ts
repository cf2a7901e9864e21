import { createService, readAccounting, resolveTicket, sweepRecoveries, SYSTEM, transact } from '@tocsin/desk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  anIntegration,
  aTeam,
  database,
  drain,
  setClockOffset,
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

/** A source of its own, and what it sends decided at once. */
async function source(system: 'events' | 'alertmanager' = 'events') {
  const integration = await anIntegration(base.db, { system })
  const send = async (body: unknown) => {
    const response = await door.send(`/v1/${system}/${integration.key}`, body)
    expect(response.ok).toBe(true)
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
  const tickets = () =>
    base.db
      .selectFrom('ticket as t')
      .select([
        't.id',
        't.number',
        't.title',
        't.state',
        't.priority',
        't.team_id',
        't.service_id',
        't.resolution_code',
        't.symptom_key',
      ])
      .where('t.id', 'in', (eb) =>
        eb
          .selectFrom('alert_link as l')
          .innerJoin('alert as a', 'a.id', 'l.alert_id')
          .select('l.ticket_id')
          .where('a.integration_id', '=', integration.id),
      )
      .orderBy('t.created_at')
      .execute()
  const alerts = () =>
    base.db
      .selectFrom('alert')
      .select(['dedup_key', 'status', 'episode', 'count', 'ticket_id', 'severity'])
      .where('integration_id', '=', integration.id)
      .orderBy('dedup_key')
      .execute()
  return { ...integration, send, buckets, tickets, alerts }
}

let hours = 0
/** Lets time pass for this database. */
const pass = (seconds: number) => setClockOffset(base.ownerUrl, `${(hours += seconds)} seconds`)

const group = (status: string, at: string, alerts: [string, string][]) => ({
  version: '4',
  groupKey: '{}:{alertname="Down"}',
  status,
  alerts: alerts.map(([host, alertStatus]) => ({
    status: alertStatus,
    labels: { alertname: 'Down', instance: host, severity: 'critical' },
    annotations: { summary: `${host} is down` },
    startsAt: at,
    endsAt:
      alertStatus === 'resolved' ? new Date(Date.parse(at) + 60_000).toISOString() : '0001-01-01T00:00:00Z',
    fingerprint: `print-${host}`,
  })),
})

describe('an alert opens its incident', () => {
  test('with service, team and priority from label and severity, and says why', async () => {
    const team = await aTeam(base.db)
    const service = await transact(base.db, SYSTEM, (tx) =>
      createService(tx, { key: 'billing', name: { en: 'Billing' }, teamId: team }),
    )
    const from = await source()
    await from.send({
      title: 'Payments fail',
      dedup_key: 'pay',
      severity: 'critical',
      service: 'billing',
      description: 'All of them',
    })
    const [ticket] = await from.tickets()
    expect(ticket).toMatchObject({
      title: 'Payments fail',
      state: 'new',
      priority: 'P1',
      team_id: team,
      service_id: service,
    })
    const link = await base.db
      .selectFrom('alert_link')
      .selectAll()
      .where('ticket_id', '=', ticket!.id)
      .executeTakeFirstOrThrow()
    expect(link).toMatchObject({
      how: 'opened',
      rule: 'default',
      rule_version: 1,
      evidence: { matched: { dedup_key: 'pay' }, severity: 'critical' },
    })
    const lines = await base.db
      .selectFrom('activity')
      .select(['verb', 'subject_kind', 'actor_kind', 'revision'])
      .where('ticket_id', '=', ticket!.id)
      .where('verb', 'in', ['open', 'fire'])
      .orderBy('revision')
      .execute()
    expect(lines.map((line) => [line.verb, line.subject_kind, line.actor_kind])).toEqual([
      ['open', 'ticket', 'rule'],
      ['fire', 'alert', 'integration'],
    ])
  })

  test('one incident for a group, whatever repeats; a second group gets its own', async () => {
    const from = await source('alertmanager')
    const at = new Date().toISOString()
    await from.send(
      group('firing', at, [
        ['a', 'firing'],
        ['b', 'firing'],
      ]),
    )
    await from.send(
      group('firing', at, [
        ['a', 'firing'],
        ['b', 'firing'],
        ['c', 'firing'],
      ]),
    )
    expect(await from.buckets()).toEqual(['opened', 'joined', 'repeated', 'repeated', 'joined'])
    expect(await from.tickets()).toHaveLength(1)
    await from.send({ ...group('firing', at, [['d', 'firing']]), groupKey: '{}:{alertname="Other"}' })
    expect(await from.tickets()).toHaveLength(2)
  })

  test('two Alertmanagers with one group key stay apart', async () => {
    const [one, two] = [await source('alertmanager'), await source('alertmanager')]
    await one.send(group('firing', new Date().toISOString(), [['a', 'firing']]))
    await two.send(group('firing', new Date().toISOString(), [['a', 'firing']]))
    expect((await one.tickets())[0]!.id).not.toBe((await two.tickets())[0]!.id)
  })

  test('information opens none, joins an open one, and opens one when it grows worse', async () => {
    const from = await source()
    await from.send({ title: 'Watchdog', dedup_key: 'w', severity: 'info' })
    expect([await from.buckets(), await from.tickets()]).toEqual([['recorded'], []])
    await from.send({ title: 'Watchdog', dedup_key: 'w', severity: 'error' })
    expect(await from.buckets()).toEqual(['recorded', 'opened'])
    expect(await from.alerts()).toMatchObject([
      { severity: 'error', ticket_id: (await from.tickets())[0]!.id },
    ])
    await from.send({ title: 'x', dedup_key: 'x', severity: 'error', group_key: 'g' })
    await from.send({ title: 'y', dedup_key: 'y', severity: 'info', group_key: 'g' })
    expect((await from.buckets()).slice(2)).toEqual(['opened', 'joined'])
  })

  test('what cannot be read is a dead letter; notes, changes, pings and tests are recorded', async () => {
    const from = await source()
    await from.send({
      events: [
        { kind: 'shout' },
        { kind: 'note', title: 'n' },
        { kind: 'change', title: 'c' },
        { kind: 'ping', title: 'p' },
        { kind: 'test', title: 't' },
      ],
    })
    expect(await from.buckets()).toEqual(['dead-letter', 'recorded', 'recorded', 'recorded', 'recorded'])
    const letters = await base.db
      .selectFrom('dead_letter')
      .select(['element', 'reason'])
      .where('integration_id', '=', from.id)
      .execute()
    expect(letters).toMatchObject([{ element: '{"kind":"shout"}' }])
  })
})

describe('recovery', () => {
  const stateOf = async (from: Awaited<ReturnType<typeof source>>) =>
    (await from.tickets()).map((ticket) => ticket.state)

  test('resolves after the hold, and only once every alert is over', async () => {
    const from = await source('alertmanager')
    const at = new Date().toISOString()
    await from.send(
      group('firing', at, [
        ['a', 'firing'],
        ['b', 'firing'],
      ]),
    )
    await from.send(group('firing', at, [['a', 'resolved']]))
    await pass(60)
    await sweepRecoveries(base.db)
    expect(await stateOf(from)).toEqual(['new'])
    await from.send(group('resolved', at, [['b', 'resolved']]))
    await sweepRecoveries(base.db)
    expect(await stateOf(from)).toEqual(['new'])
    await pass(16)
    expect(await sweepRecoveries(base.db)).toBe(1)
    const [ticket] = await from.tickets()
    expect(ticket).toMatchObject({ state: 'resolved', resolution_code: 'recovered' })
  })

  test('firing again inside the hold continues the incident', async () => {
    const from = await source()
    await from.send([
      { title: 'x', dedup_key: 'x' },
      { kind: 'resolve', dedup_key: 'x' },
    ])
    await pass(10)
    await from.send({ title: 'x', dedup_key: 'x' })
    await pass(16)
    await sweepRecoveries(base.db)
    expect(await stateOf(from)).toEqual(['new'])
    expect(await from.buckets()).toEqual(['opened', 'resolved', 'joined'])
    expect(await from.alerts()).toMatchObject([{ status: 'firing', episode: 2, count: 2 }])
  })

  test('later it opens a new one, linked as a recurrence', async () => {
    const from = await source()
    await from.send([
      { title: 'x', dedup_key: 'x' },
      { kind: 'resolve', dedup_key: 'x' },
    ])
    await pass(16)
    await sweepRecoveries(base.db)
    await from.send({ title: 'x', dedup_key: 'x' })
    const [first, second] = await from.tickets()
    expect([first!.state, second!.state]).toEqual(['resolved', 'new'])
    const links = await base.db
      .selectFrom('ticket_link')
      .select(['from_id', 'to_id', 'kind'])
      .where('from_id', '=', second!.id)
      .execute()
    expect(links).toEqual([{ from_id: second!.id, to_id: first!.id, kind: 'recurs' }])
  })

  test('an incident that a person resolved takes no new alerts', async () => {
    const from = await source()
    await from.send({ title: 'x', dedup_key: 'x', group_key: 'g' })
    const [first] = await from.tickets()
    await transact(base.db, SYSTEM, (tx) => resolveTicket(tx, { id: first!.id }))
    await from.send([
      { title: 'x', dedup_key: 'x', group_key: 'g' },
      { title: 'y', dedup_key: 'y', group_key: 'g' },
    ])
    expect(await from.buckets()).toEqual(['opened', 'repeated', 'opened'])
    expect(await stateOf(from)).toEqual(['resolved', 'new'])
  })

  test('an end for nothing open creates nothing', async () => {
    const from = await source()
    await from.send({ kind: 'resolve', dedup_key: 'never' })
    expect([await from.buckets(), await from.alerts(), await from.tickets()]).toEqual([['ignored'], [], []])
  })

  test('an end that overtakes its trigger leaves nothing open', async () => {
    const from = await source('alertmanager')
    const at = new Date().toISOString()
    await from.send(group('resolved', at, [['a', 'resolved']]))
    await from.send(group('firing', at, [['a', 'firing']]))
    expect([await from.buckets(), await from.tickets()]).toEqual([['ignored', 'ignored'], []])
  })
})
