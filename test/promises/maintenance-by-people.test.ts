import { sweepAlerts, sweepMaintenance } from '@tocsin/desk'
import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  aPolicy,
  aSource,
  aTeam,
  doorOverDatabase,
  type Someone,
  someone,
  startEngine,
  type TestApi,
  testApi,
  until,
  verbsAbout,
} from '../harness/index.ts'

/** What people and programs plan at their door: who may, what is told of it, and what a preview promises. */

const on = doorOverDatabase()
let api: TestApi
let team: string
let people: Record<'employee' | 'agent' | 'on_call' | 'manager' | 'administrator' | 'stranger', Someone>
let mine: string
let foreign: string

beforeAll(async () => {
  const { db, url } = on.base
  api = testApi(db, { databaseUrl: url })
  const other = await aTeam(db)
  team = await aTeam(db)
  people = {
    employee: await someone(db),
    agent: await someone(db, [{ role: 'agent', teamId: team }]),
    on_call: await someone(db, [{ role: 'on_call', teamId: team }]),
    manager: await someone(db, [{ role: 'manager', teamId: team }]),
    administrator: await someone(db, [{ role: 'administrator' }]),
    stranger: await someone(db, [{ role: 'agent', teamId: other }]),
  }
  mine = await aService('mine', team)
  foreign = await aService('foreign', other)
})

async function aService(key: string, teamId: string): Promise<string> {
  const answer = await api.call(people.administrator.key, 'POST', '/api/v1/services', {
    key,
    name: { en: key },
    team_id: teamId,
  })
  return ((await answer.json()) as { id: string }).id
}

/** What its answers hold, one or another. */
interface Answer {
  id: string
  items: { reason: string; state: string; span: { starts_at: string } | null; events: number }[]
  next: string
  errors: { path: string }[]
  spans: unknown[]
  events: number
  alerts: number
  suppressed: number
  tickets: number
  pages: number
}

const HOUR = 3_600_000
let now = 0
beforeAll(async () => {
  const { rows } = await sql<{ now: Date }>`select tocsin_now() as now`.execute(on.base.db)
  // Spans that recur begin at whole seconds.
  now = Math.floor(rows[0]!.now.getTime() / 1_000) * 1_000
})
const windowOf = (over: Record<string, unknown> = {}) => ({
  kind: 'window',
  reason: 'New disks',
  starts_at: new Date(now - 60_000).toISOString(),
  ends_at: new Date(now + HOUR).toISOString(),
  ...over,
})
const call = async (by: Someone, method: string, path: string, body?: unknown) => {
  const answer = await api.call(by.key, method, `/api/v1/maintenance${path}`, body)
  return { status: answer.status, body: (await answer.json()) as Answer }
}
const plan = async (over: Record<string, unknown>, by = people.administrator): Promise<string> => {
  const { status, body } = await call(by, 'POST', '', windowOf(over))
  expect({ status, errors: body.errors }).toEqual({ status: 201, errors: undefined })
  await sweepMaintenance(on.base.db)
  await sweepAlerts(on.base.db)
  return body.id
}

