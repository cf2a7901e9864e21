import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aTeam,
  type Called,
  database,
  type RunningEngine,
  setClockOffset,
  type Someone,
  someone,
  startEngine,
  TEST_SECRET,
  type TestApi,
  testApi,
  type TestDatabase,
  until,
  type WebhookReceiver,
  webhookReceiver,
} from '../harness/index.ts'

let base: TestDatabase
let api: TestApi
let engines: RunningEngine[]
let administrator: Someone
let agent: Someone
let network: string
const receivers: WebhookReceiver[] = []

beforeAll(async () => {
  base = await database()
  api = testApi(base.db, { databaseUrl: base.url, secret: TEST_SECRET })
  network = await aTeam(base.db, 'Network')
  administrator = await someone(base.db, [{ role: 'administrator' }])
  agent = await someone(base.db, [{ role: 'agent', teamId: network }])
  engines = [startEngine(base), startEngine(base)]
})
afterAll(async () => {
  await Promise.all(receivers.map((one) => one.close()))
  await Promise.all(engines.map((one) => one.stop()))
  await base.drop()
})

async function call<T = Record<string, unknown>>(who: Someone, method: string, path: string, body?: unknown) {
  const answer = await api.call(who.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}
const post = <T = Record<string, unknown>>(path: string, body?: unknown, who = administrator) =>
  call<T>(who, 'POST', path, body)

async function receiver(): Promise<WebhookReceiver> {
  const made = await webhookReceiver()
  receivers.push(made)
  return made
}
const hook = async (over: Record<string, unknown>) => {
  const { body, status } = await post<{ id: string; secret: string }>('/webhooks', {
    name: 'A hook',
    ...over,
  })
  expect(status).toBe(201)
  return body
}
const file = async (over: Record<string, unknown> = {}) =>
  (await post<{ number: string }>('/tickets', { kind: 'incident', title: 'The site is slow', ...over })).body
    .number

interface Told {
  type: string
  version: number
  data: {
    activity: { id: string; verb: string }
    ticket: Record<string, unknown>
    message: { body: string } | null
  }
}
const told = ({ calls }: WebhookReceiver) => calls.map(({ body }) => JSON.parse(body) as Told)
const types = (one: WebhookReceiver, number?: string) =>
  told(one)
    .filter(({ data }) => !number || data.ticket.number === number)
    .map(({ type }) => type)
const arrived = (one: WebhookReceiver, count: number) =>
  until(() => Promise.resolve(one.calls.length >= count), { what: `${count} messages arrive` })

interface Logged {
  id: string
  state: string
  reason: string | null
  attempts: number
  last: { status: number | null; duration_ms: number } | null
}
const log = async (id: string, query = '') =>
  (await call<{ items: Logged[] }>(administrator, 'GET', `/webhooks/${id}/deliveries?limit=200${query}`)).body
    .items

/** As a receiver checks it by the text of Standard Webhooks, with nothing of ours. */
async function verified(secret: string, { headers, body }: Called): Promise<boolean> {
  const raw = Uint8Array.from(atob(secret.slice('whsec_'.length)), (letter) => letter.charCodeAt(0))
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  const signed = new TextEncoder().encode(
    `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`,
  )
  const given = String(headers['webhook-signature']).split(' ')
  const checks = await Promise.all(
    given
      .filter((one) => one.startsWith('v1,'))
      .map((one) =>
        crypto.subtle.verify(
          'HMAC',
          key,
          Uint8Array.from(atob(one.slice(3)), (l) => l.charCodeAt(0)),
          signed,
        ),
      ),
  )
  return checks.includes(true)
}

describe('a webhook', () => {
  test('is told what it asked for, once, signed, in the order of each ticket', async () => {
    const [all, some] = [await receiver(), await receiver()]
    const { secret } = await hook({ url: all.url })
    await hook({
      url: some.url,
      verbs: ['open', 'note', 'resolve'],
      kinds: ['incident'],
      team_ids: [network],
      condition: `priority == 'P1' || verb == 'note'`,
      notes: true,
    })
    const number = await file({ team_id: network, impact: 'high', urgency: 'high' })
    await file({ team_id: network, kind: 'request' })
    await file({ team_id: network, impact: 'low', urgency: 'low', confidential: true })
    await post(`/tickets/${number}/acknowledge`)
    await post(`/tickets/${number}/note`, { body: 'Only for us' })
    await post(`/tickets/${number}/reply`, { body: 'We are on it' })
    await post(`/tickets/${number}/resolve`)
    await arrived(all, 5)
    await arrived(some, 3)
    expect(types(all, number)).toEqual([
      'ticket.open',
      'ticket.acknowledge',
      'ticket.reply',
      'ticket.resolve',
    ])
    expect(types(all)).toHaveLength(5)
    expect(types(some)).toEqual(['ticket.open', 'ticket.note', 'ticket.resolve'])
    expect(told(some)[1]!.data.message).toMatchObject({ body: 'Only for us' })
    expect(told(all)[0]).toMatchObject({
      version: 1,
      data: { ticket: { number, kind: 'incident', priority: 'P1', team: { name: 'Network' } } },
    })
    expect(new Set(all.calls.map(({ headers }) => headers['webhook-id'])).size).toBe(5)
    for (const one of all.calls) expect(await verified(secret, one)).toBe(true)
    expect(await verified(secret, { ...all.calls[0]!, body: `${all.calls[0]!.body} ` })).toBe(false)
    expect(await verified(secret, some.calls[0]!)).toBe(false)
  })

  test('that answers 503 is tried again, later lines of the ticket behind the first, others at once', async () => {
    const one = await receiver()
    one.status = 503
    const { id } = await hook({ url: one.url, verbs: ['open', 'acknowledge'] })
    const first = await file()
    await post(`/tickets/${first}/acknowledge`)
    await arrived(one, 1)
    await until(async () => (await log(id, '&state=waiting')).length === 2, { what: 'both wait' })
    one.status = 200
    const other = await file()
    await arrived(one, 2)
    expect(types(one)).toEqual(['ticket.open', 'ticket.open'])
    expect(told(one)[1]!.data.ticket.number).toBe(other)
    await setClockOffset(base.ownerUrl, '1 minute')
    await arrived(one, 4)
    expect(types(one, first)).toEqual(['ticket.open', 'ticket.open', 'ticket.acknowledge'])
    const [again, before] = [one.calls[2]!, one.calls[0]!]
    expect(again.headers['webhook-id']).toBe(before.headers['webhook-id'])
    expect(again.body).toBe(before.body)
    const opened = (await log(id)).find(({ id: delivery }) => delivery === before.headers['webhook-id'])
    expect(opened).toMatchObject({ state: 'delivered', attempts: 2, last: { status: 200 } })
  })

  test('that never answers holds nobody else up', async () => {
    const [silent, quick] = [await receiver(), await receiver()]
    silent.status = undefined
    await hook({ url: silent.url, verbs: ['open'] })
    await hook({ url: quick.url, verbs: ['open'] })
    for (let count = 0; count < 8; count++) await file()
    await arrived(quick, 8)
    expect(silent.calls.length).toBeLessThanOrEqual(4)
  })

  test('whose engine died is sent the same again', async () => {
    const one = await receiver()
    const { id } = await hook({ url: one.url, verbs: ['open'] })
    await file()
    await arrived(one, 1)
    await until(async () => (await log(id))[0]?.state === 'delivered', { what: 'it is settled' })
    await sql`update webhook_delivery set state = 'leased', lease_until = tocsin_now() - interval '1 second'
              where webhook_id = ${id}`.execute(base.db)
    await arrived(one, 2)
    expect(one.calls[1]!.headers['webhook-id']).toBe(one.calls[0]!.headers['webhook-id'])
  })

  test('that is gone is stopped, its author told; what failed meanwhile can be replayed', async () => {
    const one = await receiver()
    one.status = 410
    const { id } = await hook({ url: one.url, verbs: ['open'], name: 'Gone' })
    await file()
    const state = async () =>
      (await call<{ state: string }>(administrator, 'GET', `/webhooks/${id}`)).body.state
    await until(async () => (await state()) === 'stopped', { what: 'it is stopped' })
    const mails = await until(
      async () => {
        const { rows } = await sql<{ subject: string }>`
          select subject from local_mail where person_id = ${administrator.id} and subject like '%Gone%'`.execute(
          base.db,
        )
        return rows.length > 0 && rows
      },
      { what: 'a mail to its author' },
    )
    expect(mails).toHaveLength(1)
    const missed = await file()
    await until(async () => (await log(id)).length === 2, { what: 'the second is kept' })
    expect((await log(id))[0]).toMatchObject({ state: 'failed', reason: 'stopped', attempts: 0 })
    const period = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }
    expect((await post(`/webhooks/${id}/replay`, period)).status).toBe(409)
    one.status = 200
    await post(`/webhooks/${id}/switch`, { on: true })
    expect((await post(`/webhooks/${id}/replay`, period)).body).toEqual({ replayed: 2 })
    await arrived(one, 3)
    expect(told(one)[2]!.data.ticket.number).toBe(missed)
    await until(async () => (await log(id, '&state=delivered')).length === 2, { what: 'both arrived' })
    const [newest] = await log(id)
    expect((await post(`/webhooks/${id}/deliveries/${newest!.id}/replay`)).status).toBe(200)
    await arrived(one, 4)
  })

  test('changes its secret without a gap: for a day both sign', async () => {
    const one = await receiver()
    const { id, secret } = await hook({ url: one.url, verbs: ['close'] })
    const next = (await post<{ secret: string }>(`/webhooks/${id}/rotate`)).body.secret
    await post(`/webhooks/${id}/test`)
    await arrived(one, 1)
    expect([await verified(secret, one.calls[0]!), await verified(next, one.calls[0]!)]).toEqual([true, true])
    await setClockOffset(base.ownerUrl, '25 hours')
    await post(`/webhooks/${id}/test`)
    await arrived(one, 2)
    expect([await verified(secret, one.calls[1]!), await verified(next, one.calls[1]!)]).toEqual([
      false,
      true,
    ])
    expect(JSON.stringify((await call(administrator, 'GET', `/webhooks/${id}`)).body)).not.toContain('whsec_')
  })

  test('reaches no address inside, unless the operator allowed it', async () => {
    const inside = ['http://10.0.0.1:9/hook', 'http://[::1]/', 'http://169.254.169.254/', 'http://0x7f.1/x']
    const asked = await Promise.all(inside.map((url) => post('/webhooks', { name: 'Inside', url })))
    // 127.0.0.1 in other clothes is what the operator of this desk allows.
    expect(asked.map(({ status }) => status)).toEqual([422, 422, 422, 201])
    expect(asked[0]!.body.errors).toMatchObject([{ path: 'url' }])
    const { id } = await hook({ url: 'http://127.0.0.1:9/hook', verbs: ['close'] })
    const edited = await call(administrator, 'PATCH', `/webhooks/${id}`, { url: inside[0] })
    expect(edited.status).toBe(422)
    // What resolves elsewhere by the time something is sent is judged then.
    await sql`update webhook set url = ${inside[0]} where id = ${id}`.execute(base.db)
    await post(`/webhooks/${id}/test`)
    await until(async () => (await log(id))[0]?.state === 'failed', { what: 'it is refused' })
    expect((await log(id))[0]).toMatchObject({ reason: 'blocked' })
  })

  test('tells nothing of before it was made, and nothing while it is off', async () => {
    const one = await receiver()
    await file()
    const { id } = await hook({ url: one.url, verbs: ['open'] })
    await post(`/webhooks/${id}/switch`, { on: false })
    expect((await post(`/webhooks/${id}/test`)).status).toBe(409)
    await file()
    await until(
      async () => {
        const { rows } = await sql`select from activity_place p, feed_cursor f
          where f.reader = 'webhooks' and f.place >= (select max(place) from activity_place) limit 1`.execute(
          base.db,
        )
        const { rows: waiting } = await sql`select from activity_waiting limit 1`.execute(base.db)
        return rows.length > 0 && waiting.length === 0
      },
      { what: 'the feed is read' },
    )
    await post(`/webhooks/${id}/switch`, { on: true })
    const last = await file()
    await arrived(one, 1)
    expect(told(one).map(({ data }) => data.ticket.number)).toEqual([last])
  })

  test('that says when to come again is sent nothing before', async () => {
    await setClockOffset(base.ownerUrl, '30 hours')
    const [one, witness] = [await receiver(), await receiver()]
    const { id: beside } = await hook({ url: witness.url, verbs: ['close'] })
    one.status = 429
    one.headers = { 'retry-after': '3600' }
    const { id } = await hook({ url: one.url, verbs: ['open'] })
    await file()
    await arrived(one, 1)
    const waits = async () =>
      (await call<{ wait_until: string | null }>(administrator, 'GET', `/webhooks/${id}`)).body.wait_until
    await until(async () => (await waits()) !== null, { what: 'it waits' })
    one.status = 200
    await file()
    await until(async () => (await log(id, '&state=waiting')).length === 2, { what: 'both wait' })
    await setClockOffset(base.ownerUrl, '30 hours 30 minutes')
    await post(`/webhooks/${beside}/test`)
    await arrived(witness, 1)
    expect(one.calls).toHaveLength(1)
    await setClockOffset(base.ownerUrl, '31 hours 2 minutes')
    await arrived(one, 3)
    expect(await waits()).toBeNull()
  })
})

