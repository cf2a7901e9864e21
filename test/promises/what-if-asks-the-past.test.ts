import { createDefaultSla, sweepMarks, sweepWhatIfs, SYSTEM, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aTeam,
  database,
  setClockOffset,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

/** How a period would have ended under other terms is computed from its history, and touches nothing of it. */

let record: TestDatabase
let api: TestApi
let admin: Someone
let policy: {
  id: string
  calendar_id: string
  targets: Record<string, { response_ms: number; resolution_ms: number; calendar_id: string | null }>
}
/** The calendar that never rests: what day it is today changes nothing here. */
let always: string
const HOUR = 3_600_000
const PRIORITIES = [
  ['high', 'high'],
  ['medium', 'medium'],
  ['low', 'low'],
] as const

interface Answer {
  id: string
  state: string
  total: number
  done: number
  differing: number
  cells: {
    target: string
    priority: string
    was: Record<string, number>
    becomes: Record<string, number>
  }[]
}
async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  by = admin,
): Promise<{ status: number; body: T }> {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}

beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  const team = await aTeam(record.db)
  always = (await transact(record.db, SYSTEM, (tx) => createDefaultSla(tx, { zone: 'Europe/Rome' }))).alwaysId
  const { body } = await call<{ items: (typeof policy & { kinds: string[] })[] }>('GET', '/sla-policies')
  policy = body.items.find(({ kinds }) => kinds.includes('incident'))!
  // Lives of many lengths: some answered and solved at once, some late, some still open, with a pause between.
  const numbers: string[] = []
  for (let n = 0; n < 24; n++) {
    const [impact, urgency] = PRIORITIES[n % 3]!
    const made = await call<{ number: string }>('POST', '/tickets', {
      kind: 'incident',
      title: `Fault ${n}`,
      impact,
      urgency,
      team_id: team,
    })
    numbers.push(made.body.number)
  }
  for (const [n, number] of numbers.entries()) {
    await setClockOffset(record.ownerUrl, `${(n + 1) * 40} minutes`)
    if (n % 4 !== 3) await call('POST', `/tickets/${number}/acknowledge`)
    if (n % 5 === 1) await call('POST', `/tickets/${number}/pend`, { reason: 'requester' })
    await setClockOffset(record.ownerUrl, `${(n + 1) * 40 + 20} minutes`)
    if (n % 5 === 1) await call('POST', `/tickets/${number}/resume`)
    if (n % 6 !== 5) await call('POST', `/tickets/${number}/resolve`)
  }
  // One that waited for its requester far longer than it was promised to be solved in.
  const waiting = await call<{ number: string }>('POST', '/tickets', {
    kind: 'incident',
    title: 'Waits',
    impact: 'high',
    urgency: 'high',
    team_id: team,
  })
  const path = `/tickets/${waiting.body.number}`
  await call('POST', `${path}/acknowledge`)
  await call('POST', `${path}/pend`, { reason: 'requester' })
  await setClockOffset(record.ownerUrl, '30 days')
  await call('POST', `${path}/resume`)
  await call('POST', `${path}/resolve`)
  // One that was late while it was urgent, and was solved when it was no more.
  const lowered = await call<{ number: string }>('POST', '/tickets', {
    kind: 'incident',
    title: 'Lowered',
    impact: 'high',
    urgency: 'high',
    team_id: team,
  })
  await setClockOffset(record.ownerUrl, '31 days')
  const { body: shown } = await call<{ revision: number }>('GET', `/tickets/${lowered.body.number}`)
  await api.call(
    admin.key,
    'PATCH',
    `/api/v1/tickets/${lowered.body.number}`,
    { impact: 'low', urgency: 'low' },
    { 'if-match': `"${shown.revision}"` },
  )
  await call('POST', `/tickets/${lowered.body.number}/resolve`)
  // What has run over meanwhile is recorded as an engine does it.
  while ((await sweepMarks(record.db)) > 0);
})
afterAll(() => record.drop())