describe('a window', () => {
  test('is made by those whose services it names, and ended by them and its author', async () => {
    const statuses: Record<string, number[]> = {}
    for (const [who, by] of Object.entries(people)) {
      const tried = [
        { service_ids: [mine] },
        { service_ids: [mine, foreign] },
        { matchers: [{ name: 'host', value: 'x' }] },
      ]
      statuses[who] = []
      for (const over of tried) {
        const { status, body } = await call(by, 'POST', '', windowOf(over))
        statuses[who].push(status)
        if (status === 201) expect((await call(by, 'POST', `/${body.id}/cancel`)).status).toBe(200)
      }
    }
    expect(statuses).toEqual({
      employee: [403, 403, 403],
      agent: [201, 403, 403],
      on_call: [201, 403, 403],
      manager: [201, 403, 403],
      administrator: [201, 201, 201],
      stranger: [403, 403, 403],
    })
    const id = await plan({ service_ids: [mine] }, people.agent)
    expect((await call(people.stranger, 'POST', `/${id}/cancel`)).status).toBe(403)
    expect((await call(people.stranger, 'GET', `/${id}`)).body).toMatchObject({
      state: 'active',
      may_end: false,
    })
    expect((await call(people.on_call, 'POST', `/${id}/cancel`)).status).toBe(200)
    expect((await call(people.agent, 'GET', `/${id}`)).body).toMatchObject({
      state: 'past',
      may_end: false,
      cancelled_by: { id: people.on_call.id },
    })
  })

  test('stands among those in force, to come or past, page by page', async () => {
    const at = (hours: number) => new Date(now + hours * HOUR).toISOString()
    const ids = [
      await plan({ service_ids: [mine], reason: 'now, longer', ends_at: at(3) }),
      await plan({ service_ids: [mine], reason: 'now, shorter', ends_at: at(2) }),
      await plan({ service_ids: [mine], reason: 'later', starts_at: at(5), ends_at: at(6) }),
      await plan({
        service_ids: [mine],
        reason: 'each day',
        starts_at: at(4),
        ends_at: at(5),
        zone: 'Europe/Rome',
        rrule: 'FREQ=DAILY;COUNT=3',
      }),
    ]
    const seen: Answer['items'] = []
    let cursor = ''
    do {
      const { body } = await call(people.agent, 'GET', `?limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...body.items)
      cursor = body.next
    } while (cursor)
    expect(seen.slice(0, 4).map(({ reason, state }) => [reason, state])).toEqual([
      ['now, shorter', 'active'],
      ['now, longer', 'active'],
      ['each day', 'planned'],
      ['later', 'planned'],
    ])
    expect(new Set(seen.slice(4).map(({ state }) => state))).toEqual(new Set(['past']))
    expect(Date.parse(seen[2]!.span!.starts_at)).toBe(Date.parse(at(4)))
    const { body } = await call(people.agent, 'GET', '?state=planned')
    expect(body.items.map(({ reason }) => reason)).toEqual(['each day', 'later'])
    const detail = await call(people.agent, 'GET', `/${ids[3]}`)
    expect(detail.body.spans).toHaveLength(3)
    for (const id of ids) await call(people.administrator, 'POST', `/${id}/cancel`)
    expect((await call(people.agent, 'GET', '?state=active')).body.items).toEqual([])
  })

  test('says what is wrong with it, by the field', async () => {
    const refused = async (over: Record<string, unknown>) => {
      const tried = windowOf({ service_ids: [mine], ...over })
      const [made, seen] = [
        await call(people.agent, 'POST', '', tried),
        await call(people.agent, 'POST', '/preview', tried),
      ]
      expect([made.status, seen.status]).toEqual([422, 422])
      expect(made.body.errors).toEqual(seen.body.errors.slice(0, 1))
      return made.body.errors[0]!.path
    }
    expect(await refused({ condition: 'labels.' })).toBe('condition')
    expect(await refused({ rrule: 'FREQ=DAILY' })).toBe('rrule')
    expect(await refused({ matchers: [{ name: 'a', value: '(', is_regex: true }] })).toBe('matchers')
    expect(await refused({ reason: ' ' })).toBe('reason')
    expect(await refused({ service_ids: [mine], ci_ids: ['019ab000-0000-7000-8000-000000000000'] })).toBe(
      'ci_ids',
    )
    expect(await refused({ ends_at: new Date(now - HOUR).toISOString() })).toBe('ends_at')
  })
})

describe('a window that is changed while it is in force', () => {
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
  const change = (id: string, body: object, by = people.administrator) => call(by, 'PATCH', `/${id}`, body)
  async function pass(minutes: number): Promise<void> {
    await on.moveOn(minutes * 60)
    now += minutes * 60_000
    await sweepMaintenance(on.base.db)
    await sweepAlerts(on.base.db)
  }

  test('longer it holds on, narrower it lets go at once, shorter it ends sooner', async () => {
    const source = await aSource(on)
    const host = (value: string, is_regex = false) => [{ name: 'host', value, is_regex }]
    const id = await plan({ matchers: host('ed-.', true), integration_id: source.id, ends_at: at(10) })
    for (const key of ['ed-1', 'ed-2'])
      await source.say({ dedup_key: key, title: 'Down', labels: { host: key } })
    const states = async () => [(await source.alert('ed-1')).status, (await source.alert('ed-2')).status]

    expect((await change(id, { ends_at: at(40), seen_revision: 1 })).status).toBe(200)
    await pass(15)
    expect(await states()).toEqual(['suppressed', 'suppressed'])
    expect((await change(id, { matchers: host('ed-1') })).status).toBe(200)
    await pass(0)
    expect(await states()).toEqual(['suppressed', 'firing'])
    expect((await source.alert('ed-2')).ticket_id).not.toBeNull()
    expect((await change(id, { ends_at: at(2) })).status).toBe(200)
    await pass(3)
    expect(await states()).toEqual(['firing', 'firing'])
    expect(await verbsAbout(on, id)).toEqual(['create', 'begin', 'edit', 'edit', 'edit', 'end'])
    expect((await change(id, { reason: 'Too late' })).status).toBe(409)
  })

  test('one that recurs keeps what has begun, and comes at its new times', async () => {
    const id = await plan({ service_ids: [mine], ends_at: at(10), rrule: 'FREQ=DAILY;COUNT=4' })
    expect((await change(id, { rrule: 'FREQ=WEEKLY;COUNT=2', ends_at: at(20) })).status).toBe(200)
    const { body } = await call(people.agent, 'GET', `/${id}`)
    const day = 86_400_000
    const begun = now - 60_000
    expect(body.spans).toMatchObject(
      [begun, begun + 7 * day].map((start) => ({
        starts_at: new Date(start).toISOString(),
        ends_at: new Date(start + 21 * 60_000).toISOString(),
      })),
    )
    expect((await call(people.administrator, 'POST', `/${id}/cancel`)).status).toBe(200)
  })

  test('is refused in words', async () => {
    const nowhere = '019ab000-0000-7000-8000-000000000000'
    const id = await plan({ service_ids: [mine], ends_at: at(10) }, people.agent)
    const refused = async (body: object, by = people.agent) => (await change(id, body, by)).status
    expect(await refused({ reason: 'x' }, people.stranger)).toBe(403)
    expect(await refused({ service_ids: [mine, foreign] })).toBe(403)
    expect(await refused({ service_ids: [], matchers: [{ name: 'host', value: 'x' }] })).toBe(403)
    expect((await change(nowhere, { reason: 'x' })).status).toBe(404)
    expect(await refused({ reason: 'y', seen_revision: 1 }, people.on_call)).toBe(200)
    expect(await refused({ reason: 'z', seen_revision: 1 })).toBe(412)
    const paths = async (body: object) => {
      const { status, body: said } = await change(id, body, people.administrator)
      return [status, said.errors.map(({ path }) => path).join()]
    }
    expect(await paths({ starts_at: at(1) })).toEqual([422, 'starts_at'])
    expect(await paths({ ends_at: at(-5) })).toEqual([422, 'ends_at'])
    expect(await paths({ service_ids: [] })).toEqual([422, 'matchers'])
    expect(await paths({ service_ids: [], condition: ' true ' })).toEqual([422, 'matchers'])
    expect(await paths({ service_ids: [nowhere] })).toEqual([422, 'service_ids'])
    expect(await paths({ ci_ids: [nowhere], integration_id: nowhere })).toEqual([
      422,
      'ci_ids,integration_id',
    ])
    expect(await paths({ rrule: 'FREQ=DAILY' })).toEqual([422, 'rrule'])
    expect(await refused({ kind: 'silence' })).toBe(400)
    await call(people.agent, 'POST', `/${id}/cancel`)
  })
})

describe('its author', () => {
  test('hears once that a span begins and that it ends, unless it was by their own hand just then', async () => {
    const at = (hours: number) => new Date(now + hours * HOUR).toISOString()
    const own = { service_ids: [mine], ends_at: at(0.5) }
    const begun = await plan({ ...own, reason: 'begun at once' }, people.agent)
    await call(people.agent, 'POST', `/${begun}/cancel`)
    const planned = await plan({ ...own, reason: 'Planned\r\nBcc: x', starts_at: at(0.2) }, people.agent)
    const engine = startEngine(on.base)
    await on.moveOn(3600)
    const told = async () => {
      const { rows } = await sql<{ told: string }>`
        select n.template || ' ' || n.state || ' ' || (a.subject_id = ${planned}::uuid) as told
        from notice n join activity a on a.id = n.activity_id where a.subject_id in (${begun}::uuid, ${planned}::uuid) order by 1`.execute(
        on.base.db,
      )
      return rows.map((row) => row.told)
    }
    const both = ['quiet-begin sent true', 'quiet-end sent true']
    await until(async () => (await told()).join() === both.join(), { deadline: 15_000 })
    await engine.stop()
    expect(await told()).toEqual(both)
    const { rows } = await sql<{ subject: string }>`
      select subject from local_mail where subject like '%Planned%' order by at, subject`.execute(on.base.db)
    expect(rows).toHaveLength(2)
    for (const { subject } of rows) expect(subject).not.toMatch(/[\r\n]/)
    now += HOUR
  })
})

describe('what a preview says of the last days', () => {
  const said = [
    { dedup_key: 'a', labels: { host: 'db-1' } },
    { dedup_key: 'a', labels: { host: 'db-1' } },
    { dedup_key: 'b', labels: { host: 'db-2' }, severity: 'warning' },
    { dedup_key: 'c', labels: { host: 'web-1' } },
    { dedup_key: 'a', labels: { host: 'db-1' }, kind: 'resolve' },
    { dedup_key: 'a', labels: { host: 'db-1' } },
  ].map((event) => ({ title: `Down: ${event.dedup_key}`, ...event }))

  test.each([
    ['labels', { matchers: [{ name: 'host', value: 'db-.*', is_regex: true }] }],
    ['one label', { matchers: [{ name: 'host', value: 'db-1' }] }],
    ['a condition on each event', { condition: 'severity == "warning" || title.endsWith("c")' }],
  ])('is what then happens: by %s', async (_name, coverage) => {
    const engine = startEngine(on.base)
    const policy = await aPolicy(on.base.db, [
      { wait_ms: 0, targets: [{ kind: 'person', id: people.agent.id }] },
    ])
    const [before, after] = [
      await aSource(on, { escalationPolicyId: policy }),
      await aSource(on, { escalationPolicyId: policy }),
    ]
    await before.say(...said)
    await until(async () => (await countsOf(before.id)).pages >= (await countsOf(before.id)).tickets)
    const { body: preview } = await call(
      people.administrator,
      'POST',
      '/preview',
      windowOf({ ...coverage, integration_id: before.id }),
    )
    const id = await plan({ ...coverage, integration_id: after.id })
    await after.say(...said)
    const [open, quiet] = [await countsOf(before.id), await countsOf(after.id)]
    await until(async () => (await countsOf(after.id)).pages >= quiet.tickets)
    await engine.stop()
    const { body: window } = await call(people.administrator, 'GET', `/${id}`)
    expect({ events: preview.events, alerts: preview.alerts }).toEqual({
      events: window.suppressed,
      alerts: window.alerts,
    })
    expect(preview.events).toBeGreaterThan(0)
    expect({ tickets: preview.tickets, pages: preview.pages }).toEqual({
      tickets: open.tickets - quiet.tickets,
      pages: open.pages - (await countsOf(after.id)).pages,
    })
    expect(preview.items.reduce((sum, one) => sum + one.events, 0)).toBe(preview.events)
    const { items } = (await (
      await api.call(people.administrator.key, 'GET', `/api/v1/alerts?window=${id}`)
    ).json()) as { items: { held: unknown }[] }
    expect(items).toHaveLength(window.alerts)
    expect(items[0]!.held).toMatchObject({ by: 'maintenance', window: { id, reason: 'New disks' } })
    // What the reader may not see is not told in numbers either.
    expect(
      (await call(people.stranger, 'POST', '/preview', windowOf({ ...coverage, service_ids: [mine] }))).body,
    ).toMatchObject({
      events: 0,
      items: [],
    })
    await call(people.administrator, 'POST', `/${id}/cancel`)
  })

  /** What opened for this source, and who was asked because of it. */
  async function countsOf(integrationId: string): Promise<{ tickets: number; pages: number }> {
    const { rows } = await sql<{ tickets: number; pages: number }>`
      select count(distinct t.id)::int as tickets, count(distinct p.id)::int as pages
      from alert a join alert_link l on l.alert_id = a.id join ticket t on t.id = l.ticket_id
      left join page p on p.ticket_id = t.id where a.integration_id = ${integrationId}`.execute(on.base.db)
    return rows[0]!
  }
})
