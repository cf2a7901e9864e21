import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  aContact,
  aPolicy,
  database,
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
import { type TcpProxy, tcpProxy } from '../harness/tcp-proxy.ts'

const CUT_MS = process.env.TOCSIN_SOAK ? 60_000 : 6_000

let record: TestDatabase
let hook: WebhookReceiver
let proxy: TcpProxy
const engines: SweepProcess[] = []
beforeAll(async () => {
  record = await database()
  hook = await webhookReceiver()
  const { hostname, port } = new URL(record.url)
  proxy = await tcpProxy({ host: hostname, port: Number(port) })
})
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.kill()))
  proxy.close()
  await hook.close()
  await record.drop()
})

async function anEngine(url: string): Promise<SweepProcess> {
  const engine = spawnSweeps({
    DATABASE_URL: url,
    TOCSIN_SECRET: TEST_SECRET,
    TOCSIN_PUBLIC_URL: TEST_PUBLIC_URL,
  })
  engines.push(engine)
  await engine.ready
  return engine
}
async function somebodyPaged(): Promise<string> {
  const { id } = await someone(record.db)
  await aContact(record.db, id, { kind: 'webhook', address: hook.url })
  return aPolicy(record.db, [{ wait_ms: 0, targets: [{ kind: 'person', id }] }])
}
const callsAbout = (number: string) => hook.calls.filter(({ body }) => body.includes(`"${number}"`))

async function deliveries(): Promise<Record<string, number>> {
  const { rows } = await sql<{ state: string; count: number }>`
    select state, count(*) as count from delivery group by 1`.execute(record.db)
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

it('a replica cut off from Postgres sends nothing after its lease, and nothing is missed meanwhile', async () => {
  const through = new URL(record.url)
  through.port = String(proxy.port)
  await anEngine(through.href)
  const [first] = await someIncidents(record.db, await somebodyPaged())
  await until(() => callsAbout(first!.number).length === 1, { deadline: 15_000 })

  // The worst moment: the lease is committed, and the word of it is still under way.
  const cut = proxy.freezeAfterCommitOf(`update delivery d set state = 'leased'`)
  const [leased] = await someIncidents(record.db, await somebodyPaged())
  await cut
  const cutAt = performance.now()
  expect(callsAbout(leased!.number)).toEqual([])

  const other = await anEngine(record.url)
  await setClockOffset(record.ownerUrl, '16 seconds') // the lease is 15 s
  const policies = await Promise.all(Array.from({ length: 20 }, somebodyPaged))
  const meanwhile = (await Promise.all(policies.map((policy) => someIncidents(record.db, policy)))).flat()
  await until(() => [leased!, ...meanwhile].every(({ number }) => callsAbout(number).length === 1), {
    deadline: 15_000,
  })
  await until(() => performance.now() - cutAt > CUT_MS, { deadline: CUT_MS + 1_000, what: 'the cut is over' })
  proxy.freeze(false)
  await other.kill()

  // It is back, as what only it can send now shows; what it had leased before it has left alone.
  const [last] = await someIncidents(record.db, await somebodyPaged())
  await until(() => callsAbout(last!.number).length === 1, { deadline: 15_000 })
  expect(callsAbout(leased!.number)).toHaveLength(1)
  // What became of a delivery is written after its call.
  await until(async () => (await deliveries()).sent === 23, { what: '23 deliveries are sent' })
  expect(await deliveries()).toEqual({ sent: 23 })
})
