import {
  archiveIntegration,
  editIntegration,
  markDoorOpen,
  setPatience,
  sweepHeartbeats,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { aSource, doorOverDatabase, drain, setClockOffset, someone, testApi } from '../harness/index.ts'

const on = doorOverDatabase()
let source: Awaited<ReturnType<typeof aSource>>
let now = 0
beforeEach(async () => {
  source = await aSource(on, { name: 'Checks of the shop' })
})

const quietAfter = (minutes: number | null) =>
  transact(on.base.db, SYSTEM, (tx) => editIntegration(tx, source.id, { quietAfterMinutes: minutes }))

/** Minutes go by, in which the door says that it is open, unless it is `shut`. */
async function pass(minutes: number, { shut = false, replicas = 1 } = {}): Promise<void> {
  if (!shut)
    await sql`insert into door_watch as w (open_since, seen_at) values (tocsin_now(), tocsin_now() + make_interval(mins => ${minutes}))
      on conflict (only_row) do update set seen_at = excluded.seen_at`.execute(on.base.db)
  now += minutes * 60
  await setClockOffset(on.base.ownerUrl, `${now} seconds`)
  await Promise.all(Array.from({ length: replicas }, () => sweepHeartbeats(on.base.db)))
  await drain(on.base.db)
}
const raised = () =>
  on.base.db
    .selectFrom('alert as a')
    .leftJoin('ticket as t', 't.id', 'a.ticket_id')
    .select(['a.status', 'a.title', 'a.annotations', 't.number', 'a.count'])
    .where('a.integration_id', '=', source.id)
    .where('a.dedup_key', '=', 'tocsin:quiet')
    .execute()

test('a source that falls quiet opens an incident; its next message ends it', async () => {
  await quietAfter(10)
  await source.say({ title: 'one', dedup_key: 'one', kind: 'test' })
  await pass(9)
  expect(await raised()).toEqual([])
  await pass(2, { replicas: 3 })
  const [quiet] = await raised()
  expect(quiet).toMatchObject({
    status: 'firing',
    title: 'Checks of the shop: nothing is heard of this source',
    count: 1,
  })
  expect(quiet?.number).not.toBeNull()
  expect(quiet?.annotations).toMatchObject({ description: expect.stringContaining('10 min of silence') })
  await pass(60)
  expect((await raised())[0]).toMatchObject({ status: 'firing', count: 1 })

  await source.say({ title: 'two', dedup_key: 'two', kind: 'test' })
  await pass(1)
  expect((await raised())[0]).toMatchObject({ status: 'resolved' })
})

test('whoever was not asked stays quiet, and so does who was never heard of', async () => {
  await source.say({ title: 'one', dedup_key: 'one', kind: 'test' })
  await pass(5_000)
  expect(await raised()).toEqual([])
  source = await aSource(on)
  await quietAfter(1)
  await pass(5_000)
  expect(await raised()).toEqual([])
})

test('our own outage is not its silence', async () => {
  await quietAfter(10)
  await source.say({ title: 'one', dedup_key: 'one', kind: 'test' })
  await pass(20, { shut: true })
  expect(await raised()).toEqual([])
  await markDoorOpen(on.base.db)
  await pass(9)
  expect(await raised()).toEqual([])
  await pass(2)
  expect(await raised()).toMatchObject([{ status: 'firing' }])
})

test('the patience with what it sends holds back nothing of what we say of it', async () => {
  const patience = {
    hold_seconds: 3_600,
    threshold: { count: 3, minutes: 10 },
    flapping: { low: 20, high: 30 },
    expire_minutes: 5,
  }
  await transact(on.base.db, SYSTEM, (tx) => setPatience(tx, source.id, patience))
  await quietAfter(10)
  await source.say({ title: 'one', dedup_key: 'one', kind: 'test' })
  await pass(11)
  expect(await raised()).toMatchObject([{ status: 'firing', number: expect.any(String) }])
  const { due_at } = await source.alert('tocsin:quiet')
  expect(due_at).toBeNull()
})

test.each([
  ['the setting is taken back', () => quietAfter(null)],
  ['the source is archived', () => transact(on.base.db, SYSTEM, (tx) => archiveIntegration(tx, source.id))],
])('where %s, its alert ends', async (_name, change) => {
  await quietAfter(10)
  await source.say({ title: 'one', dedup_key: 'one', kind: 'test' })
  await pass(11)
  expect(await raised()).toMatchObject([{ status: 'firing' }])
  await change()
  await drain(on.base.db)
  expect(await raised()).toMatchObject([{ status: 'resolved' }])
})

test('the API sets it, shows it, and says what cannot be', async () => {
  const api = testApi(on.base.db)
  const { key } = await someone(on.base.db, [{ role: 'administrator' }])
  const path = `/api/v1/integrations/${source.id}`
  const set = (quiet_after_minutes: unknown, at = path) => api.call(key, 'PATCH', at, { quiet_after_minutes })
  const shown = async () => ((await (await api.call(key, 'GET', path)).json()) as { quiet: unknown }).quiet
  expect(await shown()).toBeNull()
  expect((await set(15)).status).toBe(200)
  expect(await shown()).toEqual({ after_minutes: 15, since: null })
  for (const wrong of [0, 1.5, 44_641, -3]) expect((await set(wrong)).status).toBe(422)
  expect((await set('soon')).status).toBeLessThan(500)
  const { id } = await aSource(on, { system: 'heartbeat' })
  expect((await set(15, `/api/v1/integrations/${id}`)).status).toBe(422)
  expect((await set(null)).status).toBe(200)
  expect(await shown()).toBeNull()
})
