import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aPolicy,
  aTeam,
  database,
  someIncidents,
  type Someone,
  someone,
  startEngine,
  type TestApi,
  testApi,
  type TestDatabase,
  until,
} from '../harness/index.ts'

let record: TestDatabase
let api: TestApi
let team: string
let [manager, ada, bea, outsider, employee]: Someone[] = []
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db, 'Network')
  manager = await someone(record.db, [{ role: 'manager', teamId: team }])
  ada = await someone(record.db, [{ role: 'on_call', teamId: team }], 'Ada')
  bea = await someone(record.db, [{ role: 'on_call', teamId: team }], 'Bea')
  outsider = await someone(record.db, [{ role: 'manager', teamId: await aTeam(record.db) }])
  employee = await someone(record.db)
})
afterAll(() => record.drop())

const call = async <T>(who: Someone | undefined, method: string, path: string, body?: unknown) => {
  const answer = await api.call(who?.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}
const rota = (people: (Someone | undefined)[], more = {}) => ({
  zone: 'Europe/Rome',
  rotations: [
    {
      name: 'primary',
      every: 'day',
      length: 1,
      starts_on: '2026-01-05',
      handoff: '09:00',
      people: people.map((person) => person!.id),
      ...more,
    },
  ],
})
async function aNewSchedule(people: (Someone | undefined)[]): Promise<string> {
  const made = await call<{ id: string }>(manager, 'POST', '/schedules', {
    name: 'Network nights',
    team_id: team,
    ...rota(people),
  })
  expect(made.status).toBe(201)
  return made.body.id
}
interface ShiftJson {
  person: { id: string; name: string }
  from: string
  to: string
  why: { version: number; override_id: string | null; instead_of: { name: string } | null }
}
type Shifts = { items: ShiftJson[] }
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()

describe('a schedule', () => {
  it('says who is on now, who is next, and why', async () => {
    const id = await aNewSchedule([ada, bea])
    const { body } = await call<{
      items: { schedule: { id: string }; now: ShiftJson; next: ShiftJson }[]
    }>(ada, 'GET', '/oncall/now')
    const duty = body.items.find((item) => item.schedule.id === id)!
    expect([duty.now.person.name, duty.next.person.name].toSorted()).toEqual(['Ada', 'Bea'])
    expect(duty.now.to).toBe(duty.next.from)
    expect(duty.now.why).toMatchObject({ version: 1, override_id: null })
  })

  it('is edited by managers of its team and administrators only', async () => {
    const id = await aNewSchedule([ada])
    for (const who of [ada, outsider, employee])
      expect((await call(who, 'PATCH', `/schedules/${id}`, { name: 'mine' })).status).toBe(403)
    expect(
      (await call(outsider, 'POST', '/schedules', { name: 'x', team_id: team, ...rota([ada]) })).status,
    ).toBe(403)
    expect((await call(manager, 'PATCH', `/schedules/${id}`, { name: 'Network days' })).status).toBe(200)
  })

  it('keeps the shifts that an older version gave', async () => {
    const id = await aNewSchedule([ada])
    await call(manager, 'PATCH', `/schedules/${id}`, { ...rota([bea]), effective_from: inHours(48) })
    const { body } = await call<Shifts>(
      ada,
      'GET',
      `/schedules/${id}/shifts?from=${inHours(1)}&to=${inHours(96)}`,
    )
    expect(body.items[0]).toMatchObject({ person: { name: 'Ada' }, why: { version: 1 } })
    expect(body.items.at(-1)).toMatchObject({ person: { name: 'Bea' }, why: { version: 2 } })
    const second = body.items.find((shift) => shift.why.version === 2)!
    expect(Math.abs(Date.parse(second.from) - Date.parse(inHours(48)))).toBeLessThan(60_000)
  })

  it('shows both sides when two people change it', async () => {
    const id = await aNewSchedule([ada])
    const change = { ...rota([bea]), seen_version: 1 }
    expect((await call(manager, 'PATCH', `/schedules/${id}`, change)).status).toBe(200)
    expect(await call(manager, 'PATCH', `/schedules/${id}`, change)).toMatchObject({
      status: 412,
      body: { current: { version: 2 } },
    })
  })

  it.each([
    ['zone', { zone: 'Mars/Olympus', rotations: [] }],
    ['rotations', { zone: 'UTC', rotations: [] }],
    ['rotations.0.length', { length: 0 }],
    ['rotations.0.starts_on', { starts_on: '2026-02-30' }],
    ['rotations.0.handoff', { handoff: '25:00' }],
    ['rotations.0.people', { people: [] }],
    ['rotations.0.people', { people: ['0198c0de-0000-7000-8000-000000000000'] }],
  ])('names the field that is wrong: %s', async (path, wrong) => {
    const given = 'zone' in wrong ? wrong : rota([ada], wrong)
    const answer = await call<{ errors: { path: string }[] }>(manager, 'POST', '/schedules', {
      name: 'x',
      team_id: team,
      ...given,
    })
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map((error) => error.path)).toContain(path)
  })

  it('is previewed without being saved', async () => {
    const span = { from: '2026-03-28T00:00:00Z', to: '2026-03-30T12:00:00Z' }
    const { body } = await call<Shifts>(ada, 'POST', '/schedules/preview', { ...rota([ada, bea]), ...span })
    expect(body.items.map((shift) => shift.from)).toEqual([
      '2026-03-28T00:00:00.000Z',
      '2026-03-28T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
    ])
    expect(
      (await call(ada, 'POST', '/schedules/preview', { ...rota([ada], { length: 0 }), ...span })).status,
    ).toBe(422)
  })
})

