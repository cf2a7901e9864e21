import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect, type Db } from '@tocsin/db'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { readAccounting } from '@tocsin/desk'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anIntegration, type TestDoor, testDoor, testWorker, until } from '../harness/index.ts'
import { type TcpProxy, tcpProxy } from '../harness/tcp-proxy.ts'

const log = pino({ level: 'silent' })
let dir: string
let server: EmbeddedPostgres
let proxy: TcpProxy
let db: Db
let door: TestDoor
let worker: ReturnType<typeof testWorker>
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tocsin-test-away-'))
  server = await startEmbeddedPostgres({ dir, log })
  await migrate(server.ownerUrl, { log, serviceUrl: server.url })
  proxy = await tcpProxy({ host: '127.0.0.1', port: server.port })
  const through = new URL(server.url)
  through.port = String(proxy.port)
  db = connect(server.url, { max: 3 })
  door = await testDoor(through.href)
  worker = testWorker(through.href)
})
afterAll(async () => {
  await worker.stop()
  await door.close()
  await db.destroy()
  proxy.close()
  await server.stop()
  await rm(dir, { recursive: true, force: true })
})

test.each<[string, number, () => Promise<void>, () => Promise<void>]>([
  [
    'stopped',
    20_000,
    () => server.stop(),
    async () => {
      server = await startEmbeddedPostgres({ dir, log, port: server.port })
    },
  ],
  ['behind a dead network', 6_000, async () => proxy.freeze(true), async () => proxy.freeze(false)],
])(
  'Postgres %s for %i ms: the sender’s overload code within 2 s, never a success, and all of it back by itself',
  { timeout: 120_000 },
  async (_how, awayMs, goAway, comeBack) => {
    const [events, alertmanager] = await Promise.all([
      anIntegration(db),
      anIntegration(db, { system: 'alertmanager' }),
    ])
    const acknowledged = { [events.id]: 0, [alertmanager.id]: 0 }
    const send = async () => {
      const started = performance.now()
      const key = `key-${Math.floor(started)}`
      const alerts = { alerts: [{ status: 'firing', labels: { alertname: key }, annotations: {} }] }
      const [one, two] = await Promise.all([
        door.send(`/v1/events/${events.key}`, { title: 'x', dedup_key: key }),
        door.send(`/v1/alertmanager/${alertmanager.key}`, alerts),
      ])
      acknowledged[events.id]! += one.ok ? 1 : 0
      acknowledged[alertmanager.id]! += two.ok ? 1 : 0
      return { ms: performance.now() - started, one, two }
    }
    expect((await send()).one.status).toBe(202)

    await goAway()
    const end = performance.now() + awayMs
    const answers = []
    while (performance.now() < end) {
      answers.push(await send())
      await pause(250)
    }
    expect(new Set(answers.flatMap(({ one, two }) => [one.status, two.status]))).toEqual(new Set([503]))
    expect(answers.every(({ one }) => Number(one.headers.get('retry-after')) > 0)).toBe(true)
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(2_000)

    await comeBack()
    await until(async () => (await send()).one.ok && (await send()).two.ok, {
      deadline: 30_000,
      every: 200,
      what: 'the door takes events again',
    })
    for (const { id } of [events, alertmanager]) {
      const account = await until(
        async () => {
          const read = await readAccounting(db, id)
          return read.waiting === 0 ? read : undefined
        },
        { deadline: 30_000, what: 'the worker is back' },
      )
      expect(account.balanced).toBe(true)
      // More is right: a commit whose answer was lost is kept too, and its sender comes again.
      expect(account.received).toBeGreaterThanOrEqual(acknowledged[id]!)
    }
  },
)
