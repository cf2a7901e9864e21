import { markDoorOpen, sweepHeartbeats, SYSTEM, transact, editIntegration } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  anIntegration,
  database,
  drain,
  setClockOffset,
  type TestDatabase,
  type TestDoor,
  testDoor,
} from '../harness/index.ts'

const INTERVAL_S = 60
const GRACE_S = 10

let base: TestDatabase
let door: TestDoor
let job: Awaited<ReturnType<typeof anIntegration>>
let now = 0
beforeAll(async () => {
  base = await database()
  door = await testDoor(base.url)
})
afterAll(async () => {
  await door.close()
  await base.drop()
})
beforeEach(async () => {
  job = await anIntegration(base.db, { system: 'heartbeat', name: 'Backup of billing' })
  await transact(base.db, SYSTEM, (tx) =>
    editIntegration(tx, job.id, { rhythm: { interval_s: INTERVAL_S, grace_s: GRACE_S } }),
  )
})

const ping = (method = 'GET', key = job.key) => fetch(`${door.url}/v1/heartbeat/${key}`, { method })
/** Seconds go by, in which the door says that it is open, unless it is `shut`. */
async function pass(seconds: number, { shut = false } = {}): Promise<void> {
  if (!shut)
    await sql`update door_watch set seen_at = tocsin_now() + make_interval(secs => ${seconds})`.execute(
      base.db,
    )
  now += seconds
  await setClockOffset(base.ownerUrl, `${now} seconds`)
  await sweepHeartbeats(base.db)
  await drain(base.db)
}
const alerts = () =>
  base.db
    .selectFrom('alert as a')
    .leftJoin('ticket as t', 't.id', 'a.ticket_id')
    .select(['a.status', 'a.title', 'a.annotations', 't.number'])
    .where('a.integration_id', '=', job.id)
    .execute()

test('a sign of life that does not come opens an incident with its evidence; the next one ends it', async () => {
  expect((await ping()).status).toBe(200)
  await pass(INTERVAL_S)
  expect(await alerts()).toEqual([])
  // What a person is promised: interval + 30 s.
  await pass(GRACE_S + 10)
  const [missing] = await alerts()
  expect(missing).toMatchObject({ status: 'firing', title: 'Backup of billing: no sign of life' })
  expect(missing?.number).not.toBeNull()
  expect(JSON.stringify(missing?.annotations)).toContain('every 60 s')

  // Still missing is no further news.
  await pass(300)
  expect(await alerts()).toHaveLength(1)
  await ping('POST')
  await pass(1)
  expect((await alerts())[0]).toMatchObject({ status: 'resolved' })

  await pass(INTERVAL_S + GRACE_S + 10)
  expect((await alerts())[0]).toMatchObject({ status: 'firing' })
})

test('signs that come in time raise nothing, however they are sent', async () => {
  for (const method of ['GET', 'POST', 'HEAD', 'PUT']) {
    const response = await fetch(`${door.url}/v1/heartbeat/${job.key}`, {
      method,
      ...((method === 'POST' || method === 'PUT') && { body: 'exit: 0 {' }),
    })
    expect(response.status).toBe(200)
    await pass(INTERVAL_S - 5)
  }
  expect(await alerts()).toEqual([])
  expect((await ping('GET', 'toc_wrong')).status).toBe(401)
})

test('twenty minutes of our own downtime raise no false alarm, and a job that died meanwhile is found', async () => {
  await ping()
  await pass(1200, { shut: true })
  // The door is still shut for all that is known.
  expect(await alerts()).toEqual([])
  await markDoorOpen(base.db)
  await pass(INTERVAL_S)
  expect(await alerts()).toEqual([])
  await pass(GRACE_S + 30)
  expect(await alerts()).toMatchObject([{ status: 'firing' }])
})

test('who was never heard of is waited for', async () => {
  await pass(3600)
  expect(await alerts()).toEqual([])
})

test('two engines make one alarm', async () => {
  await ping()
  now += INTERVAL_S + GRACE_S + 10
  await setClockOffset(base.ownerUrl, `${now} seconds`)
  await sql`update door_watch set seen_at = tocsin_now(), open_since = tocsin_now() - interval '1 day'`.execute(
    base.db,
  )
  await Promise.all([sweepHeartbeats(base.db), sweepHeartbeats(base.db), sweepHeartbeats(base.db)])
  const { count } = await base.db
    .selectFrom('receipt')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('integration_id', '=', job.id)
    .executeTakeFirstOrThrow()
  // The sign itself, and the one that it was missed.
  expect(count).toBe(2)
})
