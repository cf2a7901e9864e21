import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  aContact,
  aPolicy,
  aTeam,
  database,
  mailReceiver,
  type MailReceiver,
  setClockOffset,
  someIncidents,
  type Someone,
  someone,
  spawnSweeps,
  type SweepProcess,
  TEST_PUBLIC_URL,
  TEST_SECRET,
  type TestApi,
  testApi,
  type TestDatabase,
  until,
} from '../harness/index.ts'

let record: TestDatabase
let mail: MailReceiver
let engine: SweepProcess
let api: TestApi
let ada: Someone
let policy: string
beforeAll(async () => {
  record = await database()
  mail = await mailReceiver()
  api = testApi(record.db)
  const team = await aTeam(record.db)
  ada = await someone(record.db, [{ role: 'on_call', teamId: team }])
  await aContact(record.db, ada.id, { kind: 'email', address: 'ada@example.test' })
  policy = await aPolicy(record.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: ada.id }] }])
  engine = spawnSweeps({
    DATABASE_URL: record.url,
    SMTP_URL: mail.url,
    TOCSIN_SECRET: TEST_SECRET,
    TOCSIN_PUBLIC_URL: TEST_PUBLIC_URL,
  })
  await engine.ready
})
afterAll(async () => {
  await engine.kill()
  await mail.close()
  await record.drop()
})

const pulse = async () => (await api.call(undefined, 'GET', '/api/v1/paging/pulse')).status
const audit = async () => (await (await api.call(ada.key, 'GET', '/api/v1/paging/audit')).json()) as unknown

it('an engine that stands still is told by the api within six minutes, and what it missed is marked as late', async () => {
  await someIncidents(record.db, policy)
  await until(() => mail.mails.length === 1)
  expect(await pulse()).toBe(200)

  engine.freeze(true)
  const [ticket] = await someIncidents(record.db, policy)
  await setClockOffset(record.ownerUrl, '4 minutes')
  expect(await pulse()).toBe(200)
  await setClockOffset(record.ownerUrl, '6 minutes')
  expect(await pulse()).toBe(503)
  expect(await audit()).toMatchObject({ ok: false, steps: { count: 1 }, deliveries: { count: 0 } })

  engine.freeze(false)
  await until(() => mail.mails.length === 2, { deadline: 15_000 })
  await until(async () => (await pulse()) === 200)
  const { rows } = await sql<{ verb: string; late: number }>`
    select verb, (why ->> 'late_ms')::int as late from activity where ticket_id = ${ticket!.id} and verb = 'page-late'`.execute(
    record.db,
  )
  expect(rows).toHaveLength(1)
  expect(rows[0]!.late).toBeGreaterThan(350_000)

  await setClockOffset(record.ownerUrl, '20 minutes')
  expect(await audit()).toMatchObject({ ok: true, day: { pages: 2, reached: 2, trying: 0, unreached: 0 } })
})

it(
  'a million incidents make the audit no slower than two seconds',
  { timeout: process.env.TOCSIN_SOAK ? 900_000 : 240_000 },
  async () => {
    const incidents = process.env.TOCSIN_SOAK ? 1_000_000 : 10_000
    await sql`
    with made as (
      insert into ticket (number, kind, state, title, impact, urgency, priority, channel, created_at, updated_at)
      select 'AUD-' || n, 'incident', 'closed', 'x', 'low', 'low', 'P4', 'import', t.at, t.at
      from generate_series(1, ${incidents}) n, lateral (select tocsin_now() - n * interval '30 seconds' as at) t
      returning id, created_at
    ), cycle as (
      insert into escalation (ticket_id, cycle, policy_version_id, state, started_at, ended_at)
      select m.id, 1, v.id, 'acknowledged', m.created_at, m.created_at from made m, escalation_policy_version v
      where v.policy_id = ${policy} returning id, ticket_id, started_at
    ), step as (
      insert into escalation_step (escalation_id, position, due_at, decided_at, outcome)
      select id, 0, started_at, started_at, '{}' from cycle
    ), paged as (
      insert into page (ticket_id, cycle, step, recipient_id, why, state, created_at, ended_at)
      select ticket_id, 1, 0, ${ada.id}, '{}', 'ended', started_at, started_at from cycle returning id, created_at
    )
    insert into delivery (page_id, contact_method_id, position, state, due_at, sent_at, created_at)
    select p.id, c.id, 1, 'sent', p.created_at, p.created_at, p.created_at
    from paged p, contact_method c where c.person_id = ${ada.id}`.execute(record.db)
    const begun = performance.now()
    expect(await audit()).toMatchObject({ ok: true })
    expect(performance.now() - begun).toBeLessThan(2_000)
  },
)
