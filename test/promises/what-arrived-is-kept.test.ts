import { randomUUID } from 'node:crypto'
import {
  ensurePartitions,
  readNow,
  retryDeadLetter,
  sweepCheckpoints,
  sweepRetention,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { pino } from 'pino'
import { beforeAll, expect, test } from 'vitest'
import {
  aSource,
  asOwner,
  doorOverDatabase,
  type Someone,
  someone,
  type TestApi,
  testApi,
} from '../harness/index.ts'

const DAY = 86_400
const log = pino({ level: 'silent' })
const on = doorOverDatabase()
let api: TestApi
let administrator: Someone
let first: string
let source: Awaited<ReturnType<typeof aSource>>
beforeAll(async () => {
  api = testApi(on.base.db)
  administrator = await someone(on.base.db, [{ role: 'administrator' }])
  source = await aSource(on)
  // Noon: no day ends between two lines of a test.
  const now = await readNow(on.base.db)
  await on.moveOn(DAY * 1.5 - ((now.getTime() / 1000) % DAY))
  await ensurePartitions(on.base.db)
  first = (await readNow(on.base.db)).toISOString().slice(0, 10)
  await sweepCheckpoints(on.base.db)
})

const call = (method: string, path: string, body?: unknown) =>
  api.call(administrator.key, method, `/api/v1${path}`, body)
const keep = async (days: Record<string, number>) =>
  expect((await call('PATCH', '/settings', days)).status).toBe(200)
const count = async (table: string) =>
  (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(on.base.db)).rows[0]!
    .n
/** A day later at a time, as an engine that goes on would have it. */
async function days(more: number) {
  await on.moveOn(more * DAY)
  await ensurePartitions(on.base.db)
  await sweepCheckpoints(on.base.db)
}
/** What of the first day is gone. */
const dropped = async () => {
  const { rows } = await sql<{ table: string }>`
    select after ->> 'table' as table from activity where verb = 'drop' and after ->> 'day' = ${first} order by 1`.execute(
    on.base.db,
  )
  return rows.map((row) => row.table)
}

test('days go one class after the other, the account stays balanced, and the pages say what went', async () => {
  const { db } = on.base
  await keep({ keep_requests_days: 10, keep_events_days: 30, keep_decisions_days: 20 })
  await source.say({ dedup_key: 'a', title: 'A disk is full' })
  await source.say({ kind: 'resolve', dedup_key: 'a' })
  const sent = await on.door.send(`/v1/events/${source.key}`, {
    events: ['nonsense', { kind: 'resolve', dedup_key: 'b' }],
  })
  expect(sent.status).toBe(202)
  const receipt = (await db.selectFrom('receipt').select('id').orderBy('id').executeTakeFirstOrThrow()).id
  const alert = await source.alert('a')
  const path = `/integrations/${source.id}/receipts/${receipt}`
  const began = await readNow(db)

  await days(10)
  await sweepRetention(db, log)
  expect(await dropped()).toEqual([])
  expect((await call('GET', path)).status).toBe(200)

  await days(2)
  expect(await count('receipt_waiting')).toBe(1)
  await sweepRetention(db, log)
  expect(await dropped()).toEqual([])
  await source.say({ kind: 'resolve', dedup_key: 'b' })

  await sweepRetention(db, log)
  expect(await dropped()).toEqual(['receipt'])
  expect((await call('GET', path)).status).toBe(410)
  expect(await (await call('GET', `${path}/trail`)).json()).toMatchObject({
    status: 410,
    detail: 'Requests are kept for 10 days; this one would be older.',
  })
  expect((await call('GET', `/integrations/${source.id}/receipts/${randomUUID()}`)).status).toBe(404)
  // Its dead letter is read again all the same, from its own words.
  const letter = await db.selectFrom('dead_letter').select('id').executeTakeFirstOrThrow()
  await transact(db, SYSTEM, (tx) => retryDeadLetter(tx, source.id, letter.id))

  await days(10)
  await source.say({ kind: 'resolve', dedup_key: 'b' })
  await sweepRetention(db, log)
  expect(await dropped()).toEqual(['decided_receipt', 'decision', 'receipt'])
  const replay = await call('POST', '/replays', {
    from: began,
    to: new Date(began.getTime() + 1000),
    version: 1,
  })
  expect(await replay.json()).toMatchObject({
    status: 422,
    errors: [{ path: 'from', message: expect.stringMatching(/^what a replay needs is kept since/) }],
  })

  await days(10)
  await sweepRetention(db, log)
  expect(await dropped()).toEqual(['decided_receipt', 'decision', 'event', 'receipt'])
  expect(await (await call('GET', `/alerts/${alert.id}`)).json()).toMatchObject({ count: 1, events: [] })
  expect(await (await call('GET', `/integrations/${source.id}/accounting`)).json()).toMatchObject({
    balanced: true,
    waiting: 0,
    received: 7,
  })
  expect(await sweepRetention(db, log)).toBe(0)
})

test('a day stays while an alert stands in the ticket that it came into on it, and what a window muted stays counted', async () => {
  const { db } = on.base
  await keep({ keep_requests_days: 7, keep_events_days: 7, keep_decisions_days: 0 })
  const now = await readNow(db)
  const window = await call('POST', '/maintenance', {
    kind: 'silence',
    reason: 'Known',
    starts_at: now,
    ends_at: new Date(now.getTime() + 3_600_000),
    matchers: [{ name: 'site', value: 'rome' }],
  })
  const { id } = (await window.json()) as { id: string }
  expect(window.status).toBe(201)
  await source.say({ dedup_key: 'muted', title: 'Muted', labels: { site: 'rome' } })
  await source.say({ dedup_key: 'open', title: 'Still there' })
  const muted = async () =>
    ((await (await call('GET', `/maintenance/${id}`)).json()) as { suppressed: number }).suppressed
  expect(await muted()).toBe(1)
  const kept = async () =>
    (await sql`select from event where dedup_key in ('muted', 'open')`.execute(db)).rows.length
  expect(await kept()).toBe(2)

  await days(20)
  await sweepRetention(db, log)
  expect((await source.alert('open')).status).toBe('firing')
  expect(await kept()).toBe(2)
  await source.say({ kind: 'resolve', dedup_key: 'open' })
  await sweepRetention(db, log)
  expect(await kept()).toBe(1)
  expect(await muted()).toBe(1)
})

test('a day in use goes another time, several engines drop it once, and none may drop a younger one', async () => {
  const { db } = on.base
  await days(9)
  const before = await count('event')
  await db.transaction().execute(async (trx) => {
    await sql`select from event limit 1`.execute(trx)
    await sweepRetention(db, log)
  })
  expect(before).toBeGreaterThan(0)
  expect(await count('event')).toBe(before)
  const went = await Promise.all([1, 2, 3].map(() => sweepRetention(db, log)))
  expect(went.reduce((sum, one) => sum + one)).toBeGreaterThan(0)
  expect(await count('event')).toBe(0)
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from activity where verb = 'drop' group by after ->> 'table', after ->> 'day' having count(*) > 1`.execute(
    db,
  )
  expect(rows).toEqual([])
  for (const days of [6, 7, null])
    await expect(
      sql`select drop_day('event', (tocsin_now() at time zone 'UTC')::date - ${days ?? 0}::int)`.execute(db),
    ).rejects.toThrow(/must stay/)
  await expect(sql`select drop_day('activity', '2020-01-01')`.execute(db)).rejects.toThrow(/must stay/)
  await expect(asOwner(on.base.ownerUrl, `select drop_day('alert', '2020-01-01')`)).rejects.toThrow(
    /must stay/,
  )
})

test('what rests in the default partitions goes too, some thousands at a time, by the same conditions', async () => {
  const { db, ownerUrl } = on.base
  await keep({ keep_requests_days: 7, keep_events_days: 7, keep_decisions_days: 7 })
  // Nobody makes partitions for so long.
  await on.moveOn(10 * DAY)
  const now = await readNow(db)
  const window = await call('POST', '/maintenance', {
    kind: 'silence',
    reason: 'Known',
    starts_at: now,
    ends_at: new Date(now.getTime() + 3_600_000),
    matchers: [{ name: 'site', value: 'oslo' }],
  })
  const { id } = (await window.json()) as { id: string }
  await source.say({ dedup_key: 'late', title: 'Still there' })
  await source.say({ dedup_key: 'quiet', title: 'Muted', labels: { site: 'oslo' } })
  await asOwner(
    ownerUrl,
    `insert into receipt (received_at, integration_id, outcome, answer_status, body)
     select '${now.toISOString()}', '${source.id}', 'rejected', 422, '' from generate_series(1, 20000)`,
  )
  const resting = async () => {
    const { rows } = await sql<{ table: string; n: number }>`
      select tableoid::regclass::text as table, count(*)::int as n from (
        select tableoid from receipt union all select tableoid from event
        union all select tableoid from decision union all select tableoid from decided_receipt) r
      where tableoid::regclass::text like '%_rest' group by 1`.execute(db)
    return Object.fromEntries(rows.map(({ table, n }) => [table, n]))
  }
  const whole = { receipt_rest: 20_002, event_rest: 2, decision_rest: 2, decided_receipt_rest: 2 }
  expect(await resting()).toEqual(whole)

  await days(7)
  await sweepRetention(db, log)
  expect(await resting()).toEqual(whole)
  await days(2)
  await sweepRetention(db, log)
  expect(await resting()).toEqual({ receipt_rest: 20_002, event_rest: 2 })
  await source.say({ kind: 'resolve', dedup_key: 'late' })
  await Promise.all([1, 2].map(() => sweepRetention(db, log)))
  expect(await resting()).toEqual({})
  const { rows } = await sql<{ table: string; lines: number; rows: number }>`
    select after ->> 'table' as table, count(*)::int as lines, sum((after ->> 'rows')::int)::int as rows
    from activity where verb = 'drop' and after ? 'rows' group by 1 order by 1`.execute(db)
  expect(rows).toEqual([
    { table: 'decided_receipt', lines: 1, rows: 2 },
    { table: 'decision', lines: 1, rows: 2 },
    { table: 'event', lines: 1, rows: 2 },
    { table: 'receipt', lines: 2, rows: 20_002 },
  ])
  expect(await (await call('GET', `/maintenance/${id}`)).json()).toMatchObject({ suppressed: 1 })
  for (const [parent, days] of [
    ['receipt', 7],
    ['activity', 100],
  ])
    await expect(
      sql`select drop_resting(${parent}, (tocsin_now() at time zone 'UTC')::date - ${days}::int, 1)`.execute(
        db,
      ),
    ).rejects.toThrow(/must stay/)
})

test('settings out of bounds are refused', async () => {
  for (const days of [6, 3_651, 7.5, -1])
    expect((await call('PATCH', '/settings', { keep_events_days: days })).status).toBe(422)
})
