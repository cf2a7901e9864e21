import { setTimeout as pause } from 'node:timers/promises'
import { readAccounting } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anIntegration, database, type TestDatabase, until } from '../harness/index.ts'
import { type OwnProcess, startProcess } from '../harness/own-process.ts'

const ROUNDS = process.env.TOCSIN_SOAK ? 20 : 3
const KEYS = 40
const SENDERS = 16

let base: TestDatabase
let door: OwnProcess
let engines: OwnProcess[]
beforeAll(async () => {
  base = await database()
  ;[door, ...engines] = await Promise.all([
    startProcess('ingest', base.url),
    startProcess('engine', base.url),
    startProcess('engine', base.url),
  ])
})
afterAll(async () => {
  await Promise.all([door, ...engines].map((one) => one.stop()))
  await base.drop()
})

test(
  `kill -9 of the door and the engines, ${ROUNDS} times each, under load`,
  { timeout: 60_000 + ROUNDS * 30_000 },
  async () => {
    const sources = await Promise.all([anIntegration(base.db), anIntegration(base.db)])
    const acknowledged: string[] = []
    let failures = 0
    let sending = true
    const senders = Array.from({ length: SENDERS }, async (_, sender) => {
      for (let n = 0; sending; n++) {
        const to = sources[n % 2]!
        const body = JSON.stringify({
          title: `From ${sender}`,
          dedup_key: `key-${(n * SENDERS + sender) % KEYS}`,
        })
        try {
          const answer = await fetch(`${door.url}/v1/events/${to.key}`, { method: 'POST', body })
          if (answer.status === 202) acknowledged.push(((await answer.json()) as { receipt: string }).receipt)
          else failures++
        } catch {
          // The door was killed under this request. A sender would come again: so does the next round.
          failures++
          await pause(50)
        }
      }
    })
    for (let round = 0; round < ROUNDS; round++) {
      const so_far = acknowledged.length
      await until(() => acknowledged.length > so_far + 300, { deadline: 30_000, what: 'the load flows' })
      await Promise.all([door.killAndRestart(), engines[round % 2]!.killAndRestart()])
    }
    const before = acknowledged.length
    await until(() => acknowledged.length > before + 300, { deadline: 30_000, what: 'the load flows again' })
    sending = false
    await Promise.all(senders)

    const accounts = await until(
      async () => {
        const read = await Promise.all(sources.map(({ id }) => readAccounting(base.db, id)))
        return read.every((account) => account.waiting === 0) ? read : undefined
      },
      { deadline: 60_000, what: 'everything is decided' },
    )
    expect(accounts.every((account) => account.balanced)).toBe(true)
    expect(failures).toBeGreaterThan(0)
    const { rows } = await sql`
    select (select count(*) from jsonb_array_elements_text(${JSON.stringify(acknowledged)}::jsonb) a
            where not exists (select from receipt r where r.id = a::uuid)) as lost_receipts,
           (select count(*) from receipt r where not exists (select from event e where e.receipt_id = r.id)) as undecided,
           (select count(*) from (select receipt_id, position from event group by 1, 2 having count(*) > 1) d) as twice,
           (select count(*) from ticket) as incidents, (select count(*) from alert) as alerts`.execute(
      base.db,
    )
    expect(rows[0]).toEqual({
      lost_receipts: 0,
      undecided: 0,
      twice: 0,
      incidents: KEYS * 2,
      alerts: KEYS * 2,
    })
  },
)