describe('an override', () => {
  it('is made on one’s own shift or to take one over, not on somebody else’s for a third', async () => {
    const id = await aNewSchedule([ada])
    const put = (who: Someone | undefined, person: Someone | undefined) =>
      call<{ id: string }>(who, 'POST', `/schedules/${id}/overrides`, {
        person_id: person!.id,
        ends_at: inHours(2),
      })
    expect((await put(bea, manager)).status).toBe(403)
    expect((await put(outsider, outsider)).status).toBe(403)
    expect((await put(employee, employee)).status).toBe(403)
    expect((await put(ada, bea)).status).toBe(201)
    expect((await put(manager, ada)).status).toBe(201)
    expect((await put(bea, bea)).status).toBe(201)
  })

  it('lies over the rotation, says whom it stands in for, and ends when cancelled', async () => {
    const id = await aNewSchedule([ada])
    const made = await call<{ id: string }>(manager, 'POST', `/schedules/${id}/overrides`, {
      person_id: bea!.id,
      starts_at: inHours(1),
      ends_at: inHours(3),
      reason: 'school play',
    })
    const shifts = async () =>
      (await call<Shifts>(ada, 'GET', `/schedules/${id}/shifts?from=${inHours(0)}&to=${inHours(4)}`)).body
        .items
    expect((await shifts()).find((shift) => shift.person.name === 'Bea')?.why).toMatchObject({
      override_id: made.body.id,
      instead_of: { name: 'Ada' },
    })
    expect((await call(ada, 'POST', `/schedules/${id}/overrides/${made.body.id}/cancel`)).status).toBe(403)
    expect((await call(bea, 'POST', `/schedules/${id}/overrides/${made.body.id}/cancel`)).status).toBe(200)
    expect((await shifts()).map((shift) => shift.person.name)).not.toContain('Bea')
  })
})

