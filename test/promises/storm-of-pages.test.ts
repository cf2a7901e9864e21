import { openTickets, SYSTEM, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import {
  aContact,
  aPolicy,
  aTeam,
  database,
  mailReceiver,
  type MailReceiver,
  type RunningEngine,
  setClockOffset,
  someone,
  startEngine,
  type TestDatabase,
  testApi,
  until,
} from '../harness/index.ts'

let record: TestDatabase
let mail: MailReceiver
let engines: RunningEngine[] = []
let team: string
beforeAll(async () => {
  record = await database()
  team = await aTeam(record.db)
})
afterAll(() => record.drop())
beforeEach(async () => {
  mail = await mailReceiver()
})
afterEach(async () => {
  await Promise.all(engines.map((engine) => engine.stop()))
  engines = []
  await mail.close()
  await setClockOffset(record.ownerUrl, '0')
})
/** Two, so that one message must not become two. */
const start = () => (engines = [1, 2].map(() => startEngine(record, { smtpUrl: mail.url })))

async function aService(): Promise<string> {
  const key = `service-${Math.random().toString(36).slice(2)}`
  const { rows } = await sql<{ id: string }>`
    insert into service (key, name, team_id) values (${key}, jsonb_build_object('en', ${key}::text), ${team}) returning id`.execute(
    record.db,
  )
  return rows[0]!.id
}
const incidents = (policyId: string, serviceId: string, count: number) =>
  transact(record.db, SYSTEM, (tx) =>
    openTickets(
      tx,
      Array.from({ length: count }, (_, index) => ({
        kind: 'incident' as const,
        title: `Disk full on db-${index + 1}`,
        impact: 'high' as const,
        urgency: 'high' as const,
        channel: 'monitoring' as const,
        escalationPolicyId: policyId,
        serviceId,
        teamId: team,
      })),
    ),
  )
const statesOf = async (policyId: string) => {
  const { rows } = await sql<{ state: string; count: number }>`
    select d.state, count(*) as count from delivery d join page g on g.id = d.page_id
    join escalation e on e.ticket_id = g.ticket_id join escalation_policy_version v on v.id = e.policy_version_id
    where v.policy_id = ${policyId} group by 1`.execute(record.db)
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}
const anEngineerOnCall = async () => {
  const ada = await someone(record.db, [{ role: 'on_call', teamId: team }])
  await aContact(record.db, ada.id, { kind: 'email', address: 'ada@example.test' })
  return {
    ada,
    policy: await aPolicy(record.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: ada.id }] }]),
  }
}
const numbersIn = (mails: string[]) =>
  new Set(
    mails
      .join('')
      .replaceAll(/=\r\n/g, '')
      .match(/INC-\d+/g) ?? [],
  )

it('300 incidents in a storm are two messages, a minute apart, that name every one of them', async () => {
  const { policy } = await anEngineerOnCall()
  const shop = await aService()
  start()
  const [first] = await incidents(policy, shop, 1)
  await until(() => mail.mails.length === 1)
  const opened = [first!]
  for (let wave = 0; wave < 13; wave++) opened.push(...(await incidents(policy, shop, 23)))
  expect(opened).toHaveLength(300)
  await until(async () => {
    const { rows } = await sql<{ held: number }>`
      select count(*) as held from delivery where held is not null and state = 'waiting'`.execute(record.db)
    return rows[0]!.held === 299
  })
  expect(mail.mails).toHaveLength(1)

  await setClockOffset(record.ownerUrl, '61 seconds')
  await until(async () => (await statesOf(policy)).sent === 300)
  expect(await statesOf(policy)).toEqual({ sent: 300 })
  expect(mail.mails).toHaveLength(2)
  expect(numbersIn(mail.mails)).toEqual(new Set(opened.map(({ number }) => number)))
})

it('a second service is heard of at once, first in its message, and the rest goes with it', async () => {
  const { policy } = await anEngineerOnCall()
  const [shop, wifi, post] = [await aService(), await aService(), await aService()]
  start()
  await incidents(policy, shop, 300)
  await until(() => mail.mails.length === 1)
  await incidents(policy, shop, 20)
  const [second] = await incidents(policy, wifi, 1)
  await until(() => mail.mails.length === 2)
  const { rows } = await sql<{ waited: boolean }>`
    select d.due_at > d.created_at as waited from delivery d join page p on p.id = d.page_id
    where p.ticket_id = ${second!.id}`.execute(record.db)
  expect(rows).toEqual([{ waited: false }])
  const [leading] = /INC-\d+/.exec(mail.mails[1]!.split('\r\n\r\n', 2)[0]!)!
  expect(leading).toBe(second!.number)
  await until(async () => (await statesOf(policy)).sent === 321)

  // A third one right after waits, but never 30 s.
  await incidents(policy, shop, 5)
  await incidents(policy, post, 1)
  const waiting = await until(async () => {
    const { rows } = await sql<{ seconds: number }>`
      select extract(epoch from due_at - created_at)::float8 as seconds from delivery
      where state = 'waiting' and held is not null order by created_at desc`.execute(record.db)
    return rows.length === 6 ? rows : undefined
  })
  expect(Math.max(...waiting.map(({ seconds }) => seconds))).toBeGreaterThan(20)
  await setClockOffset(record.ownerUrl, '30 seconds')
  await until(async () => (await statesOf(policy)).sent === 327)
  expect(mail.mails).toHaveLength(3)
})

it('acknowledged meanwhile, what was held is not said any more', async () => {
  const { ada, policy } = await anEngineerOnCall()
  const shop = await aService()
  const api = testApi(record.db)
  start()
  await incidents(policy, shop, 1)
  await until(() => mail.mails.length === 1)
  const [later] = await incidents(policy, shop, 1)
  const held = await until(async () => {
    const answer = await api.call(ada.key, 'GET', `/api/v1/pages?ticket=${later!.number}`)
    const { items } = (await answer.json()) as {
      items: {
        id: string
        deliveries: { state: string; held: { until: string; told_at: string } | null }[]
      }[]
    }
    return items[0]?.deliveries[0]?.held && items[0]
  })
  expect(held.deliveries[0]!.state).toBe('waiting')
  expect(Date.parse(held.deliveries[0]!.held!.until) - Date.parse(held.deliveries[0]!.held!.told_at)).toBe(
    60_000,
  )
  await api.call(ada.key, 'POST', `/api/v1/pages/${held.id}/acknowledge`)
  await setClockOffset(record.ownerUrl, '61 seconds')
  await until(async () => (await statesOf(policy)).cancelled === 1)
  expect(mail.mails).toHaveLength(1)
})
