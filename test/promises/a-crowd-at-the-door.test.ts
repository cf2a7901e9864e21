import { readAccounting } from '@tocsin/desk'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { anIntegration, doorOverDatabase, drain } from '../harness/index.ts'

const on = doorOverDatabase()
const REQUESTS = 120
const FLOOD = 640

test('what waits unopened while the door is crowded is decided as what it had the time to read', async () => {
  const { db } = on.base
  const { id, key } = await anIntegration(db, { system: 'prometheus' })
  const alert = (name: string) => ({ labels: { alertname: name, severity: 'error' }, annotations: {} })
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, (_, n) =>
      on.door.send(`/v1/prometheus/${key}/api/v2/alerts`, [alert(`first ${n}`), 'no alert', alert('same')]),
    ),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<{ events: number }>))
  expect(bodies.every(({ events }) => events === 3)).toBe(true)
  const { rows } = await sql<{ unopened: number; read: number }>`
    select count(*) filter (where json_typeof(events) = 'object')::int as unopened,
      count(*) filter (where json_typeof(events) = 'array')::int as read from receipt_waiting`.execute(db)
  const { unopened, read } = rows[0]!
  expect(unopened + read).toBe(REQUESTS)
  expect(unopened).toBeGreaterThan(0)
  expect(await readAccounting(db, id)).toMatchObject({ received: 3 * REQUESTS, waiting: 3 * REQUESTS })

  await drain(db)
  const { buckets, balanced, waiting } = await readAccounting(db, id)
  expect({ balanced, waiting }).toEqual({ balanced: true, waiting: 0 })
  expect(buckets['dead-letter']).toBe(REQUESTS)
  expect(buckets.opened + buckets.joined).toBe(REQUESTS + 1)
  expect(buckets.repeated).toBe(REQUESTS - 1)
  // What a replay reads holds the events, not the body.
  const { rows: kept } = await sql<{ kind: string }>`
    select distinct json_typeof(events) as kind from decided_receipt`.execute(db)
  expect(kept).toEqual([{ kind: 'array' }])
})

const say = async ({ key }: { key: string }) => {
  const answer = await on.door.send(`/v1/events/${key}`, { title: 'A disk is full', dedup_key: 'disk' })
  expect(answer.status).toBe(202)
  await answer.arrayBuffer()
}
/** So many at a time, `many` times each. */
const saying = (at: { key: string }, atOnce: number, many: number) =>
  Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let n = 0; n < many; n++) await say(at)
    }),
  )

test('beside another, a flood goes along in the commits of the other and has hardly any of its own', async () => {
  const { db } = on.base
  const [loud, quiet] = await Promise.all([anIntegration(db), anIntegration(db)])
  await saying(loud, 32, 5)
  await say(quiet)

  const began = performance.now()
  let over = false
  const flood = saying(loud, 32, FLOOD / 32).finally(() => (over = true))
  let beside = 0
  for (; !over; beside++) await say(quiet)
  await flood
  const { rows } = await sql<{ shared: number; own: number }>`
    with theirs as (
      select distinct xmin::text as committed from receipt where integration_id = ${quiet.id}
    ), latest as (
      select xmin::text as committed from receipt where integration_id = ${loud.id} order by id desc limit ${FLOOD}
    )
    select count(distinct committed) filter (where t.committed is not null)::int as shared,
      count(distinct l.committed) filter (where t.committed is null)::int as own
    from latest l left join theirs t using (committed)`.execute(db)
  const { shared, own } = rows[0]!
  expect(shared).toBeGreaterThan(beside / 3)
  // What nobody takes along goes after 25 ms.
  expect(own).toBeLessThan(10 + (performance.now() - began) / 25)
})
