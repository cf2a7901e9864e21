import { createDefaultSla, sweepRecomputations, SYSTEM, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aTeam,
  database,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

/** Whatever a condition reads, a change of it chooses the policy anew: on the ticket at once, around it in the background. */

const HOUR = 3_600_000
let record: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let always: string
/** What conditions name; `there` lies beneath `above` in both trees, `here` does not. */
const ids: Record<string, string> = {}
let made = 0

interface Shown {
  id: string
  policy: { name: string; version: number } | null
  target: string
  target_ms: number
  state: string
}
async function call<T>(method: string, path: string, body?: unknown, by = admin): Promise<T> {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  const json = (await answer.json()) as T
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`)
  return json
}
const make = async (path: string, body: object) => (await call<{ id: string }>('POST', path, body)).id
const status = async (method: string, path: string, body?: unknown, by = admin) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  const { errors } = (await answer.json()) as { errors?: { path: string }[] }
  return [answer.status, errors?.[0]?.path]
}
const policyOf = async (number: string) =>
  (await call<{ items: Shown[] }>('GET', `/tickets/${number}/sla`)).items.find(
    ({ target }) => target === 'resolution',
  )?.policy?.name
const open = async (more: object = {}) => {
  const body = { kind: 'incident', title: 'Mail hangs', impact: 'high', urgency: 'high', ...more }
  return (await call<{ number: string }>('POST', '/tickets', body)).number
}
const edit = async (number: string, body: object) => {
  const { revision } = await call<{ revision: number }>('GET', `/tickets/${number}`)
  const headers = { 'if-match': `"${revision}"` }
  expect((await api.call(admin.key, 'PATCH', `/api/v1/tickets/${number}`, body, headers)).status).toBe(200)
}
const policy = (conditions: object, service_ids: string[] = []) =>
  make('/sla-policies', {
    name: `Covers ${++made}`,
    position: 1,
    kinds: ['incident'],
    calendar_id: always,
    targets: Object.fromEntries(
      ['P1', 'P2', 'P3', 'P4', 'P5'].map((priority) => [
        priority,
        { response_ms: null, resolution_ms: HOUR },
      ]),
    ),
    conditions,
    service_ids,
    recompute: false,
  })
const sweep = async () => {
  while ((await sweepRecomputations(record.db)) > 0);
}

beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  agent = await someone(record.db, [{ role: 'agent', teamId: await aTeam(record.db) }])
  always = (await transact(record.db, SYSTEM, (tx) => createDefaultSla(tx))).alwaysId
  ids.service = await make('/services', { key: 'mail', name: { en: 'Mail' } })
  ids.group = await make('/people-groups', { name: 'VIP' })
  for (const [what, name] of [
    ['above', 'Above'],
    ['here', 'Here'],
  ] as const) {
    ids[`category-${what}`] = await make('/categories', { key: what, name: { en: name } })
    ids[`organisation-${what}`] = await make('/organisations', { name })
  }
  ids['category-there'] = await make('/categories', {
    key: 'there',
    name: { en: 'There' },
    parent_id: ids['category-above'],
  })
  ids['organisation-there'] = await make('/organisations', {
    name: 'There',
    parent_id: ids['organisation-above'],
  })
  const person = (organisation: string, name: string) =>
    make('/people', { name, organisation_id: ids[`organisation-${organisation}`] })
  ids.plain = await person('here', 'Ada')
  ids.vip = await person('here', 'Bea')
  ids.mover = await person('here', 'Col')
  ids.foreign = await person('there', 'Dee')
  await call('PATCH', `/people-groups/${ids.group}`, { member_ids: [ids.vip] })
})
afterAll(() => record.drop())

describe('a change of a ticket', () => {
  it.each<[string, () => object, () => object, () => object, string[]?]>([
    ['service', () => ({}), () => ({ service_id: ids.service }), () => ({ service_id: null }), ['service']],
    [
      'priority',
      () => ({ priorities: ['P5'] }),
      () => ({ impact: 'low', urgency: 'low' }),
      () => ({ impact: 'high' }),
    ],
    [
      'category',
      () => ({ category_ids: [ids['category-there']] }),
      () => ({ category_id: ids['category-there'] }),
      () => ({ category_id: ids['category-here'] }),
    ],
    [
      'category beneath the one that is named',
      () => ({ category_ids: [ids['category-above']] }),
      () => ({ category_id: ids['category-there'] }),
      () => ({ category_id: null }),
    ],
    [
      'requester, who is in a group',
      () => ({ group_ids: [ids.group] }),
      () => ({ requester_id: ids.vip }),
      () => ({ requester_id: ids.plain }),
    ],
    [
      'requester, and with them the organisation',
      () => ({ organisation_ids: [ids['organisation-above']] }),
      () => ({ requester_id: ids.foreign }),
      () => ({ requester_id: ids.plain }),
    ],
  ])(
    'of its %s chooses the policy anew, there and back',
    async (_what, conditions, there, back, services) => {
      const id = await policy(conditions(), services ? [ids.service!] : [])
      const number = await open({ requester_id: ids.plain })
      expect(await policyOf(number)).toBe('Standard')
      await edit(number, there())
      expect(await policyOf(number)).toBe(`Covers ${made}`)
      await edit(number, back())
      expect(await policyOf(number)).toBe('Standard')
      await call('POST', `/sla-policies/${id}/archive`)
    },
  )

  it('leaves one that was opened for another organisation there', async () => {
    const number = await open({ requester_id: ids.plain })
    await sql`update ticket set organisation_id = ${ids['organisation-above']} where number = ${number}`.execute(
      record.db,
    )
    await edit(number, { requester_id: ids.foreign })
    const { rows } = await sql<{ organisation_id: string }>`
      select organisation_id from ticket where number = ${number}`.execute(record.db)
    expect(rows).toEqual([{ organisation_id: ids['organisation-above'] }])
  })
})

interface Run {
  cause: { kind: string; id: string; name: string }
  total: number
  done: number
  changed: number
}
const clocksOf = async (number: string) =>
  (
    await sql<{ version: number }>`
    select c.version from sla_clock c join ticket t on t.id = c.ticket_id where t.number = ${number} order by c.target`.execute(
      record.db,
    )
  ).rows

describe('a change around tickets', () => {
  type Row = [
    string,
    string,
    string,
    () => object,
    () => object,
    () => [string, object],
    () => [string, object],
  ]
  it.each<Row>([
    [
      'somebody who comes into a group',
      'people_group',
      'VIP',
      () => ({ group_ids: [ids.group] }),
      () => ({ requester_id: ids.mover }),
      () => [`/people-groups/${ids.group}`, { member_ids: [ids.vip, ids.mover] }],
      () => [`/people-groups/${ids.group}`, { member_ids: [ids.vip] }],
    ],
    [
      'somebody who belongs to another organisation',
      'requester',
      'Col',
      () => ({ organisation_ids: [ids['organisation-there']] }),
      () => ({ requester_id: ids.mover }),
      () => [`/people/${ids.mover}`, { organisation_id: ids['organisation-there'] }],
      () => [`/people/${ids.mover}`, { organisation_id: ids['organisation-here'] }],
    ],
    [
      'an organisation that becomes part of another',
      'organisation',
      'There',
      () => ({ organisation_ids: [ids['organisation-here']] }),
      () => ({ requester_id: ids.foreign }),
      () => [`/organisations/${ids['organisation-there']}`, { parent_id: ids['organisation-here'] }],
      () => [`/organisations/${ids['organisation-there']}`, { parent_id: ids['organisation-above'] }],
    ],
    [
      'a category that is moved beneath another',
      'category',
      'There',
      () => ({ category_ids: [ids['category-here']] }),
      () => ({ category_id: ids['category-there'], requester_id: ids.plain }),
      () => [`/categories/${ids['category-there']}`, { parent_id: ids['category-here'] }],
      () => [`/categories/${ids['category-there']}`, { parent_id: ids['category-above'] }],
    ],
  ])(
    '%s: the open tickets concerned follow, and no others',
    async (_what, kind, name, asks, of, there, back) => {
      const id = await policy(asks())
      // What earlier rows left open would be counted with it.
      await sql`update ticket set state = 'closed'`.execute(record.db)
      const number = await open(of())
      const ended = await open(of())
      await call('POST', `/tickets/${ended}/cancel`)
      const other = await open({ requester_id: ids.vip })
      const otherWas = await clocksOf(other)
      await call('PATCH', ...there())
      expect(await policyOf(number)).toBe('Standard')
      expect(
        (await Promise.all([1, 2].map(() => sweepRecomputations(record.db)))).filter(Boolean),
      ).toHaveLength(1)
      await sweep()
      expect(await policyOf(number)).toBe(`Covers ${made}`)
      const [run] = (await call<{ items: Run[] }>('GET', '/sla-recomputations')).items
      expect(run).toMatchObject({ cause: { kind, name }, total: 1, done: 1, changed: 1 })
      const { rows } = await sql<{ cause: object }>`
      select a.cause from activity a join ticket t on t.id = a.ticket_id
      where t.number = ${number} and a.verb = 'recompute'`.execute(record.db)
      expect(rows).toEqual([{ cause: { kind, id: run!.cause.id } }])
      expect(await clocksOf(other)).toEqual(otherWas)
      expect(await policyOf(ended)).toBe('Standard')
      await call('PATCH', ...back())
      await sweep()
      expect(await policyOf(number)).toBe('Standard')
      await call('POST', `/sla-policies/${id}/archive`)
    },
  )

  it('that no policy asks about computes nothing', async () => {
    const before = await call<{ items: Run[] }>('GET', '/sla-recomputations')
    await call('PATCH', `/people-groups/${ids.group}`, { member_ids: [ids.vip, ids.plain] })
    await call('PATCH', `/people-groups/${ids.group}`, { member_ids: [ids.vip] })
    await call('PATCH', `/people/${ids.mover}`, { name: 'Colin' })
    expect((await call<{ items: Run[] }>('GET', '/sla-recomputations')).items).toHaveLength(
      before.items.length,
    )
  })
})

describe('a ticket that is reopened', () => {
  const resolutionOf = async (number: string) =>
    (await call<{ items: Shown[] }>('GET', `/tickets/${number}/sla`)).items.find(
      ({ target }) => target === 'resolution',
    )!
  const targets = (hours: number) => ({ P1: { response_ms: null, resolution_ms: hours * HOUR } })

  it('is promised what holds for its requester now', async () => {
    const id = await policy({ group_ids: [ids.group] })
    const number = await open({ requester_id: ids.mover })
    await call('POST', `/tickets/${number}/resolve`)
    await call('PATCH', `/people-groups/${ids.group}`, { member_ids: [ids.vip, ids.mover] })
    await sweep()
    expect(await policyOf(number)).toBe('Standard')
    await call('POST', `/tickets/${number}/reopen`)
    expect(await resolutionOf(number)).toMatchObject({ target_ms: HOUR, policy: { name: `Covers ${made}` } })
    await call('POST', `/sla-policies/${id}/archive`)
  })

  it('keeps the version that it had, unless a newer one was carried to open tickets meanwhile', async () => {
    const id = await policy({ priorities: ['P1'] })
    const number = await open({ requester_id: ids.plain })
    const ends = async (recompute: boolean, hours: number) => {
      await call('POST', `/tickets/${number}/resolve`)
      await call('PATCH', `/sla-policies/${id}`, { targets: targets(hours), recompute })
      await sweep()
      await call('POST', `/tickets/${number}/reopen`)
      return (await resolutionOf(number)).target_ms / HOUR
    }
    expect(await ends(false, 2)).toBe(1)
    expect(await ends(true, 3)).toBe(3)
  })
})

describe('organisations', () => {
  it('are a tree that administrators keep: bad input is answered with the field', async () => {
    const here = ids['organisation-here']
    const path = `/organisations/${here}`
    expect(await status('POST', '/organisations', { name: 'here' })).toEqual([409, 'name'])
    expect(await status('POST', '/organisations', { name: 'New', parent_id: always })).toEqual([
      422,
      'parent_id',
    ])
    expect(await status('POST', '/organisations', { name: '' })).toEqual([422, 'name'])
    expect(await status('POST', '/organisations', { name: 'x', vip: true })).toEqual([400, 'vip'])
    const beneath = await make('/organisations', { name: 'Beneath', parent_id: here })
    expect(await status('PATCH', path, { parent_id: beneath })).toEqual([422, 'parent_id'])
    expect(await status('PATCH', path, { name: 'Hier', seen_revision: 99 })).toEqual([412, undefined])
    expect((await status('PATCH', `/organisations/${always}`, { name: 'x' }))[0]).toBe(404)
    expect((await status('POST', `${path}/archive`))[0]).toBe(409)
    await call('POST', `/organisations/${beneath}/archive`)
    expect((await status('POST', `${path}/archive`))[0]).toBe(409)
    expect(await status('PATCH', `/people/${ids.plain}`, { organisation_id: beneath })).toEqual([
      422,
      'organisation_id',
    ])
    const { items } = await call<{ items: { name: string; path: string[]; people: number }[] }>(
      'GET',
      '/organisations',
      undefined,
      agent,
    )
    expect(items.map((one) => [one.name, one.path.length])).toEqual([
      ['Above', 1],
      ['There', 2],
      ['Here', 1],
    ])
    expect((await status('POST', '/organisations', { name: 'x' }, agent))[0]).toBe(403)
  })

  it('take one shape, however many move parts of it at once', async () => {
    const [a, b] = [await make('/organisations', { name: 'A' }), await make('/organisations', { name: 'B' })]
    const moves = await Promise.all([
      status('PATCH', `/organisations/${a}`, { parent_id: b }),
      status('PATCH', `/organisations/${b}`, { parent_id: a }),
    ])
    expect(moves.map(([code]) => Number(code)).toSorted((a, b) => a - b)).toEqual([200, 422])
  })
})
