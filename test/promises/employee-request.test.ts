import { type Listening, serveHttp } from '@tocsin/db/process'
import {
  createDefaultCatalogue,
  createDefaultSla,
  createItem,
  createService,
  createSignIn,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aPolicy,
  aTeam,
  database,
  type MailReceiver,
  mailReceiver,
  type RunningEngine,
  setClockOffset,
  type Someone,
  someone,
  startEngine,
  testApi,
  type TestDatabase,
  until,
} from '../harness/index.ts'

/**
 * An employee signs in, files a request with a file, follows it and is told by mail; the desk sees it in its
 * queue with a due time, asks back, and solves it. Over real HTTP, with the engine running.
 */

let record: TestDatabase
let door: Listening
let engine: RunningEngine
let mail: MailReceiver
let agent: Someone
let employee: Someone
let admin: Someone
let cookie: string

interface Shown {
  number: string
  kind: string
  state: string
  title: string
  channel: string
  language: string
  may: string[]
  fields: Record<string, unknown>
  sla: { target: string; state: string; due_at: string | null }[]
  attachments: { id: string; name: string }[]
  requester: { id: string } | null
}
type Problem = { detail: string; errors: { path: string; message: string }[] }

const ORIGIN = 'http://127.0.0.1:3000'
async function call<T>(
  by: Someone | 'browser',
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: T }> {
  const form = body instanceof FormData
  const answer = await fetch(door.url + path, {
    method,
    headers: {
      ...(by === 'browser' ? { cookie, origin: ORIGIN } : { authorization: `Bearer ${by.key}` }),
      ...(body !== undefined && !form && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as T }
}
const file = (key: string, body: unknown) =>
  call<Shown & Problem>('browser', 'POST', `/api/v1/catalogue/${key}/file`, body)
const mailTo = (number: string, words: RegExp) =>
  until(() => mail.mails.find((one) => one.includes(`[${number}]`) && words.test(one)), {
    what: `a mail about ${number} that says ${words}`,
  })

beforeAll(async () => {
  record = await database()
  mail = await mailReceiver()
  engine = startEngine(record, { smtpUrl: mail.url })
  door = await serveHttp(testApi(record.db).app, '127.0.0.1', 0)
  const teamId = await aTeam(record.db, 'Workplace')
  agent = await someone(record.db, [{ role: 'agent', teamId }])
  admin = await someone(record.db, [{ role: 'administrator' }])
  employee = await someone(record.db, [], 'Elena Bruni')
  await transact(record.db, SYSTEM, async (tx) => {
    await createDefaultSla(tx, { zone: 'UTC' })
    await createDefaultCatalogue(tx)
    await createItem(tx, {
      key: 'laptop',
      kind: 'request',
      name: { en: 'A laptop', it: 'Un portatile' },
      teamId,
      fields: [
        {
          key: 'model',
          label: { en: 'Model' },
          type: 'select',
          required: true,
          options: [{ value: 'light', label: { en: 'Light' } }],
        },
        { key: 'reason', label: { en: 'Why?' }, type: 'textarea', required: true },
      ],
    })
    await createSignIn(tx, employee.id, 'a long enough password')
  })
  await sql`update person set locale = 'it' where id = ${employee.id}`.execute(record.db)
  const { email } = await record.db
    .selectFrom('person')
    .select('email')
    .where('id', '=', employee.id)
    .executeTakeFirstOrThrow()
  const signedIn = await fetch(`${door.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: ORIGIN },
    body: JSON.stringify({ email, password: 'a long enough password' }),
  })
  cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
})
afterAll(async () => {
  await door.close()
  await engine.stop()
  await mail.close()
  await record.drop()
})

describe('an employee', () => {
  let number: string

  it('sees the catalogue, and is told in their language what a form still needs', async () => {
    const portal = await call<{ catalogue: { key: string }[]; mine: unknown[]; outages: unknown[] }>(
      'browser',
      'GET',
      '/api/v1/portal',
    )
    expect(portal.body.catalogue.map((item) => item.key)).toEqual(['fault', 'laptop', 'request'])
    expect(portal.body.mine).toEqual([])
    const { status, body } = await file('laptop', { fields: { model: 'heavy', colour: 'red' } })
    expect(status).toBe(422)
    expect(body.errors).toEqual([
      { path: 'fields.colour', message: 'Questo modulo non contiene la domanda.' },
      { path: 'fields.model', message: 'Scelga una voce dell’elenco.' },
      { path: 'fields.reason', message: 'Risponda a questa domanda.' },
    ])
    expect((await file('nothing', { fields: {} })).status).toBe(404)
    expect((await file('laptop', { fields: {}, priority: 'P1' })).status).toBe(400)
  })

  it('files a request with a file; it stands in the queue of the desk, with due times, and a mail confirms it', async () => {
    const form = new FormData()
    form.append('file', new Blob(['a quote']), 'offerta.pdf')
    const sent = await call<{ items: { id: string }[] }>('browser', 'POST', '/api/v1/attachments', form)
    expect(sent.status).toBe(201)
    const filed = await file('laptop', {
      fields: { model: 'light', reason: 'Il vecchio\u0000 è rotto' },
      attachment_ids: [sent.body.items[0]!.id],
    })
    expect(filed.status).toBe(201)
    number = filed.body.number
    expect(filed.body).toMatchObject({
      kind: 'request',
      state: 'new',
      title: 'Un portatile',
      channel: 'portal',
      language: 'it',
      fields: { model: 'light', reason: 'Il vecchio\ufffd è rotto' },
      // Whoever reads it is told the questions too, and what the chosen answer is called.
      questions: [
        { key: 'model', label: { en: 'Model' }, options: [{ value: 'light', label: { en: 'Light' } }] },
        { key: 'reason', label: { en: 'Why?' }, type: 'textarea' },
      ],
      attachments: [{ name: 'offerta.pdf' }],
      requester: { id: employee.id },
    })
    const queue = await call<{ items: Shown[] }>(agent, 'GET', '/api/v1/tickets?state=open')
    const line = queue.body.items.find((one) => one.number === number)!
    expect(line.sla.map((clock) => [clock.target, clock.state, clock.due_at !== null])).toEqual([
      ['response', 'running', true],
      ['resolution', 'running', true],
    ])
    const { body: seen } = await call<unknown>(agent, 'GET', `/api/v1/tickets/${number}`)
    expect(seen).toMatchObject({ hands: { team: { how: 'item' } } })
    await mailTo(number, /offerta|ricevut/i)
  })

  it('follows it: is asked back by mail, answers, and so the clock runs again', async () => {
    await call(agent, 'POST', `/api/v1/tickets/${number}/note`, { body: 'Budget is tight' })
    await call(agent, 'POST', `/api/v1/tickets/${number}/reply`, { body: 'Quale tastiera desidera?' })
    await call(agent, 'POST', `/api/v1/tickets/${number}/pend`, { reason: 'requester' })
    await mailTo(number, /Quale tastiera/)
    const asked = await call<Shown>(agent, 'GET', `/api/v1/tickets/${number}`)
    expect(asked.body.sla).toMatchObject([{ state: 'met' }, { state: 'paused', due_at: null }])

    const seen = await call<{ items: { body: string }[] }>(
      'browser',
      'GET',
      `/api/v1/tickets/${number}/messages`,
    )
    expect(seen.body.items.map((message) => message.body)).toEqual(['Quale tastiera desidera?'])
    const timeline = await call<unknown>('browser', 'GET', `/api/v1/tickets/${number}/activity`)
    expect(JSON.stringify(timeline.body)).not.toContain('Budget')
    await call('browser', 'POST', `/api/v1/tickets/${number}/reply`, { body: 'Quella italiana' })
    const answered = await call<Shown>(agent, 'GET', `/api/v1/tickets/${number}`)
    expect(answered.body.state).toBe('in_progress')
    expect(answered.body.sla[1]).toMatchObject({ state: 'running' })
  })

  it('may not do what is the desk’s', async () => {
    for (const [verb, body] of [
      ['resolve', {}],
      ['note', { body: 'x' }],
      ['assign', { assignee_id: employee.id }],
      ['pend', { reason: 'vendor' }],
    ] as const)
      expect((await call('browser', 'POST', `/api/v1/tickets/${number}/${verb}`, body)).status).toBe(403)
  })

  it('hears that it is solved, may say within seven days that it is not, and later no more', async () => {
    await call(agent, 'POST', `/api/v1/tickets/${number}/resolve`, { reply: 'È sulla sua scrivania.' })
    await mailTo(number, /risolt/i)
    const reopened = await call<Shown>('browser', 'POST', `/api/v1/tickets/${number}/reopen`, {})
    expect(reopened.body.state).toBe('in_progress')
    await call(agent, 'POST', `/api/v1/tickets/${number}/resolve`, {})
    await setClockOffset(record.ownerUrl, '7 days 1 minute')
    expect((await call<Shown>('browser', 'GET', `/api/v1/tickets/${number}`)).body.may).not.toContain(
      'reopen',
    )
    expect((await call('browser', 'POST', `/api/v1/tickets/${number}/reopen`, {})).status).toBe(409)
    expect((await call(agent, 'POST', `/api/v1/tickets/${number}/reopen`, {})).status).toBe(200)
    await setClockOffset(record.ownerUrl, '0')
  })

  it('takes a request back that is not needed any more', async () => {
    const { body } = await file('request', { fields: { what: 'A second screen' } })
    const cancelled = await call<Shown>('browser', 'POST', `/api/v1/tickets/${body.number}/cancel`, {})
    expect(cancelled.body.state).toBe('cancelled')
  })

  it('wakes nobody with a small fault, and whoever is on call when many cannot work', async () => {
    const policyId = await aPolicy(record.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: agent.id }] }])
    const serviceId = await transact(record.db, SYSTEM, async (tx) => {
      const id = await createService(tx, {
        key: 'tills',
        name: { en: 'Tills' },
        escalationPolicyId: policyId,
      })
      await createItem(tx, {
        key: 'tills-down',
        kind: 'incident',
        name: { en: 'No till works' },
        fields: [],
        impact: 'high',
        urgency: 'high',
        serviceId: id,
      })
      return id
    })
    const small = await file('fault', { fields: { what: 'My key sticks' }, service_id: serviceId })
    const large = await file('tills-down', { fields: {} })
    const { rows } = await sql<{ number: string }>`
      select t.number from escalation e join ticket t on t.id = e.ticket_id`.execute(record.db)
    expect(rows).toEqual([{ number: large.body.number }])
    for (const { body } of [small, large])
      await call('browser', 'POST', `/api/v1/tickets/${body.number}/cancel`, {})
  })

  it('sees a known outage by the name of its service, and nothing of its inside', async () => {
    const serviceId = await transact(record.db, SYSTEM, (tx) =>
      createService(tx, { key: 'mail', name: { en: 'E-mail', it: 'Posta' } }),
    )
    const opened = await call<Shown>(agent, 'POST', '/api/v1/tickets', {
      kind: 'incident',
      title: 'exchange-03 ran out of disk, password leaked',
      impact: 'high',
      urgency: 'high',
      service_id: serviceId,
    })
    const outages = async () =>
      (await call<{ outages: object[] }>('browser', 'GET', '/api/v1/portal')).body.outages
    expect(await outages()).toMatchObject([
      { service: { key: 'mail', name: { it: 'Posta' } }, state: 'noticed' },
    ])
    expect(JSON.stringify(await outages())).not.toContain('exchange')
    await call(agent, 'POST', `/api/v1/tickets/${opened.body.number}/acknowledge`, {})
    expect(await outages()).toMatchObject([{ state: 'in_progress' }])
    expect((await call('browser', 'GET', `/api/v1/tickets/${opened.body.number}`)).status).toBe(404)
    await call(agent, 'POST', `/api/v1/tickets/${opened.body.number}/resolve`, {})
    expect(await outages()).toEqual([])
  })
})

describe('the catalogue', () => {
  it('is changed by administrators only; a filed request keeps its answers', async () => {
    const item = {
      key: 'badge',
      kind: 'request',
      name: { en: 'A badge' },
      fields: [{ key: 'floor', label: { en: 'Floor' }, type: 'text', required: true }],
    }
    expect((await call('browser', 'POST', '/api/v1/catalogue', item)).status).toBe(403)
    expect((await call(agent, 'POST', '/api/v1/catalogue', item)).status).toBe(403)
    expect((await call(admin, 'POST', '/api/v1/catalogue', item)).status).toBe(201)
    expect((await call(admin, 'POST', '/api/v1/catalogue', item)).status).toBe(409)
    const filed = await file('badge', { fields: { floor: '3' } })
    const edit = { fields: [], seen_revision: 1 }
    expect((await call(admin, 'PATCH', '/api/v1/catalogue/badge', edit)).status).toBe(200)
    expect((await call(admin, 'PATCH', '/api/v1/catalogue/badge', edit)).status).toBe(412)
    expect((await call(admin, 'POST', '/api/v1/catalogue/badge/archive', {})).status).toBe(200)
    expect((await file('badge', { fields: {} })).status).toBe(404)
    expect((await call<Shown>('browser', 'GET', `/api/v1/tickets/${filed.body.number}`)).body.fields).toEqual(
      { floor: '3' },
    )
  })
})
