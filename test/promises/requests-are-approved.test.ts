import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aTeam,
  database,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

interface Shown {
  number: string
  state: string
  may: string[]
  approval: {
    approved_at: string | null
    approvals: { id: string; state: string; approvers: { id: string; decision: string | null }[] }[]
  } | null
  errors?: { path: string }[]
  items: Record<string, unknown>[]
}

let base: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let manager: Someone
let boss: Someone
let employee: Someone
let team: string
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  team = await aTeam(base.db)
  admin = await someone(base.db, [{ role: 'administrator' }])
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  manager = await someone(base.db, [{ role: 'manager', teamId: team }])
  boss = await someone(base.db)
  employee = await someone(base.db)
  await item('laptop', [{ rule: 'any', team_id: team }, { people: [boss.id] }])
})
afterAll(() => base.drop())

const call = async (by: Someone, method: string, path: string, body?: unknown) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as Shown }
}
async function item(key: string, approvals: unknown, kind = 'request') {
  const fields = [{ key: 'model', label: { en: 'Model' }, type: 'text', required: true }]
  const terms = { key, kind, name: { en: key }, fields, team_id: team, approvals }
  const answer = await call(admin, 'POST', '/catalogue', terms)
  return answer
}
const file = async (key = 'laptop', by = employee) => {
  const filed = await call(by, 'POST', `/catalogue/${key}/file`, { fields: { model: 'X1' } })
  expect(filed.status).toBe(201)
  return filed.body.number
}
const shown = async (number: string, by = agent) => (await call(by, 'GET', `/tickets/${number}`)).body
const mine = async (by: Someone) =>
  (await call(by, 'GET', '/approvals')).body.items as {
    id: string
    change: unknown
    request: { number: string; fields: unknown; questions: { key: string }[] }
  }[]
const waiting = async (by: Someone, number: string) =>
  (await mine(by)).find(({ request }) => request.number === number)!.id
const decide = async (by: Someone, number: string, verb: string, comment?: string) => {
  const id = await waiting(by, number)
  return (await call(by, 'POST', `/approvals/${id}/${verb}`, comment ? { comment } : {})).status
}
const resolve = (number: string, body: unknown = {}) =>
  call(agent, 'POST', `/tickets/${number}/resolve`, body)
const told = async (verb: string) => {
  const { rows } = await sql<{ visibility: string }>`
    select visibility from activity where verb = ${verb} order by id desc limit 1`.execute(base.db)
  return rows[0]!.visibility
}

