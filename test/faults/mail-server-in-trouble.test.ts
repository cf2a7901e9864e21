import { type AddressInfo, createServer, type Server } from 'node:net'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  aContact,
  aPolicy,
  aTeam,
  database,
  mailReceiver,
  type MailReceiver,
  type RunningEngine,
  setClockOffset,
  someIncidents,
  someone,
  startEngine,
  testApi,
  type TestDatabase,
  until,
  webhookReceiver,
  type WebhookReceiver,
} from '../harness/index.ts'

// In soak each trouble lasts its ten minutes; here, as long as its first attempt takes to fail.
const LONG_MS = process.env.TOCSIN_SOAK ? 600_000 : 0
const OTHERS = 12

let record: TestDatabase
let hook: WebhookReceiver
let grey: MailReceiver
let tar: Server
let team: string
let engine: RunningEngine
beforeAll(async () => {
  record = await database()
  team = await aTeam(record.db)
  hook = await webhookReceiver()
  grey = await mailReceiver()
  // A tarpit: a greeting that goes on for ever, a line a second, so that no pause ever looks like silence.
  tar = createServer((socket) => {
    const drip = setInterval(() => socket.write('220-one moment please\r\n'), 1_000)
    socket.on('error', () => undefined).on('close', () => clearInterval(drip))
  })
  await new Promise<void>((resolve) => tar.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await engine.stop()
  await setClockOffset(record.ownerUrl, '0')
})
afterAll(async () => {
  await Promise.all([hook.close(), grey.close()])
  tar.close()
  await record.drop()
})

const callsAbout = (number: string) => hook.calls.filter(({ body }) => body.includes(`"${number}"`)).length
async function byWebhook(): Promise<string> {
  const { id } = await someone(record.db)
  await aContact(record.db, id, { kind: 'webhook', address: hook.url })
  return id
}
const paging = (person: string) =>
  aPolicy(record.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: person }] }])

/** How long the pages of others take over another kind of contact method, the slowest of them. */
async function slowestOther(): Promise<number> {
  const policies = await Promise.all(Array.from({ length: OTHERS }, async () => paging(await byWebhook())))
  let slowest = 0
  for (const policy of policies) {
    const begun = performance.now()
    const [ticket] = await someIncidents(record.db, policy)
    await until(() => callsAbout(ticket!.number) === 1, { every: 10 })
    slowest = Math.max(slowest, performance.now() - begun)
  }
  return slowest
}

describe.each([
  ['refuses connections', () => 'smtp://127.0.0.1:1', 'unreachable'],
  ['is a tarpit', () => `smtp://127.0.0.1:${(tar.address() as AddressInfo).port}`, 'timeout'],
  ['greylists', () => grey.url, 'deferred'],
])('a mail server that %s', (_how, smtpUrl, reason) => {
  it('delays neither the next step nor other channels, and each state of it is shown', async () => {
    grey.mode = 'defer'
    engine = startEngine(record, { smtpUrl: smtpUrl() })
    const usual = await slowestOther()
    const ada = await someone(record.db, [{ role: 'on_call', teamId: team }])
    await aContact(record.db, ada.id, { kind: 'email', address: 'ada@example.test' })
    const policy = await aPolicy(record.db, [
      { wait_ms: 0, targets: [{ kind: 'person', id: ada.id }] },
      { wait_ms: 3_000, targets: [{ kind: 'person', id: await byWebhook() }] },
    ])
    const begun = performance.now()
    const [ticket] = await someIncidents(record.db, policy)
    do expect(await slowestOther()).toBeLessThan(usual + 1_000)
    while (performance.now() - begun < LONG_MS)

    await until(() => callsAbout(ticket!.number) === 1, { deadline: 15_000 })
    const { rows } = await sql<{ late: number }>`
      select (s.outcome ->> 'late_ms')::int as late from escalation_step s join escalation e on e.id = s.escalation_id
      where e.ticket_id = ${ticket!.id} order by s.position`.execute(record.db)
    expect(rows).toHaveLength(2)
    expect(Math.max(...rows.map(({ late }) => late))).toBeLessThan(5_000)

    const api = testApi(record.db)
    const shown = await until(
      async () => {
        const answer = await api.call(ada.key, 'GET', `/api/v1/oncall/me`)
        const { needs_me } = (await answer.json()) as {
          needs_me: {
            deliveries: { state: string; reason: string | null; attempts: number; due_at: string }[]
          }[]
        }
        const [delivery] = needs_me[0]?.deliveries ?? []
        return delivery?.reason && delivery.state === 'waiting' ? delivery : undefined
      },
      { deadline: 15_000 },
    )
    expect(shown).toMatchObject({ state: 'waiting', reason })
    expect(shown.attempts).toBeGreaterThanOrEqual(1)
    if (reason !== 'deferred') return
    grey.mode = 'take'
    await setClockOffset(record.ownerUrl, '6 minutes')
    await until(() => grey.mails.some((mail) => mail.includes(ticket!.number)))
  })
})