describe('what is refused', () => {
  const input = { name: 'A hook', url: 'https://hooks.example.org/tocsin' }
  test.each([
    ['url', { url: 'ftp://example.org' }],
    ['url', { url: 'https://me:secret@example.org' }],
    ['condition', { condition: 'priority ==' }],
    ['condition', { condition: 'nothing.like == "this"' }],
    ['team_ids.0', { team_ids: ['0199aaaa-0000-7000-8000-000000000000'] }],
    ['verbs.0', { verbs: ['explode'] }],
    ['kinds.0', { kinds: ['dragon'] }],
    ['name', { name: ' ' }],
  ])('%s of %j', async (path, over) => {
    const { status, body } = await post<{ errors: { path: string }[] }>('/webhooks', { ...input, ...over })
    expect(status).toBe(422)
    expect(body.errors.map((error) => error.path)).toContain(path)
  })

  test('unknown fields, other people, what is not there, what was changed meanwhile', async () => {
    expect((await post('/webhooks', { ...input, secret: 'mine' })).status).toBe(400)
    expect((await call(agent, 'GET', '/webhooks')).status).toBe(403)
    const nothing = '0199aaaa-0000-7000-8000-000000000000'
    expect((await call(administrator, 'GET', `/webhooks/${nothing}/deliveries`)).status).toBe(404)
    expect((await post(`/webhooks/${nothing}/test`)).status).toBe(404)
    const { id } = await hook({ ...input, verbs: ['close'] })
    const edit = (body: unknown) => call(administrator, 'PATCH', `/webhooks/${id}`, body)
    expect((await edit({ name: 'Another', seen: 1 })).status).toBe(200)
    expect((await edit({ name: 'Again', seen: 1 })).status).toBe(412)
    expect((await edit({ url: 'nowhere' })).status).toBe(422)
    expect(
      (await post(`/webhooks/${id}/replay`, { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }))
        .status,
    ).toBe(422)
    expect((await post(`/webhooks/${id}/archive`)).status).toBe(200)
    expect((await post(`/webhooks/${id}/switch`, { on: true })).status).toBe(404)
  })
})
