import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  database,
  type RunningEngine,
  startEngine,
  type TestDatabase,
  type TestDoor,
  testDoor,
  testWorker,
  until,
} from '../harness/index.ts'
import { aftermath, failElsewhere, isPaged, sendStorm, stormySource } from '../harness/storm.ts'

const ALERTS = 3_000
const KEYS = 300
const PAGED_WITHIN_MS = 5_000

let record: TestDatabase
let door: TestDoor
let worker: { stop: () => Promise<void> }
let engine: RunningEngine
beforeAll(async () => {
  record = await database()
  door = await testDoor(record.url)
  worker = testWorker(record.url)
  engine = startEngine(record)
})
afterAll(async () => {
  await Promise.all([worker.stop(), engine.stop(), door.close()])
  await record.drop()
})

it('thousands of alerts open a handful of incidents, none is lost, and other trouble in their midst is heard at once', async () => {
  const source = await stormySource(record.db)
  const address = `${door.url}/v1/events/${source.key}`
  let heardAfter = Infinity
  await sendStorm(address, { alerts: ALERTS, keys: KEYS, seconds: 0 }, async () => {
    const began = performance.now()
    const key = await failElsewhere(address)
    await until(() => isPaged(record.db, source.id, key), { what: 'somebody is paged for the other trouble' })
    heardAfter = performance.now() - began
  })
  const left = await until(
    async () => {
      const seen = await aftermath(record.db, source.id)
      return seen.waiting === 0 ? seen : undefined
    },
    { what: 'the storm is decided' },
  )
  expect(left).toMatchObject({
    balanced: true,
    received: ALERTS + 1,
    heard: ALERTS + 1,
    alerts: KEYS + 1,
    unplaced: 0,
  })
  expect(left.incidents).toBeLessThanOrEqual(25)
  expect(heardAfter).toBeLessThan(PAGED_WITHIN_MS)
})