describe('a person on call', () => {
  it('sees what needs them, why, and acknowledges it there', async () => {
    const engine = startEngine(record)
    try {
      const policy = await aPolicy(record.db, [{ wait_ms: 0, targets: [{ kind: 'team', id: team }] }])
      const [ticket] = await someIncidents(record.db, policy, 1, team)
      type Me = {
        needs_me: { id: string; ticket: { number: string }; because: string[] }[]
        lately: { id: string }[]
      }
      const me = async () => (await call<Me>(ada, 'GET', '/oncall/me')).body
      const [page] = await until(async () => {
        const { needs_me } = await me()
        return needs_me.length > 0 ? needs_me : undefined
      })
      expect(page).toMatchObject({ ticket: { number: ticket!.number } })
      expect(page!.because).toEqual([
        'You are on call in the team “Network”.',
        'Policy “Wake somebody”, step 1.',
      ])
      const theirs = (await call<{ items: { id: string }[] }>(bea, 'GET', '/pages?mine=open')).body.items[0]!
      expect((await call(ada, 'POST', `/pages/${theirs.id}/acknowledge`)).status).toBe(404)
      expect((await call(ada, 'POST', `/pages/${page!.id}/acknowledge`)).status).toBe(200)
      expect((await call(ada, 'POST', `/pages/${page!.id}/acknowledge`)).status).toBe(200)
      expect((await call(bea, 'POST', `/pages/${theirs.id}/acknowledge`)).status).toBe(409)
      expect(await me()).toMatchObject({ needs_me: [], lately: [{ id: page!.id }] })
      const seen = await call<{ items: unknown[] }>(outsider, 'GET', `/pages?ticket=${ticket!.number}`)
      expect(seen.body.items).toEqual([])
      expect((await call(outsider, 'GET', `/pages/${page!.id}`)).status).toBe(404)
    } finally {
      await engine.stop()
    }
  })

  it('is paged by hand by whoever works on the ticket, not by others', async () => {
    const [ticket] = await someIncidents(record.db, null, 1, team)
    const page = (who: Someone | undefined) =>
      call(who, 'POST', '/pages', { ticket: ticket!.number, person_id: ada!.id })
    expect((await page(employee)).status).toBe(403)
    expect((await page(outsider)).status).toBe(404)
    expect((await page(bea)).status).toBe(201)
    const { body } = await call<{ items: { because: string[] }[] }>(
      ada,
      'GET',
      `/pages?ticket=${ticket!.number}`,
    )
    expect(body.items).toMatchObject([{ because: ['Bea asks for you.'] }])
  })

  it('chooses how they are reached, and keeps one way at least', async () => {
    const fay = await someone(record.db, [{ role: 'on_call', teamId: team }])
    const add = (body: unknown) =>
      call<{ id: string; secret?: string }>(fay, 'POST', '/contact-methods', body)
    const mail = await add({ kind: 'email', address: 'fay@example.test' })
    expect(mail.status).toBe(201)
    expect((await add({ kind: 'email', address: 'fay@example.test' })).status).toBe(409)
    expect((await add({ kind: 'email', address: 'fay@example.test\r\nBcc: eve@evil.test' })).status).toBe(422)
    expect((await add({ kind: 'webhook', address: 'ftp://example.test' })).status).toBe(422)
    const inside = await add({ kind: 'webhook', address: 'http://10.0.0.1/' })
    expect(inside).toMatchObject({ status: 422, body: { errors: [{ path: 'address' }] } })
    expect((await call(fay, 'POST', `/contact-methods/${mail.body.id}/remove`)).status).toBe(409)
    const hook = await add({ kind: 'webhook', address: 'http://127.0.0.1:9/' })
    expect(hook.body.secret).toMatch(/^whsec_/)
    expect((await call(fay, 'POST', `/contact-methods/${hook.body.id}/test`)).body).toMatchObject({
      ok: false,
      reason: 'unreachable',
    })
    expect((await call(fay, 'POST', `/contact-methods/${mail.body.id}/test`)).body).toMatchObject({
      ok: true,
    })
    expect((await call(ada, 'PATCH', `/contact-methods/${hook.body.id}`, { delay_ms: 0 })).status).toBe(404)
    expect((await call(fay, 'POST', `/contact-methods/${hook.body.id}/remove`)).status).toBe(200)
    const listed = await call<{ items: Record<string, unknown>[] }>(fay, 'GET', '/contact-methods')
    expect(listed.body.items).toMatchObject([{ kind: 'email', address: 'fay@example.test' }])
    expect(Object.keys(listed.body.items[0]!)).not.toContain('secret_encrypted')
  })
})

describe('an escalation policy', () => {
  it('refuses a target that is not there, and keeps its versions', async () => {
    const targets = [{ kind: 'team', id: team }]
    const policy = { name: 'Network', team_id: team, steps: [{ wait_ms: 0, targets }] }
    const wrong = await call<{ errors: { path: string }[] }>(manager, 'POST', '/escalation-policies', {
      ...policy,
      steps: [{ wait_ms: 0, targets: [{ kind: 'person', id: team }] }],
    })
    expect([wrong.status, wrong.body.errors[0]?.path]).toEqual([422, 'steps.0.targets.0'])
    const made = await call<{ id: string }>(manager, 'POST', '/escalation-policies', policy)
    expect((await call(ada, 'PATCH', `/escalation-policies/${made.body.id}`, { repeats: 1 })).status).toBe(
      403,
    )
    expect(
      (await call(manager, 'PATCH', `/escalation-policies/${made.body.id}`, { repeats: 1 })).status,
    ).toBe(200)
    const read = await call<{ versions: unknown[]; names: Record<string, string> }>(
      ada,
      'GET',
      `/escalation-policies/${made.body.id}`,
    )
    expect(read.body).toMatchObject({
      version: 2,
      repeats: 1,
      names: { [team]: 'Network' },
      versions: [{ version: 2 }, { version: 1 }],
    })
  })
})
