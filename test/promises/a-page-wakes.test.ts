import { createHmac } from 'node:crypto'
import { acknowledgeTicket, resolveTicket, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  aContact,
  aPolicy,
  aSchedule,
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

let record: TestDatabase
let mail: MailReceiver
let hook: WebhookReceiver
let engine: RunningEngine | undefined
let team: string
beforeAll(async () => {
  record = await database()
  team = await aTeam(record.db)
})
afterAll(() => record.drop())
beforeEach(async () => {
  mail = await mailReceiver()
  hook = await webhookReceiver()
})
afterEach(async () => {
  await engine?.stop()
  engine = undefined
  await Promise.all([mail.close(), hook.close()])
  await setClockOffset(record.ownerUrl, '0')
})
const start = () => (engine = startEngine(record, { smtpUrl: mail.url }))

interface DeliveryRow {
  kind: string
  state: string
  attempts: number
  outcome: { reason?: string } | null
}
async function deliveriesOf(ticketId: string): Promise<DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`
    select c.kind, d.state, d.attempts, d.outcome from delivery d join page g on g.id = d.page_id
    join contact_method c on c.id = d.contact_method_id where g.ticket_id = ${ticketId} order by d.position`.execute(
    record.db,
  )
  return rows
}
async function pagesOf(ticketId: string) {
  const { rows } = await sql<{
    step: number
    recipient_id: string
    state: string
    why: Record<string, unknown>
  }>`
    select step, recipient_id, state, why from page where ticket_id = ${ticketId} order by step, recipient_id`.execute(
    record.db,
  )
  return rows
}
async function timelineOf(ticketId: string) {
  const { rows } = await sql<{
    verb: string
    subject_kind: string
    revision: number
    why: { reason?: string } | null
  }>`
    select verb, subject_kind, revision, why from activity where ticket_id = ${ticketId} order by revision`.execute(
    record.db,
  )
  return rows
}
const header = (mailText: string, name: string) =>
  new RegExp(`^${name}: (.*(?:\r\n\\s.*)*)`, 'im').exec(mailText)?.[1]?.replaceAll(/\r\n\s+/g, ' ')