describe('a request whose item asks for approval', () => {
  test('asks at once, shows what is asked for, and is resolved only when every one has said yes', async () => {
    const shelf = (await call(employee, 'GET', '/catalogue')).body.items
    expect(shelf.find(({ key }) => key === 'laptop')).toMatchObject({ needs_approval: true })
    const number = await file()
    expect(await mine(boss)).toMatchObject([
      { change: null, request: { number, fields: { model: 'X1' }, questions: [{ key: 'model' }] } },
    ])
    expect(await shown(number, employee)).toMatchObject({
      approval: { approved_at: null, approvals: [{ state: 'open' }, { state: 'open' }] },
    })
    expect((await call(agent, 'POST', `/tickets/${number}/acknowledge`, {})).status).toBe(200)
    expect(await resolve(number)).toMatchObject({ status: 422, body: { errors: [{ path: 'approval' }] } })
    const bulk = await call(agent, 'POST', '/tickets/bulk', {
      tickets: [{ number }],
      step: { name: 'resolve' },
    })
    expect(bulk.body).toMatchObject({ refused: [{ number, status: 422 }] })

    expect(await decide(boss, number, 'approve')).toBe(200)
    expect(await told('approve')).toBe('internal')
    expect((await resolve(number)).status).toBe(422)
    expect(await decide(manager, number, 'approve')).toBe(200)
    expect(await told('approve')).toBe('public')
    const now = await shown(number)
    expect(now.approval!.approved_at).not.toBeNull()
    expect(now.may).not.toContain('ask-approval')
    const again = { approvals: [{ people: [boss.id] }] }
    expect((await call(agent, 'POST', `/tickets/${number}/ask-approval`, again)).status).toBe(409)
    expect(await resolve(number)).toMatchObject({ status: 200, body: { state: 'resolved' } })
  })

  test('that was not approved ends without being carried out, or asks others', async () => {
    const number = await file()
    expect(await decide(boss, number, 'reject')).toBe(422)
    expect(await decide(boss, number, 'reject', 'Too dear')).toBe(200)
    expect(await told('reject')).toBe('public')
    expect((await resolve(number)).status).toBe(422)
    const story = (await call(employee, 'GET', `/tickets/${number}/activity`)).body.items
    expect(story.map(({ verb }) => verb)).toContain('reject')
    const others = { approvals: [{ people: [admin.id] }] }
    expect((await call(agent, 'POST', `/tickets/${number}/ask-approval`, others)).status).toBe(200)
    expect((await mine(manager)).filter(({ request }) => request.number === number)).toEqual([])
    expect(await decide(admin, number, 'approve')).toBe(200)
    expect((await resolve(number)).status).toBe(200)

    const useless = await file()
    expect((await resolve(useless, { code: 'duplicate' })).status).toBe(200)
    const withdrawn = await file()
    expect((await call(employee, 'POST', `/tickets/${withdrawn}/cancel`, {})).status).toBe(200)
    expect((await mine(boss)).map(({ request }) => request.number)).not.toContain(withdrawn)
  })

  test('of one’s own is approved by nobody; where nobody can, the desk asks by hand', async () => {
    await item('desk', [{ people: [boss.id, employee.id] }])
    await item('chair', [{ people: [employee.id] }])
    const shared = await file('desk')
    expect((await shown(shared)).approval!.approvals[0]!.approvers.map(({ id }) => id)).toEqual([boss.id])
    const own = await file('chair')
    expect(await shown(own)).toMatchObject({ approval: { approvals: [] } })
    expect((await resolve(own)).status).toBe(422)
    const body = (people: string[]) => ({ approvals: [{ people }] })
    expect((await call(agent, 'POST', `/tickets/${own}/ask-approval`, body([employee.id]))).status).toBe(422)
    expect((await call(agent, 'POST', `/tickets/${own}/ask-approval`, body([boss.id]))).status).toBe(200)
  })

  test('two who decide at once: it is approved once', async () => {
    const number = await file()
    const [of, by] = [await waiting(manager, number), await waiting(boss, number)]
    const answers = await Promise.all([
      call(boss, 'POST', `/approvals/${by}/approve`, {}),
      call(manager, 'POST', `/approvals/${of}/approve`, {}),
      call(manager, 'POST', `/approvals/${of}/approve`, {}),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const story = (await call(agent, 'GET', `/tickets/${number}/activity`)).body.items
    expect(story.filter(({ after }) => (after as { approved?: true } | null)?.approved)).toHaveLength(1)
  })
})

test('what is no request, or nobody, is refused', async () => {
  const incident = await call(agent, 'POST', '/tickets', { kind: 'incident', title: 'x', team_id: team })
  const ask = { approvals: [{ people: [boss.id] }] }
  for (const verb of ['ask-approval', 'authorize'])
    expect((await call(agent, 'POST', `/tickets/${incident.body.number}/${verb}`, ask)).status).toBe(409)
  const number = await file()
  expect((await call(agent, 'POST', `/tickets/${number}/authorize`, ask)).status).toBe(409)
  expect((await call(employee, 'POST', `/tickets/${number}/ask-approval`, ask)).status).toBe(403)
  for (const approvals of [[], [{ people: [] }], [{ people: ['x'] }], [{ nope: 1 }]])
    expect((await call(agent, 'POST', `/tickets/${number}/ask-approval`, { approvals })).status).toBe(422)
  const nobody = '0199aaaa-0000-7000-8000-000000000000'
  expect((await item('a', [{ people: [nobody] }])).body.errors).toMatchObject([{ path: 'approvals.0' }])
  expect((await item('b', [{ rule: 'any', team_id: nobody }])).body.errors).toMatchObject([
    { path: 'approvals.0' },
  ])
  expect((await item('c', [{ people: [boss.id] }], 'incident')).body.errors).toMatchObject([
    { path: 'approvals' },
  ])
})
