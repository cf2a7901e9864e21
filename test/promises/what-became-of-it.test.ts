import { randomUUID } from 'node:crypto'
import { setPatience, sweepAlerts, sweepRecoveries, SYSTEM, transact } from '@tocsin/desk'
import { beforeAll, expect, test } from 'vitest'
import {
  aContact,
  aPolicy,
  aSource,
  aTeam,
  doorOverDatabase,
  someone,
  startEngine,
  type Someone,
  testApi,
  type TestApi,
  until,
} from '../harness/index.ts'

const on = doorOverDatabase()
let api: TestApi
let admin: Someone
let engineer: Someone
let policy: string
beforeAll(async () => {
  api = testApi(on.base.db)
  admin = await someone(on.base.db, [{ role: 'administrator' }])
  engineer = await someone(on.base.db, [], 'Nadia Night')
  await aContact(on.base.db, engineer.id, { kind: 'app' })
  policy = await aPolicy(on.base.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: engineer.id }] }])
})

interface Trail {
  receipt: { outcome: string; reason: string | null; event_count: number }
  waiting: boolean
  events: {
    bucket: string
    severity_raw: string | null
    reason: { why?: string } | null
    alert: { id: string; status: string; held: { by: string } | null } | null
    link: { ticket: string; how: string; rule: string; evidence: Record<string, unknown> } | null
    dead_letter: { reason: string } | null
  }[]
  tickets: {
    number: string
    sla: unknown[]
    escalation: { policy: string; state: string } | null
    pages: { recipient: { name: string }; because: string[]; deliveries: { kind: string }[] }[]
  }[]
}
type Source = Awaited<ReturnType<typeof aSource>>

async function ask(path: string, key = admin.key): Promise<Response> {
  return api.call(key, 'GET', `/api/v1/integrations/${path}`)
}
/** The walk of the latest receipt, or of the one so many before it. */
async function trailOf({ id }: Source, before = 0): Promise<Trail> {
  const { items } = (await (await ask(`${id}/receipts`)).json()) as { items: { id: string }[] }
  const answer = await ask(`${id}/receipts/${items[before]!.id}/trail`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Trail
}

test('from the receipt over alert, rule, ticket and clocks to who was paged and why', async () => {
  const source = await aSource(on, { escalationPolicyId: policy })
  await source.say({ title: 'Disk full on db-1', dedup_key: 'disk', severity: 'critical' })
  const engine = startEngine(on.base)
  try {
    await until(async () => (await trailOf(source)).tickets[0]?.pages.length === 1)
  } finally {
    await engine.stop()
  }
  const { receipt, waiting, events, tickets } = await trailOf(source)
  expect({ ...receipt, waiting }).toMatchObject({ outcome: 'accepted', event_count: 1, waiting: false })
  expect(events).toMatchObject([
    { bucket: 'opened', alert: { status: 'firing', held: null }, link: { how: 'opened', rule: 'default' } },
  ])
  expect(events[0]!.link!.evidence).toMatchObject({ matched: { dedup_key: 'disk' } })
  expect(tickets).toMatchObject([
    {
      number: events[0]!.link!.ticket,
      escalation: { policy: 'Wake somebody' },
      pages: [{ recipient: { name: 'Nadia Night' }, deliveries: [{ kind: 'app' }] }],
    },
  ])
  expect(tickets[0]!.pages[0]!.because.join(' ')).toContain('Wake somebody')
})

test('each message keeps the ticket of its own opening', async () => {
  const source = await aSource(on)
  await source.say({ title: 'Link down', dedup_key: 'link' })
  await source.say({ kind: 'resolve', dedup_key: 'link' })
  await on.moveOn(3600)
  await sweepRecoveries(on.base.db)
  await source.say({ title: 'Link down', dedup_key: 'link' })
  const [second, end, first] = await Promise.all([0, 1, 2].map((before) => trailOf(source, before)))
  const numberOf = (trail: Trail | undefined) => trail?.events[0]?.link?.ticket
  expect(numberOf(first)).toMatch(/^INC-/)
  expect(numberOf(end)).toBe(numberOf(first))
  expect(numberOf(second)).toMatch(/^INC-/)
  expect(numberOf(second)).not.toBe(numberOf(first))
})

test('what is held says why, and later leads to the ticket that it opened', async () => {
  const source = await aSource(on)
  const patience = { hold_seconds: 60, threshold: null, flapping: null, expire_minutes: null }
  await transact(on.base.db, SYSTEM, (tx) => setPatience(tx, source.id, patience))
  await source.say({ title: 'Slow', dedup_key: 'slow' })
  expect(await trailOf(source)).toMatchObject({
    events: [{ bucket: 'held', reason: { why: 'hold' }, alert: { held: { by: 'hold' } }, link: null }],
    tickets: [],
  })
  await on.moveOn(61)
  await sweepAlerts(on.base.db)
  expect(await trailOf(source)).toMatchObject({
    events: [{ bucket: 'held', alert: { held: null }, link: { how: 'opened' } }],
    tickets: [{ escalation: null, pages: [] }],
  })
})

test('what waits, what is refused and what cannot be read say so', async () => {
  const source = await aSource(on)
  const send = (body: unknown) => on.door.send(`/v1/events/${source.key}`, body)
  await send({ title: 'Soon', dedup_key: 'soon' })
  expect(await trailOf(source)).toMatchObject({ waiting: true, events: [] })
  await source.say({ kind: 'shout' }, { kind: 'test', title: 'fine' })
  expect(await trailOf(source)).toMatchObject({
    waiting: false,
    events: [{ bucket: 'dead-letter', dead_letter: { reason: expect.any(String) } }, { bucket: 'recorded' }],
  })
  await send('nonsense')
  expect(await trailOf(source)).toMatchObject({
    receipt: { outcome: 'rejected', reason: expect.any(String) },
    waiting: false,
    events: [],
  })
})

test('a stranger’s receipt, and one that is not there, are 404', async () => {
  const source = await aSource(on)
  await source.say({ title: 'x', dedup_key: 'x' })
  const { items } = (await (await ask(`${source.id}/receipts`)).json()) as { items: { id: string }[] }
  const foreign = await someone(on.base.db, [{ role: 'manager', teamId: await aTeam(on.base.db) }])
  expect((await ask(`${source.id}/receipts/${items[0]!.id}/trail`, foreign.key)).status).toBe(404)
  expect((await ask(`${source.id}/receipts/${randomUUID()}/trail`)).status).toBe(404)
  const other = await aSource(on)
  expect((await ask(`${other.id}/receipts/${items[0]!.id}/trail`)).status).toBe(404)
})