const period = { from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' }
async function ask(terms: object): Promise<Answer> {
  const asked = await call<{ id: string }>('POST', '/sla-what-ifs', {
    policy_id: policy.id,
    ...period,
    ...terms,
  })
  expect(asked.status).toBe(202)
  await Promise.all([1, 2].map(() => sweepWhatIfs(record.db)))
  while ((await sweepWhatIfs(record.db)) > 0);
  return (await call<Answer>('GET', `/sla-what-ifs/${asked.body.id}`)).body
}
const fingerprint = async () => {
  const { rows } = await sql<{ clocks: string; tickets: string; lines: number }>`
    select (select md5(string_agg(c::text, ',' order by c.id)) from sla_clock c) as clocks,
      (select md5(string_agg(t::text, ',' order by t.id)) from ticket t) as tickets,
      (select count(*) from activity where ticket_id is not null) as lines`.execute(record.db)
  return rows[0]!
}

describe('what if', () => {
  it('under the terms in force it ends as it ended', async () => {
    const { body: lowered } = await call<{ items: { title: string }[] }>('GET', '/tickets?priority=P5')
    expect(lowered.items.map(({ title }) => title)).toContain('Lowered')
    const answer = await ask({})
    expect(answer).toMatchObject({ state: 'done', total: 26, done: 26, differing: 0 })
    for (const { was, becomes } of answer.cells) expect(becomes).toEqual(was)
    const broken = answer.cells.reduce((sum, { was }) => sum + was.breached!, 0)
    expect(broken).toBeGreaterThan(0)
  })

  it('counted again by a calendar of the same hours it ends as it ended', async () => {
    const copies = new Map<string | null, string>()
    const copied = async (id: string) => {
      const { body } = await call<Record<string, unknown>>('GET', `/calendars/${id}`)
      const { zone, weekly, holidays, always: around, name } = body
      const hours = { zone, weekly, holidays, always: around, name: `${String(name)} again` }
      return (await call<{ id: string }>('POST', '/calendars', hours)).body.id
    }
    const named = [
      policy.calendar_id,
      ...Object.values(policy.targets).flatMap((one) => one.calendar_id ?? []),
    ]
    for (const id of new Set(named)) copies.set(id, await copied(id))
    const again = (id: string | null) => copies.get(id ?? policy.calendar_id)
    const targets = Object.fromEntries(
      Object.entries(policy.targets).map(([priority, one]) => [
        priority,
        { ...one, calendar_id: again(one.calendar_id) },
      ]),
    )
    const answer = await ask({ targets })
    expect(answer).toMatchObject({ state: 'done', total: 26, differing: 0 })
    for (const { was, becomes } of answer.cells) expect(becomes).toEqual(was)
  })

  it('asks about the tickets that a policy covered, not those that it or another would cover now', async () => {
    const vips = { name: 'VIP', kinds: ['incident'], calendar_id: always, position: 1, recompute: false }
    const targets = { P1: { response_ms: 60_000, resolution_ms: 60_000 } }
    const made = await call<{ id: string }>('POST', '/sla-policies', { ...vips, targets })
    expect(await ask({})).toMatchObject({ differing: 0 })
    expect(await ask({ policy_id: made.body.id, targets })).toMatchObject({ differing: 0 })
    await call('POST', `/sla-policies/${made.body.id}/archive`)
  })

  it('under a promise of a minute nearly all is broken, and the record is as it was', async () => {
    const before = await fingerprint()
    const targets = Object.fromEntries(
      Object.keys(policy.targets).map((priority) => [
        priority,
        { response_ms: 60_000, resolution_ms: 60_000 },
      ]),
    )
    const answer = await ask({ targets, calendar_id: always })
    const total = (side: 'was' | 'becomes', outcome: string) =>
      answer.cells
        .filter(({ target }) => target === 'resolution')
        .reduce((sum, cell) => sum + cell[side][outcome]!, 0)
    expect(total('becomes', 'breached')).toBeGreaterThan(total('was', 'breached'))
    expect(answer.differing).toBeGreaterThan(0)
    const { body } = await call<{
      items: { was: string; becomes: string; elapsed_ms: number; target_ms: number }[]
      next: null
    }>('GET', `/sla-what-ifs/${answer.id}/tickets?limit=200`)
    expect(body.items).toHaveLength(answer.differing)
    for (const { was, becomes } of body.items) expect(becomes).not.toBe(was)
    for (const row of body.items.filter(({ becomes }) => becomes === 'breached'))
      expect(row.elapsed_ms).toBeGreaterThan(60_000)
    expect(await fingerprint()).toEqual(before)
  })

  it('under a promise of a year nothing is broken', async () => {
    const year = 366 * 24 * HOUR
    const targets = Object.fromEntries(
      Object.keys(policy.targets).map((priority) => [priority, { response_ms: year, resolution_ms: year }]),
    )
    const { cells } = await ask({ targets, calendar_id: always })
    expect(cells.map(({ becomes }) => becomes.breached)).toEqual(cells.map(() => 0))
  })

  it('answers for no more than its period, and refuses what cannot be asked', async () => {
    expect(await ask({ to: '2020-02-01T00:00:00Z' })).toMatchObject({ state: 'done', total: 0, cells: [] })
    const nowhere = '0198c0de-0000-7000-8000-000000000000'
    const wrong = (body: object) =>
      call('POST', '/sla-what-ifs', { policy_id: policy.id, ...period, ...body })
    expect((await wrong({ to: period.from })).status).toBe(422)
    expect((await wrong({ policy_id: nowhere })).status).toBe(404)
    expect((await wrong({ calendar_id: nowhere })).status).toBe(404)
    expect((await wrong({ secret: 1 })).status).toBe(400)
    const target = { response_ms: null, resolution_ms: HOUR }
    expect((await wrong({ targets: { P1: { ...target, resolution_ms: -HOUR } } })).status).toBe(422)
    expect((await wrong({ targets: { P1: { ...target, calendar_id: nowhere } } })).status).toBe(422)
    const agent = await someone(record.db, [{ role: 'agent', teamId: await aTeam(record.db) }])
    expect((await call('GET', '/sla-what-ifs', undefined, agent)).status).toBe(403)
  })
})