describe('a page', () => {
  it('reaches the person on call by mail, webhook and in the page, and keeps why it is them', async () => {
    const [ada, bea] = [await someone(record.db), await someone(record.db)]
    await aContact(record.db, ada.id, { kind: 'email', address: 'ada@example.test' })
    const { secret } = await aContact(record.db, ada.id, { kind: 'webhook', address: hook.url })
    await aContact(record.db, ada.id, { kind: 'app' })
    const schedule = await aSchedule(record.db, team, [ada.id])
    const policy = await aPolicy(record.db, [
      { wait_ms: 0, targets: [{ kind: 'schedule', id: schedule }] },
      { wait_ms: 300_000, targets: [{ kind: 'person', id: bea.id }] },
    ])
    start()
    const [ticket] = await someIncidents(record.db, policy)
    await until(
      async () => (await deliveriesOf(ticket!.id)).filter((each) => each.state === 'sent').length === 3,
    )

    const [page, ...others] = await pagesOf(ticket!.id)
    expect(others).toEqual([])
    expect(page).toMatchObject({
      step: 0,
      recipient_id: ada.id,
      state: 'open',
      why: {
        policy: { id: policy, version: 1 },
        step: 0,
        paths: [{ kind: 'schedule', id: schedule, version: 1, rotation: { name: 'primary', position: 0 } }],
      },
    })
    expect(mail.mails).toHaveLength(1)
    const [received] = mail.mails
    expect(header(received!, 'Subject')).toBe(`[P1] ${ticket!.number} Disk full on db-1`)
    expect(header(received!, 'Auto-Submitted')).toBe('auto-generated')
    expect(header(received!, 'References')).toBe(`<ticket-${ticket!.id}@127.0.0.1>`)
    expect(received).toContain('/ack/ack_')

    expect(hook.calls).toHaveLength(1)
    const [call] = hook.calls
    const [, seconds, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(call!.headers['x-tocsin-signature']))!
    expect(v1).toBe(createHmac('sha256', secret!).update(`${seconds}.${call!.body}`).digest('hex'))
    expect(JSON.parse(call!.body)).toMatchObject({
      id: call!.headers['idempotency-key'],
      pages: [{ ticket: { number: ticket!.number, priority: 'P1' } }],
    })
    expect((await timelineOf(ticket!.id)).map(({ verb, subject_kind }) => `${verb} ${subject_kind}`)).toEqual(
      ['open ticket', 'escalate escalation', 'page page'],
    )
  })

  it('that nobody acknowledges goes on to the next step, one acknowledged does not', async () => {
    const [ada, bea] = [await someone(record.db), await someone(record.db)]
    const policy = await aPolicy(record.db, [
      { wait_ms: 0, targets: [{ kind: 'person', id: ada.id }] },
      { wait_ms: 300_000, targets: [{ kind: 'person', id: bea.id }] },
    ])
    start()
    const [left, taken] = await someIncidents(record.db, policy, 2)
    await until(async () => (await pagesOf(left!.id)).length + (await pagesOf(taken!.id)).length === 2)
    await transact(record.db, { kind: 'person', id: ada.id }, (tx) =>
      acknowledgeTicket(tx, { id: taken!.id }),
    )
    await setClockOffset(record.ownerUrl, '301 seconds')

    await until(async () => (await pagesOf(left!.id)).length === 2)
    expect(await pagesOf(taken!.id)).toMatchObject([{ recipient_id: ada.id, state: 'acknowledged' }])
    const { rows } = await sql`
      select s.position from escalation_step s join escalation e on e.id = s.escalation_id
      where e.ticket_id = ${taken!.id} and (s.decided_at is null or s.outcome ? 'paged') and s.position > 0`.execute(
      record.db,
    )
    expect(rows).toEqual([])
    expect((await timelineOf(taken!.id)).map(({ verb, subject_kind }) => `${verb} ${subject_kind}`)).toEqual([
      'open ticket',
      'escalate escalation',
      'page page',
      'acknowledge ticket',
      'acknowledge page',
    ])
  })

  it('of a step that finds nobody moves on at once, and the timeline says so, to the end', async () => {
    const cyd = await someone(record.db)
    const lonely = await aTeam(record.db)
    const notYet = await aSchedule(record.db, team, [cyd.id], { starts_on: '2199-01-01' })
    const policy = await aPolicy(record.db, [
      { wait_ms: 0, targets: [{ kind: 'team', id: lonely }] },
      { wait_ms: 600_000, targets: [{ kind: 'schedule', id: notYet }] },
      { wait_ms: 600_000, targets: [{ kind: 'person', id: cyd.id }] },
    ])
    start()
    const [ticket] = await someIncidents(record.db, policy)
    await until(async () => (await pagesOf(ticket!.id)).length === 1)
    const lines = await timelineOf(ticket!.id)
    expect(lines.map(({ verb, why }) => [verb, why?.reason])).toEqual([
      ['open', undefined],
      ['escalate', undefined],
      ['page-nobody', 'nobody_found'],
      ['page-nobody', 'nobody_found'],
      ['page', undefined],
      ['finish', 'nobody_acknowledged'],
    ])
    expect(lines.map(({ revision }) => revision)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('is not made where no policy says whom to wake, and the ticket says that', async () => {
    const [ticket] = await someIncidents(record.db, null)
    expect((await timelineOf(ticket!.id)).map(({ verb, why }) => [verb, why?.reason])).toEqual([
      ['open', undefined],
      ['page-nobody', 'no_policy'],
    ])
  })

  it('to a team reaches its on-call members, else its managers', async () => {
    const [both, alone] = [await aTeam(record.db), await aTeam(record.db)]
    const onCall = await someone(record.db, [{ role: 'on_call', teamId: both }])
    await someone(record.db, [{ role: 'manager', teamId: both }])
    const manager = await someone(record.db, [{ role: 'manager', teamId: alone }])
    const policy = await aPolicy(record.db, [
      { wait_ms: 0, targets: [both, alone].map((id) => ({ kind: 'team' as const, id })) },
    ])
    start()
    const [ticket] = await someIncidents(record.db, policy)
    await until(async () => (await pagesOf(ticket!.id)).length > 0)
    const pages = await pagesOf(ticket!.id)
    expect(pages.map((page) => page.recipient_id).toSorted()).toEqual([onCall.id, manager.id].toSorted())
  })

  it('bundles with the others that reach the same person at the same moment', async () => {
    const ada = await someone(record.db)
    await aContact(record.db, ada.id, { kind: 'email', address: 'ada@example.test' })
    const policy = await aPolicy(record.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: ada.id }] }])
    const tickets = await someIncidents(record.db, policy, 30)
    start()
    await until(async () => (await deliveriesOf(tickets[29]!.id))[0]?.state === 'sent')
    expect(mail.mails).toHaveLength(1)
    expect(header(mail.mails[0]!, 'Subject')).toMatch(/^30 incidents need you: /)
  })

  it('ends when its ticket is resolved, also before it left', async () => {
    const ada = await someone(record.db)
    await aContact(record.db, ada.id, { kind: 'email', address: 'ada@example.test', delayMs: 60_000 })
    const policy = await aPolicy(record.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: ada.id }] }])
    start()
    const [ticket] = await someIncidents(record.db, policy)
    await until(async () => (await pagesOf(ticket!.id)).length === 1)
    await transact(record.db, { kind: 'person', id: ada.id }, (tx) => resolveTicket(tx, { id: ticket!.id }))
    expect(await deliveriesOf(ticket!.id)).toMatchObject([{ state: 'cancelled' }])
    expect(await pagesOf(ticket!.id)).toMatchObject([{ state: 'ended' }])
  })
})

