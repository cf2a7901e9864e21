import { openTickets, SYSTEM, transact } from '@tocsin/desk'
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

let record: TestDatabase
let api: TestApi
let team: string
let agent: Someone
let onCall: Someone
let employee: Someone
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  onCall = await someone(record.db, [{ role: 'on_call', teamId: team }])
  employee = await someone(record.db)
})
afterAll(() => record.drop())

interface Shown {
  number: string
  state: string
  revision: number
  may: string[]
  links: { kind: string; outward: boolean; number: string }[]
  problem: { root_cause: string | null; workaround: string | null; known_error_at: string | null } | null
  known_errors: { number: string; workaround: string }[]
}
const ask = async (by: Someone, method: string, path: string, body?: unknown, headers = {}) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body, headers)
  return { status: answer.status, json: (await answer.json()) as never }
}
const told = async (by: Someone, method: string, path: string, body?: unknown): Promise<Shown> => {
  const { status, json } = await ask(by, method, path, body)
  expect({ path, status: status < 300 ? 'ok' : json }).toEqual({ path, status: 'ok' })
  return json
}
const edit = async (number: string, body: unknown, revision?: number) => {
  const seen = revision ?? (await told(agent, 'GET', `/tickets/${number}`)).revision
  return ask(agent, 'PATCH', `/tickets/${number}`, body, { 'if-match': `"${seen}"` })
}
const paths = (json: { errors?: { path: string }[] }) => json.errors?.map(({ path }) => path)
const aService = async (key: string) => {
  const row = await record.db
    .insertInto('service')
    .values({ key, name: JSON.stringify({ en: key }), team_id: team })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}
const incident = async (more: { serviceId?: string; symptomKey?: string } = {}) => {
  const [opened] = await transact(record.db, SYSTEM, (tx) =>
    openTickets(tx, [
      {
        kind: 'incident',
        title: 'Mail hangs',
        impact: 'low',
        urgency: 'low',
        channel: 'desk',
        teamId: team,
        ...more,
      },
    ]),
  )
  return opened!
}

describe('a problem', () => {
  it('is looked into, fixed, resolved and closed; each step says what it needs', async () => {
    const { number } = await told(agent, 'POST', '/tickets', {
      kind: 'problem',
      title: 'Disks fill up',
      team_id: team,
    })
    expect(number).toMatch(/^PRB-/)
    await told(agent, 'POST', `/tickets/${number}/start`, {})
    const early = await ask(agent, 'POST', `/tickets/${number}/fix`, {})
    expect([early.status, paths(early.json)]).toEqual([422, ['problem.root_cause']])
    expect((await edit(number, { problem: { root_cause: 'Logs are never rotated' } })).status).toBe(200)
    expect((await told(agent, 'POST', `/tickets/${number}/fix`, {})).state).toBe('fixing')
    const open = await ask(agent, 'GET', '/tickets?kind=problem&state=open')
    expect((open.json as { items: Shown[] }).items.map((one) => one.number)).toContain(number)
    const refused = await ask(onCall, 'POST', `/tickets/${number}/resolve`, {})
    expect(refused.status).toBe(403)
    expect((refused.json as { detail: string }).detail).toMatch(/plan and assign/)
    const seen = await told(onCall, 'GET', `/tickets/${number}`)
    expect(seen.may).toContain('pend')
    expect(seen.may).not.toContain('resolve')
    expect((await told(agent, 'POST', `/tickets/${number}/resolve`, {})).state).toBe('resolved')
    expect((await told(agent, 'POST', `/tickets/${number}/close`, {})).state).toBe('closed')
    const wrong = await ask(agent, 'POST', `/tickets/${number}/schedule`, {})
    expect([wrong.status, (wrong.json as { detail: string }).detail]).toEqual([
      409,
      'This is no step in the life of a problem.',
    ])
  })

  it('is the desk’s: an employee opens none, and one’s own parts go to its kind only', async () => {
    expect((await ask(employee, 'POST', '/tickets', { kind: 'problem', title: 'x' })).status).toBe(403)
    const { number, revision } = await incident().then((one) => told(agent, 'GET', `/tickets/${one.number}`))
    const wrong = await edit(number, { problem: { workaround: 'x' } }, revision)
    expect([wrong.status, paths(wrong.json)]).toEqual([422, ['problem']])
    const unknown = await edit(number, { problem: { cause: 'x' } }, revision)
    expect([unknown.status, paths(unknown.json)]).toEqual([400, ['problem.cause']])
  })

  it('two who edit different parts lose nothing; the same part shows both sides', async () => {
    const { number, revision } = await told(agent, 'POST', '/tickets', {
      kind: 'problem',
      title: 'x',
      team_id: team,
      problem: { workaround: 'Restart' },
    })
    expect((await edit(number, { problem: { root_cause: 'A leak' } }, revision)).status).toBe(200)
    expect((await edit(number, { problem: { workaround: 'Restart at night' } }, revision)).status).toBe(200)
    const clash = await edit(number, { problem: { workaround: 'Wait' } }, revision)
    expect([clash.status, paths(clash.json)]).toEqual([412, ['problem.workaround']])
    expect((await told(agent, 'GET', `/tickets/${number}`)).problem).toMatchObject({
      root_cause: 'A leak',
      workaround: 'Restart at night',
    })
    const { rows } = await sql<{ words: string }>`
      select coalesce(before::text, '') || coalesce(after::text, '') as words from activity where verb = 'edit'`.execute(
      record.db,
    )
    expect(rows.filter(({ words }) => /leak|Restart/.test(words))).toEqual([])
  })
})

