import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aTeam,
  anIntegration,
  database,
  drain,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
  type TestDoor,
  testDoor,
  until,
} from '../harness/index.ts'

let base: TestDatabase
let door: TestDoor
let api: TestApi
let admin: Someone
beforeAll(async () => {
  base = await database()
  door = await testDoor(base.url)
  api = testApi(base.db, { ingestInternalUrl: door.url, internalToken: door.internalToken })
  admin = await someone(base.db, [{ role: 'administrator' }])
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

type Body = { [field: string]: unknown } & { items: { [field: string]: unknown }[] }
async function call(
  method: string,
  path: string,
  body?: unknown,
  by: Someone = admin,
): Promise<Body & { status_code: number }> {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { ...((await answer.json()) as Body), status_code: answer.status }
}

describe('an integration', () => {
  test('is made with a key that is shown once, and serves at once', async () => {
    const made = await call('POST', '/integrations', { system: 'events', name: 'Backups' })
    expect(made.status_code).toBe(201)
    const { key } = made.key as { key: string }
    expect((await door.send(`/v1/events/${key}`, { title: 'x' })).status).toBe(202)
    expect(JSON.stringify(await call('GET', `/integrations/${String(made.id)}`))).not.toContain(key)
    const { last_received_at } = await call('GET', `/integrations/${String(made.id)}`)
    expect(last_received_at).not.toBeNull()
  })

  test('has two keys while senders change over, never three', async () => {
    const { id, key, keyId } = await anIntegration(base.db)
    const second = await call('POST', `/integrations/${id}/keys`)
    expect((await call('POST', `/integrations/${id}/keys`)).status_code).toBe(409)
    for (const known of [key, String(second.key)])
      expect((await door.send(`/v1/events/${known}`, { title: 'x' })).status).toBe(202)
    expect((await call('POST', `/integrations/${id}/keys/${keyId}/revoke`)).status_code).toBe(200)
    expect((await door.send(`/v1/events/${key}`, { title: 'x' })).status).toBe(401)
    expect((await door.send(`/v1/events/${String(second.key)}`, { title: 'x' })).status).toBe(202)
  })

  test('accounts for everything it sent, and lists it raw', async () => {
    const { id, key } = await anIntegration(base.db)
    const body = '{"events": [{"title":"a","dedup_key":"a"}, {"title":"a","dedup_key":"a"}, 7]}'
    await door.send(`/v1/events/${key}`, body)
    await door.send(`/v1/events/${key}`, 'nonsense')
    expect(await call('GET', `/integrations/${id}/accounting`)).toMatchObject({
      received: 3,
      waiting: 3,
      balanced: true,
      rejected: 1,
    })
    const all = (await call('GET', '/accounting')).items
    expect(all.find((account) => account.integration_id === id)).toMatchObject({ received: 3, rejected: 1 })
    expect(all.length).toBe((await call('GET', '/integrations')).items.length)
    await drain(base.db)
    const account = await call('GET', `/integrations/${id}/accounting`)
    expect(account).toMatchObject({
      received: 3,
      waiting: 0,
      balanced: true,
      rejected: 1,
      buckets: { opened: 1, repeated: 1, 'dead-letter': 1, joined: 0 },
      per_minute: [{ count: 3 }],
    })
    const { items } = await call('GET', `/integrations/${id}/receipts`)
    expect(items.map((item) => item.outcome)).toEqual(['rejected', 'accepted'])
    const receipt = await call('GET', `/integrations/${id}/receipts/${String(items[1]!.id)}`)
    expect(receipt).toMatchObject({
      body,
      events: [{ bucket: 'opened' }, { bucket: 'repeated' }, { bucket: 'dead-letter' }],
    })
    expect((await call('GET', `/integrations/${id}/receipts?outcome=rejected&limit=1`)).items).toHaveLength(1)
  })

  test('a dead letter goes round again once, as a receipt of its own', async () => {
    const { id, key } = await anIntegration(base.db)
    await door.send(`/v1/events/${key}`, [{ title: 'fine' }, { kind: 'shout', title: 'x' }])
    await drain(base.db)
    const [letter] = (await call('GET', `/integrations/${id}/dead-letters`)).items
    expect(letter).toMatchObject({ element: '{"kind":"shout","title":"x"}', retried_at: null })
    // Stands for the fix: the adapter reads now what it could not read then.
    await base.db
      .updateTable('dead_letter')
      .set({ element: '{"kind":"trigger","title":"x"}' })
      .where('id', '=', String(letter!.id))
      .execute()
    const path = `/integrations/${id}/dead-letters/${String(letter!.id)}/retry`
    expect((await call('POST', path)).status_code).toBe(200)
    expect((await call('POST', path)).status_code).toBe(409)
    expect((await call('GET', `/integrations/${id}/dead-letters`)).items[0]).toMatchObject({
      retried_bucket: null,
    })
    await drain(base.db)
    expect((await call('GET', `/integrations/${id}/dead-letters`)).items[0]).toMatchObject({
      retried_bucket: 'opened',
    })
    expect(await call('GET', `/integrations/${id}/accounting`)).toMatchObject({
      received: 3,
      balanced: true,
      buckets: { opened: 2, 'dead-letter': 1 },
    })
  })

  test('lists what became of its events by bucket, with the reason, the alert and the ticket', async () => {
    const { id, key } = await anIntegration(base.db)
    for (const round of [1, 2, 3])
      await door.send(`/v1/events/${key}`, [
        { title: 'Full', dedup_key: 'd', severity: 'error' },
        { kind: 'resolve', dedup_key: `never-${round}` },
        { kind: 'note', dedup_key: 'd', title: 'hm' },
      ])
    await drain(base.db)
    const path = `/integrations/${id}/events`
    const [opened] = (await call('GET', `${path}?bucket=opened`)).items
    const { number } = (await call('GET', `/alerts?integration=${id}`)).items[0]!.ticket as { number: string }
    expect(opened).toMatchObject({
      title: 'Full',
      bucket: 'opened',
      ticket: number,
      alert: { status: 'firing' },
    })
    const ignored = await call('GET', `${path}?bucket=ignored`)
    expect(ignored.items.map((item) => [item.dedup_key, item.reason])).toEqual(
      [3, 2, 1].map((round) => [`never-${round}`, { why: 'nothing-open' }]),
    )

    // Page by page is the same as at once, and ends.
    const all = (await call('GET', path)).items
    const paged: typeof all = []
    let next: string | null = null
    do {
      const part: Body = await call('GET', `${path}?limit=2${next ? `&cursor=${next}` : ''}`)
      paged.push(...part.items)
      next = part.next as string | null
    } while (next)
    expect(all).toHaveLength(9)
    expect(paged).toEqual(all)
  })

  test('tells how much it sends over time, and how soon that is decided', async () => {
    const { id, key } = await anIntegration(base.db)
    expect(await call('GET', `/integrations/${id}/pace`)).toMatchObject({ latency: null })
    await door.send(`/v1/events/${key}`, [{ title: 'a' }, { title: 'b' }])
    await door.send(`/v1/events/${key}`, 'nonsense')
    await drain(base.db)
    for (const [span, points, step_minutes] of [
      ['hour', 60, 1],
      ['day', 96, 15],
      ['week', 168, 60],
    ] as const) {
      const pace = await call('GET', `/integrations/${id}/pace?span=${span}`)
      const counted = pace.points as { at: string; received: number; rejected: number }[]
      expect(counted).toHaveLength(points)
      // The minute may turn between two requests, so the last two steps are taken together.
      const sum = (of: 'received' | 'rejected') =>
        counted.slice(-2).reduce((total, point) => total + point[of], 0)
      expect([pace.step_minutes, sum('received'), sum('rejected')]).toEqual([step_minutes, 2, 1])
      expect(pace.latency).toMatchObject({ n: 2 })
    }
    const { latency } = await call('GET', `/integrations/${id}/pace`)
    const { median_ms, p95_ms } = latency as { median_ms: number; p95_ms: number }
    expect(median_ms).toBeGreaterThanOrEqual(0)
    expect(p95_ms).toBeGreaterThanOrEqual(median_ms)
  })

  test('knows the time zone in which its sender writes, beside its limit', async () => {
    const { id } = await anIntegration(base.db)
    const set = (change: object) => call('PATCH', `/integrations/${id}`, change)
    expect(await set({ time_zone: 'Atlantis/Center' })).toMatchObject({
      status_code: 422,
      errors: [{ path: 'time_zone', message: expect.stringContaining('IANA') }],
    })
    await set({ time_zone: 'Europe/Rome', requests_per_second: 50 })
    await set({ name: 'PRTG in Rome' })
    expect(await call('GET', `/integrations/${id}`)).toMatchObject({
      time_zone: 'Europe/Rome',
      requests_per_second: 50,
    })
    await set({ time_zone: null })
    expect(await call('GET', `/integrations/${id}`)).toMatchObject({
      time_zone: null,
      requests_per_second: 50,
    })
  })

  test('is held to its requests per second within seconds, and told so in words', async () => {
    const { id, key } = await anIntegration(base.db)
    const set = (requests_per_second: unknown) =>
      call('PATCH', `/integrations/${id}`, { requests_per_second })
    for (const wrong of [0, -1, 1.5, 20_001])
      expect(await set(wrong)).toMatchObject({
        status_code: 422,
        errors: [{ path: 'requests_per_second', message: expect.stringContaining('1 to 20000') }],
      })
    const send = () => door.send(`/v1/events/${key}`, { kind: 'test', title: 'x' })
    expect((await send()).status).toBe(202)
    expect((await set(1)).status_code).toBe(200)
    expect(await call('GET', `/integrations/${id}`)).toMatchObject({ requests_per_second: 1 })
    await until(async () => (await send()).status === 429, { deadline: 10_000 })
    expect((await set(null)).status_code).toBe(200)
    expect(await call('GET', `/integrations/${id}`)).toMatchObject({ requests_per_second: null })
    await until(
      async () => {
        const answers = await Promise.all(Array.from({ length: 20 }, send))
        return answers.every(({ status }) => status === 202)
      },
      { deadline: 10_000 },
    )
  })

  test('is not changed over somebody else’s change', async () => {
    const { id } = await anIntegration(base.db)
    const { revision } = await call('GET', `/integrations/${id}`)
    const edit = (name: string) => call('PATCH', `/integrations/${id}`, { name, seen_revision: revision })
    expect((await edit('First')).status_code).toBe(200)
    expect((await edit('Second')).status_code).toBe(412)
    expect(await call('GET', `/integrations/${id}`)).toMatchObject({ name: 'First' })
  })

  test('says what a body would be read as, touching nothing', async () => {
    const { id } = await anIntegration(base.db, { system: 'prometheus' })
    const body = [
      {
        labels: { alertname: 'Down', instance: 'a:1', severity: 'page' },
        startsAt: '2026-03-02T04:11:09.5Z',
      },
      { labels: 3 },
    ]
    expect(
      await call('POST', `/integrations/${id}/try`, { headers: {}, body: JSON.stringify(body) }),
    ).toMatchObject({
      events: [
        {
          status: 'firing',
          severity: 'critical',
          severity_raw: 'page',
          title: 'Down',
          resource: 'a:1',
          host: 'a:1',
          service: null,
          ends_at: null,
        },
      ],
      unreadable: [{ element: '{"labels":3}' }],
      answer: { status: 200 },
    })
    expect(await call('POST', `/integrations/${id}/try`, { body: { alerts: [] } })).toMatchObject({
      events: [],
      answer: { status: 422 },
    })
    expect(await call('GET', `/integrations/${id}/accounting`)).toMatchObject({ received: 0, rejected: 0 })
  })

  test('tries a body as its door would read it: its zone, its address, and what changes no alert', async () => {
    const { id } = await anIntegration(base.db, { system: 'checkmk' })
    const { revision } = await call('GET', `/integrations/${id}`)
    await call('PATCH', `/integrations/${id}`, { time_zone: 'Europe/Rome', seen_revision: revision })
    const notice = { host: 'db-1', site: 'a', notification_type: 'PROBLEM', host_state: 'DOWN' }
    const attempt = (body: unknown, more = {}) => call('POST', `/integrations/${id}/try`, { body, ...more })
    expect(await attempt({ ...notice, short_datetime: '2026-05-02 14:00:00' })).toMatchObject({
      refused: null,
      events: [{ kind: 'trigger', starts_at: '2026-05-02T12:00:00Z', labels: { site: 'a' } }],
    })
    expect(await attempt({ ...notice, notification_type: 'DOWNTIMESTART' })).toMatchObject({
      events: [],
      noted: [{ kind: 'note', host: 'db-1' }],
    })
    const refused = await attempt('{"host":')
    expect(refused).toMatchObject({ refused: 'The body is not JSON.', answer: { status: 400 } })
    expect(await attempt({}, { path: 'http://[' })).toMatchObject({ status_code: 200 })
    const { id: robot } = await anIntegration(base.db, { system: 'uptimerobot' })
    const asked = { body: '', method: 'GET', path: '?monitorID=1&alertType=2' }
    expect(await call('POST', `/integrations/${robot}/try`, asked)).toMatchObject({
      events: [{ status: 'resolved', dedup_key: '1' }],
    })
  })

  test('hands out its sender’s configuration without the key', async () => {
    const { id, key } = await anIntegration(base.db, { system: 'prometheus' })
    const setup = JSON.stringify(await call('GET', `/integrations/${id}/setup`))
    expect(setup).toContain('path_prefix: /v1/prometheus/<key>')
    expect(setup).not.toContain(key)
  })

  test('is seen by its team’s manager, changed by administrators, and not there for others', async () => {
    const [team, other] = [await aTeam(base.db), await aTeam(base.db)]
    const manager = await someone(base.db, [{ role: 'manager', teamId: team }])
    const stranger = await someone(base.db, [{ role: 'manager', teamId: other }])
    const { id } = await anIntegration(base.db, { teamId: team })
    for (const part of ['', '/accounting', '/setup', '/receipts', '/dead-letters', '/events', '/pace']) {
      expect((await call('GET', `/integrations/${id}${part}`, undefined, manager)).status_code).toBe(200)
      expect((await call('GET', `/integrations/${id}${part}`, undefined, stranger)).status_code).toBe(404)
    }
    expect((await call('PATCH', `/integrations/${id}`, { name: 'x' }, manager)).status_code).toBe(403)
    expect((await call('PATCH', `/integrations/${id}`, { name: 'Renamed' })).status_code).toBe(200)
    expect((await call('POST', `/integrations/${id}/archive`)).status_code).toBe(200)
    expect((await call('GET', '/integrations')).items.map((item) => item.id)).not.toContain(id)
  })
})

describe('alerts', () => {
  test('are listed, found, counted, explained and acknowledged together with their incident', async () => {
    const team = await aTeam(base.db)
    const agent = await someone(base.db, [{ role: 'agent', teamId: team }])
    const stranger = await someone(base.db, [{ role: 'agent', teamId: await aTeam(base.db) }])
    const { id, key } = await anIntegration(base.db, { teamId: team })
    await door.send(`/v1/events/${key}`, [
      { title: 'Disk full on zeta', dedup_key: 'd', severity: 'critical', host: 'zeta', resource: '/var' },
      { title: 'Fan', dedup_key: 'f', severity: 'warning' },
      { kind: 'resolve', dedup_key: 'f' },
    ])
    await drain(base.db)
    const { items } = await call('GET', `/alerts?integration=${id}`, undefined, agent)
    expect(items.map((item) => [item.dedup_key, item.status])).toEqual(
      expect.arrayContaining([
        ['d', 'firing'],
        ['f', 'resolved'],
      ]),
    )
    const [found] = (await call('GET', '/alerts?q=ZETA%20full&status=firing', undefined, agent)).items
    expect(found).toMatchObject({
      severity: 'critical',
      host: 'zeta',
      resource: '/var',
      count: 1,
      ticket: { state: 'new' },
    })
    const sources = (await call('GET', '/alerts/sources', undefined, agent)).items
    expect(sources).toContainEqual({ id, name: expect.any(String), system: 'events' })
    const foreign = (await call('GET', '/alerts/sources', undefined, stranger)).items
    expect(foreign.map((one) => one.id)).not.toContain(id)
    expect(await call('GET', '/alerts/counts', undefined, agent)).toMatchObject({
      resolved_last_day: 1,
      severities: { critical: 1 },
    })
    const path = `/alerts/${String(found!.id)}`
    expect(await call('GET', path, undefined, agent)).toMatchObject({
      links: [{ how: 'opened', rule: 'default' }],
      events: [{ kind: 'trigger', bucket: 'opened' }],
    })
    expect((await call('GET', path, undefined, stranger)).status_code).toBe(404)
    expect((await call('POST', `${path}/acknowledge`, undefined, stranger)).status_code).toBe(404)
    expect((await call('GET', `/alerts?integration=${id}`, undefined, stranger)).items).toEqual([])

    expect((await call('POST', `${path}/acknowledge`, undefined, agent)).status_code).toBe(200)
    expect((await call('POST', `${path}/acknowledge`, undefined, agent)).status_code).toBe(200)
    const after = await call('GET', path, undefined, agent)
    expect(after).toMatchObject({ status: 'acknowledged', acknowledged_by: { id: agent.id } })
    const ticket = await call(
      'GET',
      `/tickets/${(after.ticket as { number: string }).number}`,
      undefined,
      agent,
    )
    expect(ticket.acknowledged_at).not.toBeNull()
  })
})
