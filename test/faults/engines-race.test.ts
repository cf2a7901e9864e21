import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import {
  aContact,
  aPolicy,
  database,
  mailReceiver,
  type MailReceiver,
  setClockOffset,
  someIncidents,
  someone,
  spawnSweeps,
  type SweepProcess,
  TEST_PUBLIC_URL,
  TEST_SECRET,
  type TestDatabase,
  until,
  webhookReceiver,
  type WebhookReceiver,
} from '../harness/index.ts'

let record: TestDatabase
let mail: MailReceiver
let hook: WebhookReceiver
const engines = new Set<SweepProcess>()
beforeAll(async () => {
  record = await database()
  mail = await mailReceiver()
  hook = await webhookReceiver()
})
afterEach(async () => {
  await Promise.all([...engines].map((engine) => engine.kill()))
  engines.clear()
  await setClockOffset(record.ownerUrl, '0')
})
afterAll(async () => {
  await Promise.all([mail.close(), hook.close()])
  await record.drop()
})

function anEngine(): SweepProcess {
  const engine = spawnSweeps({
    DATABASE_URL: record.url,
    SMTP_URL: mail.url,
    TOCSIN_SECRET: TEST_SECRET,
    TOCSIN_PUBLIC_URL: TEST_PUBLIC_URL,
  })
  engines.add(engine)
  return engine
}

const INCIDENTS = 1_000
const STEPS = 3

it('decides each step once, with three engines racing and one after the other killed', async () => {
  const people = await Promise.all(Array.from({ length: STEPS }, () => someone(record.db)))
  for (const { id } of people) await aContact(record.db, id, { kind: 'app' })
  const policy = await aPolicy(
    record.db,
    people.map(({ id }, index) => ({ wait_ms: index === 0 ? 0 : 700, targets: [{ kind: 'person', id }] })),
  )
  await someIncidents(record.db, policy, INCIDENTS)

  const racing = [anEngine(), anEngine(), anEngine()]
  const done = new AbortController()
  const killing = killOneByOne(racing, done.signal)
  await until(async () => (await finished(policy)) === INCIDENTS, {
    deadline: 60_000,
    every: 200,
    what: 'every escalation comes to its end',
  }).finally(() => done.abort())
  const killed = await killing

  const { rows } = await sql<Record<string, number>>`
    select (select count(*) from page) as pages,
           (select count(distinct (ticket_id, step)) from page) as distinct_pages,
           (select count(*) from activity where verb = 'page') as lines,
           (select count(*) from escalation_step where outcome ? 'paged') as decided,
           (select count(*) from delivery) as deliveries`.execute(record.db)
  const all = INCIDENTS * STEPS
  expect(rows[0]).toEqual({ pages: all, distinct_pages: all, lines: all, decided: all, deliveries: all })
  expect(killed).toBeGreaterThan(0)
})

async function finished(policyId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from escalation e join escalation_policy_version v on v.id = e.policy_version_id
    where v.policy_id = ${policyId} and e.state = 'finished'`.execute(record.db)
  return rows[0]!.count
}

/** Again and again, once all of them sweep, the oldest dies at a moment of chance and another takes its place. */
async function killOneByOne(racing: SweepProcess[], done: AbortSignal): Promise<number> {
  for (let killed = 0; ; killed++) {
    await Promise.all(racing.map((engine) => engine.ready))
    const going = await pause(Math.random() * 600, true, { signal: done }).catch(() => false)
    if (!going) return killed
    await racing.shift()!.kill()
    racing.push(anEngine())
  }
}

it('sends again, under the same key, what a killed engine had sent without writing it down', async () => {
  const ada = await someone(record.db)
  await aContact(record.db, ada.id, { kind: 'webhook', address: hook.url })
  await aContact(record.db, ada.id, { kind: 'email', address: 'ada@example.test' })
  const policy = await aPolicy(record.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: ada.id }] }])
  const [ticket] = await someIncidents(record.db, policy)
  hook.status = undefined
  mail.mode = 'swallow'
  const first = anEngine()
  await until(() => hook.calls.length === 1 && mail.mails.length === 1, { deadline: 15_000 })
  await first.kill()

  hook.status = 204
  mail.mode = 'take'
  await setClockOffset(record.ownerUrl, '16 seconds') // the lease is 15 s
  anEngine()
  await until(
    async () => {
      const { rows } = await sql<{ state: string; attempts: number }>`
        select d.state, d.attempts from delivery d join page g on g.id = d.page_id where g.ticket_id = ${ticket!.id}`.execute(
        record.db,
      )
      return rows.length === 2 && rows.every((row) => row.state === 'sent' && row.attempts === 2)
    },
    { deadline: 15_000 },
  )
  const [before, after] = hook.calls
  expect(after!.headers['idempotency-key']).toBe(before!.headers['idempotency-key'])
  expect(after!.body).toBe(before!.body)
  const ids = mail.mails.map((sent) => /^Message-ID: (.*)$/im.exec(sent)?.[1])
  expect(ids).toHaveLength(2)
  expect(ids[0]).toBe(ids[1])
})
