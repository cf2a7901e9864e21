import { readAccounting, sweepRecoveries } from '@tocsin/desk'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  anIntegration,
  database,
  type TestDatabase,
  type TestDoor,
  testDoor,
  testWorker,
  until,
} from '../harness/index.ts'
import {
  aTarget,
  hasAlertmanager,
  hasPrometheus,
  startAlertmanager,
  startPrometheus,
} from '../harness/prometheus.ts'

let base: TestDatabase
let door: TestDoor
let worker: ReturnType<typeof testWorker>
beforeAll(async () => {
  base = await database()
  door = await testDoor(base.url)
  worker = testWorker(base.url)
  await base.db.insertInto('setting').values({ key: 'recovery_hold_ms', value: '1500' }).execute()
})
afterAll(async () => {
  await worker.stop()
  await door.close()
  await base.drop()
})

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})
const kept = <T extends { stop?: () => unknown; close?: () => unknown }>(thing: T): T => {
  closing.push(() => thing.stop?.() ?? thing.close?.())
  return thing
}

const incidents = (integrationId: string) =>
  base.db
    .selectFrom('ticket as t')
    .select(['t.id', 't.title', 't.state', 't.resolution_code', 't.priority'])
    .select((eb) =>
      eb
        .selectFrom('alert as a')
        .select((e) => e.fn.countAll<number>().as('n'))
        .whereRef('a.ticket_id', '=', 't.id')
        .as('alerts'),
    )
    .where('t.id', 'in', (eb) =>
      eb
        .selectFrom('alert')
        .select('ticket_id')
        .where('integration_id', '=', integrationId)
        .$castTo<{ ticket_id: string }>(),
    )
    .orderBy('t.created_at')
    .execute()

/** Two of three targets break and recover: one incident opens, gathers both, and resolves by itself. */
async function breakAndRecover(integrationId: string, targets: Awaited<ReturnType<typeof aTarget>>[]) {
  const [one, two] = targets
  one!.breaks(true)
  two!.breaks(true)
  const [opened] = await until(
    async () => {
      const found = await incidents(integrationId)
      return found[0]?.alerts === 2 ? found : undefined
    },
    { deadline: 45_000, what: 'an incident with both alerts' },
  )
  expect(opened).toMatchObject({
    state: 'new',
    priority: 'P1',
    title: expect.stringMatching(/does not answer$/) as string,
  })
  one!.breaks(false)
  two!.breaks(false)
  await until(
    async () => {
      await sweepRecoveries(base.db)
      return (await incidents(integrationId)).every((ticket) => ticket.state === 'resolved')
    },
    { deadline: 60_000, every: 200, what: 'the incident resolves by itself' },
  )
  expect(await incidents(integrationId)).toMatchObject([
    { id: opened!.id, resolution_code: 'recovered', alerts: 2 },
  ])
  const account = await until(async () => {
    const read = await readAccounting(base.db, integrationId)
    return read.waiting === 0 ? read : undefined
  })
  expect(account).toMatchObject({
    balanced: true,
    rejected: 0,
    buckets: { opened: 1, joined: 1, 'dead-letter': 0 },
  })
  return account.buckets.resolved
}

describe('a target that breaks', () => {
  test.skipIf(!hasPrometheus || !hasAlertmanager)(
    'with Prometheus and Alertmanager (skipped where they are not installed)',
    { timeout: 150_000 },
    async () => {
      const { id, key } = await anIntegration(base.db, { system: 'alertmanager' })
      const targets = [kept(await aTarget()), kept(await aTarget()), kept(await aTarget())]
      const alertmanager = kept(await startAlertmanager(`${door.url}/v1/alertmanager/${key}`))
      kept(await startPrometheus(targets, `    - static_configs: [{ targets: ['${alertmanager.address}'] }]`))
      expect(await breakAndRecover(id, targets)).toBe(2)
    },
  )

  test.skipIf(!hasPrometheus)(
    'with Prometheus alone (skipped where it is not installed)',
    { timeout: 150_000 },
    async () => {
      const { id, key } = await anIntegration(base.db, { system: 'prometheus' })
      const targets = [kept(await aTarget()), kept(await aTarget()), kept(await aTarget())]
      const { host } = new URL(door.url)
      kept(
        await startPrometheus(
          targets,
          `    - { path_prefix: '/v1/prometheus/${key}', static_configs: [{ targets: ['${host}'] }] }`,
        ),
      )
      expect(await breakAndRecover(id, targets)).toBe(2)
    },
  )
})
