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

let record: TestDatabase
let api: TestApi
let team: string
let agent: Someone
let manager: Someone
let employee: Someone
let other: Someone
let serviceId: string
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  manager = await someone(record.db, [{ role: 'manager', teamId: team }])
  employee = await someone(record.db)
  other = await someone(record.db)
  serviceId = await aService('shop')
})
afterAll(() => record.drop())

interface Approval {
  id: string
  state: string
  approvers: { id: string; decision: string | null; comment: string | null }[]
}
interface Shown {
  number: string
  state: string
  revision: number
  may: string[]
  change: {
    risk: string | null
    approved_at: string | null
    implemented_at: string | null
    outcome: string | null
    approvals: Approval[]
  }
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
const step = (number: string, name: string, body: unknown = {}) =>
  told(agent, 'POST', `/tickets/${number}/${name}`, body)
const refused = async (number: string, name: string, body: unknown = {}) => {
  const { status, json } = await ask(agent, 'POST', `/tickets/${number}/${name}`, body)
  return [status, (json as { errors?: { path: string }[] }).errors?.map(({ path }) => path)]
}
const edit = async (number: string, body: unknown) => {
  const { revision } = await told(agent, 'GET', `/tickets/${number}`)
  return ask(agent, 'PATCH', `/tickets/${number}`, body, { 'if-match': `"${revision}"` })
}
const aService = async (key: string) => {
  const row = await record.db
    .insertInto('service')
    .values({ key, name: JSON.stringify({ en: key }), team_id: team })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}
const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString()
const PLAN = {
  risk: 'low',
  risk_reason: 'Done every week',
  implementation_plan: 'Swap the disk',
  backout_plan: 'Swap it back',
  planned_start: hours(24),
  planned_end: hours(26),
}
const change = (more: Record<string, unknown> = {}) =>
  told(agent, 'POST', '/tickets', {
    kind: 'change',
    title: 'New disks',
    service_id: serviceId,
    change: { ...PLAN, ...more },
  })

describe('a change', () => {
  it('that is normal is assessed, approved, carried out, reviewed and closed', async () => {
    const opened = await told(agent, 'POST', '/tickets', {
      kind: 'change',
      title: 'New disks',
      team_id: team,
    })
    const { number } = opened
    expect(number).toMatch(/^CHG-/)
    await step(number, 'assess')
    const yes = { approvals: [{ rule: 'all', people: [employee.id] }] }
    expect(await refused(number, 'authorize', yes)).toEqual([
      422,
      [
        'service_id',
        'change.risk',
        'change.implementation_plan',
        'change.backout_plan',
        'change.planned_start',
        'change.planned_end',
      ],
    ])
    expect((await edit(number, { service_id: serviceId, change: PLAN })).status).toBe(200)
    expect(await refused(number, 'authorize')).toEqual([422, ['approvals']])
    expect((await step(number, 'authorize', yes)).state).toBe('authorize')
    expect(await refused(number, 'schedule')).toEqual([422, ['approval']])
    const [{ id }] = (await told(agent, 'GET', `/tickets/${number}`)).change.approvals as [Approval]
    await told(employee, 'POST', `/approvals/${id}/approve`, {})
    expect((await step(number, 'schedule')).state).toBe('scheduled')
    await step(number, 'implement')
    expect((await step(number, 'review')).change.implemented_at).not.toBeNull()
    expect(await refused(number, 'close')).toEqual([422, ['outcome']])
    const closed = await step(number, 'close', { outcome: 'with_issues' })
    expect([closed.state, closed.change.outcome]).toEqual(['closed', 'with_issues'])
  })

  it('that is standard needs no approval, and an emergency may have it afterwards', async () => {
    const standard = await change({ type: 'standard' })
    expect(standard.may).toContain('schedule')
    expect((await step(standard.number, 'schedule')).state).toBe('scheduled')

    const { number } = await change({ type: 'emergency' })
    await step(number, 'authorize', { approvals: [{ rule: 'any', team_id: team }] })
    for (const name of ['schedule', 'implement', 'review']) await step(number, name)
    expect(await refused(number, 'close', { outcome: 'successful' })).toEqual([422, ['approval']])
    const [{ id, approvers }] = (await told(agent, 'GET', `/tickets/${number}`)).change.approvals as [
      Approval,
    ]
    expect(approvers.map((one) => one.id)).toEqual([manager.id])
    await told(manager, 'POST', `/approvals/${id}/approve`, {})
    expect((await step(number, 'close', { outcome: 'successful' })).state).toBe('closed')
  })

  it('has a risk from its answers, or one that somebody chose and says why', async () => {
    const { number } = await change({
      risk: undefined,
      risk_reason: undefined,
      risk_answers: { interrupts: true, untested: true },
    })
    expect((await told(agent, 'GET', `/tickets/${number}`)).change.risk).toBe('medium')
    const chosen = await edit(number, { change: { risk: 'high' } })
    expect([chosen.status, (chosen.json as { errors: { path: string }[] }).errors[0]!.path]).toEqual([
      422,
      'change.risk_reason',
    ])
    expect((await edit(number, { change: { risk: 'high', risk_reason: 'Friday' } })).status).toBe(200)
    const backwards = await edit(number, { change: { planned_end: hours(1) } })
    expect(backwards.status).toBe(422)
  })

  it('keeps what was approved: only its times move, until it is revised', async () => {
    const { number } = await change()
    await step(number, 'assess')
    await step(number, 'authorize', { approvals: [{ people: [employee.id] }] })
    const [{ id }] = (await told(agent, 'GET', `/tickets/${number}`)).change.approvals as [Approval]
    await told(employee, 'POST', `/approvals/${id}/approve`, {})
    expect((await edit(number, { change: { backout_plan: 'None' } })).status).toBe(409)
    expect((await edit(number, { change: { planned_end: hours(27) } })).status).toBe(200)
    const revised = await step(number, 'revise')
    expect([revised.state, revised.change.approved_at, revised.change.approvals]).toEqual([
      'assess',
      null,
      [],
    ])
    expect((await edit(number, { change: { backout_plan: 'The old disks' } })).status).toBe(200)
  })
})

describe('an approval', () => {
  const waiting = async (by: Someone, state = 'open') =>
    ((await ask(by, 'GET', `/approvals?state=${state}`)).json as { items: (Approval & { change: Shown })[] })
      .items

  it('is asked of people who need not see the ticket, shows all they decide on, and a no says why', async () => {
    const { number } = await change()
    await step(number, 'assess')
    await step(number, 'authorize', { approvals: [{ rule: 'all', people: [employee.id, other.id] }] })
    expect((await ask(employee, 'GET', `/tickets/${number}`)).status).toBe(404)
    const mine = (await waiting(employee)).find((one) => one.change.number === number)!
    expect(mine.change).toMatchObject({
      title: 'New disks',
      risk: 'low',
      implementation_plan: 'Swap the disk',
    })
    expect((await ask(agent, 'POST', `/approvals/${mine.id}/approve`, {})).status).toBe(404)
    expect((await ask(employee, 'POST', `/approvals/${mine.id}/reject`, {})).status).toBe(422)
    await told(other, 'POST', `/approvals/${mine.id}/approve`, {})
    expect((await told(agent, 'GET', `/tickets/${number}`)).change.approved_at).toBeNull()
    await told(employee, 'POST', `/approvals/${mine.id}/reject`, { comment: 'Not in December' })
    const [approval] = (await told(agent, 'GET', `/tickets/${number}`)).change.approvals as [Approval]
    expect(approval.state).toBe('rejected')
    expect(approval.approvers.find(({ id }) => id === employee.id)!.comment).toBe('Not in December')
    expect(await refused(number, 'schedule')).toEqual([422, ['approval']])
    expect((await waiting(employee)).filter((one) => one.change.number === number)).toEqual([])
    expect((await waiting(employee, 'all')).map((one) => one.change.number)).toContain(number)
  })

  it('of several groups is given once each has given theirs, whoever comes at once', async () => {
    const { number } = await change()
    await step(number, 'assess')
    await step(number, 'authorize', {
      approvals: [
        { rule: 'any', team_id: team },
        { rule: 'all', people: [employee.id, other.id] },
      ],
    })
    const [first, second] = (await told(agent, 'GET', `/tickets/${number}`)).change.approvals as [
      Approval,
      Approval,
    ]
    const all = first.approvers.length === 1 ? [first, second] : [second, first]
    await Promise.all([
      told(manager, 'POST', `/approvals/${all[0]!.id}/approve`, {}),
      told(employee, 'POST', `/approvals/${all[1]!.id}/approve`, {}),
      told(other, 'POST', `/approvals/${all[1]!.id}/approve`, {}),
    ])
    const { approved_at, approvals } = (await told(agent, 'GET', `/tickets/${number}`)).change
    expect([approved_at !== null, approvals.map(({ state }) => state)]).toEqual([
      true,
      ['approved', 'approved'],
    ])
  })

  it('names people who are here, and a team that somebody manages', async () => {
    const { number } = await change()
    await step(number, 'assess')
    const nobody = '0198c0de-0000-7000-8000-000000000000'
    expect(await refused(number, 'authorize', { approvals: [{ people: [nobody] }] })).toEqual([
      422,
      ['approvals.0'],
    ])
    const empty = await aTeam(record.db)
    expect(await refused(number, 'authorize', { approvals: [{ team_id: empty }] })).toEqual([
      422,
      ['approvals.0'],
    ])
    expect((await told(agent, 'GET', `/tickets/${number}`)).state).toBe('assess')
  })
})
