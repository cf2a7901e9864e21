import { foldTallies, readAccounting } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  anIntegration,
  database,
  drain,
  setClockOffset,
  type TestDatabase,
  type TestDoor,
  testDoor,
} from '../harness/index.ts'

let record: TestDatabase
let door: TestDoor
beforeAll(async () => {
  record = await database()
  door = await testDoor(record.url)
})
afterAll(async () => {
  await door.close()
  await record.drop()
})

async function foldAll(): Promise<number> {
  let folded = 0
  for (let rows = await foldTallies(record.db); rows > 0; rows = await foldTallies(record.db)) folded += rows
  return folded
}
const openRows = async (integrationId: string) => {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from tally where integration_id = ${integrationId} and slot >= 0`.execute(
    record.db,
  )
  return rows[0]!.count
}
const minutesOf = async (integrationId: string) => {
  const { rows } = await sql`
    select minute, bucket, sum(count)::int as count from tally where integration_id = ${integrationId}
    group by 1, 2 order by 1, 2`.execute(record.db)
  return rows
}

it('an account is the same before, while and after its old minutes are folded, and reads no old minute', async () => {
  const { id, key } = await anIntegration(record.db)
  await sql`
    insert into tally (integration_id, minute, bucket, slot, count)
    select ${id}, date_trunc('minute', tocsin_now()) - n * interval '1 minute', b.bucket, s.slot, b.count
    from generate_series(0, 1439) n, (values ('received', 3), ('opened', 1), ('repeated', 2), ('rejected', 1)) b(bucket, count),
         generate_series(0, 1) s(slot)`.execute(record.db)
  const before = await readAccounting(record.db, id)
  const history = await minutesOf(id)
  expect(before).toMatchObject({ received: 8_640, rejected: 2_880, balanced: true })

  const folding = Promise.all([foldAll(), foldAll()])
  let over = false
  void folding.finally(() => (over = true))
  let read = 0
  while (!over) {
    const { received, buckets, rejected, balanced } = await readAccounting(record.db, id)
    expect({ received, buckets, rejected, balanced }).toEqual({
      received: before.received,
      buckets: before.buckets,
      rejected: before.rejected,
      balanced: true,
    })
    read++
  }
  const [one, two] = await folding
  expect(one + two).toBeGreaterThan(11_000)
  expect(read).toBeGreaterThan(1)
  expect(await openRows(id)).toBeLessThan(100)
  expect(await minutesOf(id)).toEqual(history)

  // What comes in afterwards counts on, now and for a minute that was folded already.
  await door.send(`/v1/events/${key}`, { title: 'A disk is full', dedup_key: 'disk-1' })
  await drain(record.db)
  await sql`
    insert into tally (integration_id, minute, bucket, slot, count)
    select ${id}, date_trunc('minute', tocsin_now()) - interval '1 day', bucket, 5, 1 from (values ('received'), ('opened')) b(bucket)`.execute(
    record.db,
  )
  expect(await readAccounting(record.db, id)).toMatchObject({ received: 8_642, balanced: true })
  await setClockOffset(record.ownerUrl, '12 minutes')
  expect(await foldAll()).toBeGreaterThan(0)
  expect(await openRows(id)).toBe(0)
  expect(await readAccounting(record.db, id)).toMatchObject({ received: 8_642, balanced: true })
})