describe('a problem and its incidents', () => {
  it('is raised from an incident once, however often and at once', async () => {
    const one = await incident()
    const answers = await Promise.all(
      [1, 2, 3].map(() => ask(agent, 'POST', '/problems', { incident: one.number })),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 201])
    expect(new Set(answers.map(({ json }) => (json as Shown).number)).size).toBe(1)
    const seen = await told(agent, 'GET', `/tickets/${one.number}`)
    expect(seen.links).toMatchObject([{ kind: 'caused_by', outward: true }])
  })

  it('is raised from what recurs, with the incidents linked, and their timelines say so', async () => {
    const serviceId = await aService('mail')
    const some = [
      await incident({ serviceId, symptomKey: 'smtp-timeout' }),
      await incident({ serviceId, symptomKey: 'smtp-timeout' }),
    ]
    await incident({ serviceId, symptomKey: 'other' })
    const problem = await told(agent, 'POST', '/problems', { service_id: serviceId, symptom: 'smtp-timeout' })
    expect(problem.links.map(({ number }) => number).toSorted()).toEqual(
      some.map(({ number }) => number).toSorted(),
    )
    const { json } = await ask(agent, 'GET', `/tickets/${some[0]!.number}/activity`)
    expect((json as { items: { verb: string }[] }).items.map(({ verb }) => verb)).toContain('link')
    const none = await ask(agent, 'POST', '/problems', { service_id: serviceId, symptom: 'never-seen' })
    expect(none.status).toBe(409)
  })

  it('shows its workaround beside them once published, and is found as a known error', async () => {
    const one = await incident()
    const { number } = await told(agent, 'POST', '/problems', { incident: one.number })
    const early = await ask(agent, 'POST', `/tickets/${number}/publish-workaround`, {})
    expect([early.status, paths(early.json)]).toEqual([422, ['problem.workaround']])
    const known = await edit(number, { problem: { known_error: true } })
    expect([known.status, paths(known.json)]).toEqual([422, ['problem.workaround']])
    expect(
      (await edit(number, { problem: { known_error: true, workaround: 'Use the webmail' } })).status,
    ).toBe(200)
    expect((await told(agent, 'GET', `/tickets/${one.number}`)).known_errors).toEqual([])
    await told(agent, 'POST', `/tickets/${number}/publish-workaround`, {})
    expect((await told(agent, 'GET', `/tickets/${one.number}`)).known_errors).toMatchObject([
      { number, workaround: 'Use the webmail' },
    ])
    const found = await ask(agent, 'GET', '/known-errors?q=webm')
    expect((found.json as { items: Shown[] }).items).toMatchObject([{ number, open_incidents: 1 }])
    expect((await ask(employee, 'GET', '/known-errors')).status).toBe(403)
    await told(agent, 'POST', `/tickets/${number}/withdraw-workaround`, {})
    expect((await told(agent, 'GET', `/tickets/${one.number}`)).known_errors).toEqual([])
  })

  it('closes only after a quiet period, by the clock of the database', async () => {
    const serviceId = await aService('vpn')
    await incident({ serviceId, symptomKey: 'drops' })
    const { number } = await told(agent, 'POST', '/problems', { service_id: serviceId, symptom: 'drops' })
    await edit(number, { problem: { root_cause: 'A firmware fault', quiet_days: 10 } })
    await told(agent, 'POST', `/tickets/${number}/resolve`, {})
    // Not linked by anybody, but the same symptom of the same service.
    await setClockOffset(record.ownerUrl, '6 days')
    const later = await incident({ serviceId, symptomKey: 'drops' })
    await setClockOffset(record.ownerUrl, '11 days')
    const refused = await ask(agent, 'POST', `/tickets/${number}/close`, {})
    const until = new Date(later.createdAt.getTime() + 10 * 86_400_000).toISOString()
    expect(refused.status).toBe(409)
    expect(refused.json).toMatchObject({ current: { incident: later.number, days: 10, until } })
    expect((refused.json as { detail: string }).detail).toContain(later.number)
    await setClockOffset(record.ownerUrl, '17 days')
    expect((await told(agent, 'POST', `/tickets/${number}/close`, {})).state).toBe('closed')
    await setClockOffset(record.ownerUrl, '0 days')
  })
})
