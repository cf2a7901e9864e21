import { lastPlace, placeActivity, readFeed, record as write, SYSTEM, transact } from '@tocsin/desk'
import { connect } from '@tocsin/db'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { database, type TestDatabase } from '../harness/index.ts'

let record: TestDatabase
beforeAll(async () => {
  record = await database()
})
afterAll(() => record.drop())

const subject = { kind: 'test', id: '0198c0de-0000-7000-8000-000000000000' }
const line = (verb: string) => transact(record.db, SYSTEM, (tx) => write(tx, [{ verb, subject }]))
const verbs = async (from: number) => (await readFeed(record.db, from, 1000)).map((row) => row.verb)

it('never skips a line that commits late, and is held up by no open transaction', async () => {
  let commit = () => undefined as void
  let written = () => undefined as void
  const isWritten = new Promise<void>((resolve) => (written = resolve))
  const late = transact(record.db, SYSTEM, async (tx) => {
    await write(tx, [{ verb: 'late', subject }])
    written()
    await new Promise<void>((resolve) => (commit = resolve))
  })
  await isWritten
  await line('early')
  await placeActivity(record.db)
  const start = await lastPlace(record.db)
  expect(await verbs(0)).toEqual(['early'])
  commit()
  await late
  await placeActivity(record.db)
  expect(await verbs(start)).toEqual(['late'])
})

it('gives every line one place, in one order, however many sequence at once', async () => {
  const start = await lastPlace(record.db)
  const others = [connect(record.url), connect(record.url), connect(record.url)]
  try {
    const writers = Promise.all(Array.from({ length: 60 }, (_, index) => line(`line ${index}`)))
    let done = false
    const sequencers = others.map(async (db) => {
      while (!done) await placeActivity(db)
    })
    const seen: string[] = []
    const reader = (async () => {
      let place = start
      while (seen.length < 60) {
        const rows = await readFeed(record.db, place, 7)
        seen.push(...rows.map((row) => row.verb))
        place = rows.at(-1)?.place ?? place
      }
    })()
    await writers
    await reader
    done = true
    await Promise.all(sequencers)
    expect(new Set(seen).size).toBe(60)
  } finally {
    await Promise.all(others.map((db) => db.destroy()))
  }
})