describe('a provider that is down', () => {
  it('is asked again later under the same key, and never delays the next step nor another way', async () => {
    const [ada, bea] = [await someone(record.db), await someone(record.db)]
    await aContact(record.db, ada.id, { kind: 'email', address: 'ada@example.test' })
    await aContact(record.db, ada.id, { kind: 'webhook', address: hook.url, delayMs: 3_600_000 })
    const policy = await aPolicy(record.db, [
      { wait_ms: 0, targets: [{ kind: 'person', id: ada.id }] },
      { wait_ms: 1_000, targets: [{ kind: 'person', id: bea.id }] },
    ])
    mail.mode = 'defer'
    start()
    const [ticket] = await someIncidents(record.db, policy)
    await until(async () => (await pagesOf(ticket!.id)).length === 2)
    await until(() => hook.calls.length === 1, { what: 'the webhook is brought forward' })
    const refused = await until(async () => {
      const [first] = await deliveriesOf(ticket!.id)
      return first?.outcome?.reason && first
    })
    expect(refused).toMatchObject({ kind: 'email', state: 'waiting', outcome: { reason: 'deferred' } })

    mail.mode = 'take'
    await setClockOffset(record.ownerUrl, '1 minute')
    await until(async () => (await deliveriesOf(ticket!.id))[0]?.state === 'sent')
  })

  it('that hangs holds up only its own message', async () => {
    const [ada, bea] = [await someone(record.db), await someone(record.db)]
    await aContact(record.db, ada.id, { kind: 'email', address: 'ada@example.test' })
    await aContact(record.db, bea.id, { kind: 'webhook', address: hook.url })
    const policyFor = ({ id }: { id: string }) =>
      aPolicy(record.db, [{ wait_ms: 0, targets: [{ kind: 'person', id }] }])
    const [forAda, forBea] = [await policyFor(ada), await policyFor(bea)]
    mail.mode = 'hang'
    start()
    await someIncidents(record.db, forAda)
    await until(() => mail.connections === 1)
    const begun = performance.now()
    await someIncidents(record.db, forBea)
    await until(() => hook.calls.length === 1)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  it('for good is given up, with a line on the ticket; the next way is taken at once, and the way is marked until it works again', async () => {
    const [ada, boss] = [await someone(record.db), await someone(record.db, [{ role: 'administrator' }])]
    const { id: way } = await aContact(record.db, ada.id, { kind: 'email', address: 'nobody@example.test' })
    await aContact(record.db, ada.id, { kind: 'webhook', address: hook.url, delayMs: 600_000 })
    const policy = await aPolicy(record.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: ada.id }] }])
    mail.mode = 'refuse'
    start()
    const [ticket] = await someIncidents(record.db, policy)
    const begun = performance.now()
    await until(() => hook.calls.length === 1)
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect((await deliveriesOf(ticket!.id))[0]).toMatchObject({
      state: 'failed',
      attempts: 1,
      outcome: { reason: 'bounced' },
    })
    expect((await timelineOf(ticket!.id)).map(({ verb }) => verb)).toContain('fail-delivery')
    const api = testApi(record.db)
    const failingOf = async ({ key }: { key: string }, path: string) =>
      ((await (await api.call(key, 'GET', path)).json()) as { failing: unknown }).failing
    const failing = [{ kind: 'email', reason: 'bounced' }]
    expect(await failingOf(boss, `/api/v1/people/${ada.id}`)).toMatchObject(failing)

    // The next page tries it again, and takes the webhook beside it: nobody waits for what is known to fail.
    await setClockOffset(record.ownerUrl, '2 minutes')
    const [next] = await someIncidents(record.db, policy)
    await until(() => hook.calls.length === 2)
    await until(async () => (await deliveriesOf(next!.id))[0]?.state === 'failed')

    mail.mode = 'take'
    await setClockOffset(record.ownerUrl, '4 minutes')
    await someIncidents(record.db, policy)
    await until(async () => ((await failingOf(boss, `/api/v1/people/${ada.id}`)) as []).length === 0)
    const { rows } = await sql<{ verb: string }>`
      select verb from activity where subject_kind = 'contact_method' and subject_id = ${way} order by recorded_at, id`.execute(
      record.db,
    )
    expect(rows.map(({ verb }) => verb)).toEqual(['create', 'fail', 'recover'])
  })
})
