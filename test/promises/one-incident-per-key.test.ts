import { setTimeout as pause } from 'node:timers/promises'
import { connect } from '@tocsin/db'
import { readAccounting } from '@tocsin/desk'
import { waitingIntegrations, workIntegration } from '@tocsin/ingest/worker'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anIntegration, database, type TestDatabase, type TestDoor, testDoor } from '../harness/index.ts'

// `npm run soak` runs the whole of it: 1,000 keys, each triggered 50 times.
const { keys: KEYS, times: TIMES } = process.env.TOCSIN_SOAK
  ? { keys: 1_000, times: 50 }
  : { keys: 200, times: 20 }
const INTEGRATIONS = 4
const SENDERS = 48
const WORKERS = 3

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

test(
  `${KEYS} keys, ${TIMES} concurrent triggers each, ${WORKERS} workers: one incident a key, no event lost`,
  { timeout: 600_000 },
  async () => {
    const sources = await Promise.all(Array.from({ length: INTEGRATIONS }, () => anIntegration(base.db)))
    const messages = Array.from({ length: KEYS * TIMES }, (_, n) => ({
      to: sources[n % INTEGRATIONS]!,
      body: { title: 'It is down', dedup_key: `key-${Math.floor(n / INTEGRATIONS) % (KEYS / INTEGRATIONS)}` },
    }))
    let sending = true
    const unbalanced: unknown[] = []
    const watching = (async () => {
      while (sending) {
        for (const { id } of sources) {
          const account = await readAccounting(base.db, id)
          if (!account.balanced) unbalanced.push(account)
        }
        await pause(20)
      }
    })()
    const working = Array.from({ length: WORKERS }, () => work(() => sending))
    const statuses = new Set<number>()
    await Promise.all(
      Array.from({ length: SENDERS }, async () => {
        for (let next = messages.pop(); next; next = messages.pop())
          statuses.add((await door.send(`/v1/events/${next.to.key}`, next.body)).status)
      }),
    )
    sending = false
    const decided = await Promise.all(working)
    await watching

    expect([...statuses]).toEqual([202])
    // Otherwise nobody raced.
    expect(decided.filter((receipts) => receipts > 0).length).toBeGreaterThan(1)
    expect(unbalanced).toEqual([])
    const { rows } = await sql`
    select (select count(*) from ticket) as tickets, (select count(distinct ticket_id) from alert) as of_alerts,
           (select count(*) from alert) as alerts, (select sum(count)::int8 from alert) as triggers,
           (select count(*) from event) as events, (select count(*) from event where bucket = 'opened') as opened,
           (select count(*) from event where bucket = 'repeated') as repeated,
           (select count(*) from receipt_waiting) as waiting`.execute(base.db)
    expect(rows[0]).toEqual({
      tickets: KEYS,
      of_alerts: KEYS,
      alerts: KEYS,
      triggers: KEYS * TIMES,
      events: KEYS * TIMES,
      opened: KEYS,
      repeated: KEYS * (TIMES - 1),
      waiting: 0,
    })
    // Whichever worker took it: what came first was decided first.
    const { rows: disorder } = await sql`
      select * from (
        select d.id, min(r.seq) as first, lag(max(r.seq)) over (partition by d.integration_id order by d.id) as before
        from decision d join decided_receipt r on r.decision_id = d.id group by d.id, d.integration_id) o
      where before > first`.execute(base.db)
    expect(disorder).toEqual([])
  },
)

/** A worker as an engine runs it, on a pool of its own, until nothing is sent and nothing waits. */
async function work(sending: () => boolean): Promise<number> {
  const db = connect(base.url, { name: 'racing worker', max: 2 })
  let decided = 0
  for (;;) {
    const last = !sending()
    const waiting = await waitingIntegrations(db)
    for (const id of waiting) decided += (await workIntegration(db, id)).receipts
    if (last && waiting.length === 0) break
  }
  await db.destroy()
  return decided
}
