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
    template: string | null
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

  it('is asked of nobody whose change it is, and given by nobody whose it has become', async () => {
    const { number } = await change()
    await step(number, 'assess')
    expect(await refused(number, 'authorize', { approvals: [{ people: [agent.id] }] })).toEqual([
      422,
      ['approvals.0'],
    ])
    const byManager = await ask(manager, 'POST', `/tickets/${number}/authorize`, {
      approvals: [{ team_id: team }],
    })
    expect(byManager.status).toBe(422)
    await step(number, 'authorize', { approvals: [{ team_id: team }] })
    await step(number, 'assign', { assignee_id: manager.id })
    const [{ id }] = (await told(agent, 'GET', `/tickets/${number}`)).change.approvals as [Approval]
    expect((await ask(manager, 'POST', `/approvals/${id}/approve`, {})).status).toBe(403)
    await told(manager, 'POST', `/approvals/${id}/hand-on`, { person_id: other.id })
    await told(other, 'POST', `/approvals/${id}/approve`, {})
    expect((await told(agent, 'GET', `/tickets/${number}`)).change.approved_at).not.toBeNull()
  })

  it('is handed to somebody else, once, and whoever was asked first stands beside them', async () => {
    const { number } = await change()
    await step(number, 'assess')
    await step(number, 'authorize', { approvals: [{ rule: 'all', people: [employee.id, other.id] }] })
    const [{ id }] = (await told(agent, 'GET', `/tickets/${number}`)).change.approvals as [Approval]
    const to = (by: Someone, person: string) =>
      ask(by, 'POST', `/approvals/${id}/hand-on`, { person_id: person })
    const nobody = '0198c0de-0000-7000-8000-000000000000'
    for (const wrong of [nobody, other.id, agent.id])
      expect((await to(employee, wrong)).json).toMatchObject({ status: 422, errors: [{ path: 'person_id' }] })
    expect((await to(agent, manager.id)).status).toBe(404)
    const answers = await Promise.all([to(employee, manager.id), to(employee, manager.id)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404])
    expect((await ask(employee, 'POST', `/approvals/${id}/approve`, {})).status).toBe(404)
    expect((await ask(employee, 'GET', `/approvals/${id}/people?q=pe`)).status).toBe(404)
    const { items } = (await ask(manager, 'GET', `/approvals/${id}/people?q=pers`)).json as {
      items: Record<string, string>[]
    }
    expect(Object.keys(items[0]!)).toEqual(['id', 'name'])
    const [approval] = (await told(agent, 'GET', `/tickets/${number}`)).change.approvals as [Approval]
    expect(approval.approvers.find((one) => one.id === manager.id)).toMatchObject({
      instead_of: { id: employee.id },
      decision: null,
    })
    await told(other, 'POST', `/approvals/${id}/approve`, {})
    await told(manager, 'POST', `/approvals/${id}/approve`, {})
    expect((await to(manager, employee.id)).status).toBe(409)
    expect((await told(agent, 'GET', `/tickets/${number}`)).change.approved_at).not.toBeNull()
  })
})

describe('a template for standard changes', () => {
  const keep = (number: string, name: unknown) =>
    ask(agent, 'POST', `/tickets/${number}/keep-template`, { name })
  const templates = async (by = agent) =>
    ((await ask(by, 'GET', '/change-templates')).json as { items: { name: string; number: string }[] }).items

  it('is one under a name of its own, for those who plan', async () => {
    const { number } = await change({ type: 'standard' })
    const other = await change({ type: 'standard' })
    expect((await keep(number, ' ')).status).toBe(422)
    expect((await keep(number, 'Swap disks')).status).toBe(200)
    expect(await templates()).toMatchObject([{ name: 'Swap disks', number }])
    expect((await keep(other.number, 'SWAP DISKS')).status).toBe(409)
    expect((await keep(number, 'Swap a disk')).status).toBe(200)
    expect((await told(agent, 'GET', `/tickets/${number}`)).change.template).toBe('Swap a disk')
    expect((await ask(employee, 'GET', '/change-templates')).status).toBe(403)
    expect((await ask(agent, 'POST', `/tickets/${number}/drop-template`, {})).status).toBe(200)
    expect((await ask(agent, 'POST', `/tickets/${number}/drop-template`, {})).status).toBe(409)
    expect(await templates()).toEqual([])
  })

  it('is no other change, and none without its plan', async () => {
    const normal = await change()
    expect((await keep(normal.number, 'x')).status).toBe(409)
    const { number } = await change({ type: 'standard', backout_plan: null })
    expect(await refused(number, 'keep-template', { name: 'x' })).toEqual([422, ['change.backout_plan']])
  })

  it('two who give the same name at once: one is told', async () => {
    const [one, two] = [await change({ type: 'standard' }), await change({ type: 'standard' })]
    const answers = await Promise.all([keep(one.number, 'Both'), keep(two.number, 'both')])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  })
})

describe('the calendar of changes', () => {
  const planned = async () =>
    (
      (await ask(agent, 'GET', `/changes?from=${hours(0)}&to=${hours(24 * 30)}`)).json as {
        items: { number: string; clashes: { number: string | null; how: string }[] }[]
      }
    ).items
  const clashesOf = async (number: string) => (await planned()).find((one) => one.number === number)!.clashes
  const at = (from: number, to: number, more = {}) => ({
    ...PLAN,
    planned_start: hours(from),
    planned_end: hours(to),
    ...more,
  })
  const anItem = async (name: string, service: string) =>
    (
      await record.db
        .insertInto('configuration_item')
        .values({ name, kind: 'host', service_id: service })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id

  it('shows what is in the way: the same service or item, one that depends on the other, a window of others', async () => {
    const [a, b, far] = [await aService('a'), await aService('b'), await aService('far')]
    await record.db.insertInto('service_dependency').values({ service_id: a, depends_on_id: b }).execute()
    const item = await anItem('host-1', far)
    const plan = (service: string, from: number, to: number, more = {}) =>
      told(agent, 'POST', '/tickets', {
        kind: 'change',
        title: 'x',
        service_id: service,
        change: at(from, to),
        ...more,
      })
    const first = await plan(a, 100, 104)
    const same = await plan(a, 103, 106)
    const below = await plan(b, 101, 102)
    const after = await plan(a, 104, 105)
    const onItem = await plan(far, 101, 103, { ci_id: item })
    const sameItem = await told(agent, 'POST', '/tickets', {
      kind: 'change',
      title: 'x',
      service_id: b,
      change: at(102, 103, { ci_ids: [item] }),
    })
    const told3 = (found: { number: string | null; how: string }[]) =>
      found.map(({ number, how }) => `${how} ${number}`).toSorted((one, two) => (one < two ? -1 : 1))
    expect(told3(await clashesOf(first.number))).toEqual(
      [`depends ${below.number}`, `depends ${sameItem.number}`, `service ${same.number}`].toSorted(
        (one, two) => (one < two ? -1 : 1),
      ),
    )
    expect(told3(await clashesOf(after.number))).toEqual([`service ${same.number}`])
    expect(told3(await clashesOf(onItem.number))).toEqual([`item ${sameItem.number}`])
    await told(manager, 'POST', '/maintenance', {
      kind: 'window',
      reason: 'Freeze',
      service_ids: [a],
      starts_at: hours(99),
      ends_at: hours(101),
    })
    expect((await clashesOf(first.number)).map(({ how }) => how)).toContain('maintenance')
    const { status } = await ask(agent, 'GET', `/changes?from=${hours(0)}&to=${hours(24 * 200)}`)
    expect(status).toBe(422)
    const ics = await api.call(
      agent.key,
      'GET',
      `/api/v1/changes/calendar.ics?from=${hours(0)}&to=${hours(24 * 30)}`,
    )
    expect(ics.headers.get('content-type')).toContain('text/calendar')
    expect(await ics.text()).toContain(`UID:${first.number}@`)
  })

  it('keeps what it touches quiet at its times: the window follows the plan and ends with it', async () => {
    const service = await aService('quiet')
    const item = await anItem('host-2', service)
    const standard = {
      kind: 'change',
      title: 'Patch',
      service_id: service,
      change: at(10, 12, { type: 'standard', ci_ids: [item] }),
    }
    const { number } = await told(agent, 'POST', '/tickets', standard)
    const windows = async () => {
      const { json } = await ask(agent, 'GET', `/tickets/${number}/around`)
      return (json as { windows: { id: string; starts_at: string }[] }).windows
    }
    expect(await windows()).toEqual([])
    await step(number, 'schedule')
    const before = await windows()
    const covers = await Promise.all(
      before.map(async ({ id }) => {
        const row = await record.db
          .selectFrom('maintenance')
          .select(['service_ids', 'ci_ids'])
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        return [row.service_ids, row.ci_ids]
      }),
    )
    expect(covers).toEqual(
      expect.arrayContaining([
        [[service], []],
        [[], [item]],
      ]),
    )
    const moved = hours(11)
    expect((await edit(number, { change: { planned_start: moved } })).status).toBe(200)
    expect((await windows()).map(({ starts_at }) => new Date(starts_at).toISOString())).toEqual([
      moved,
      moved,
    ])
    expect((await edit(number, { change: { quiet: false } })).status).toBe(200)
    expect(await windows()).toEqual([])
    expect((await edit(number, { change: { quiet: true } })).status).toBe(200)
    expect(await windows()).toHaveLength(2)
    await step(number, 'cancel')
    expect(await windows()).toEqual([])
  })

  it('does not silence what is another team’s', async () => {
    const theirs = await record.db
      .insertInto('service')
      .values({ key: 'theirs', name: JSON.stringify({ en: 'theirs' }), team_id: await aTeam(record.db) })
      .returning('id')
      .executeTakeFirstOrThrow()
    const { number } = await change({ type: 'standard', service_ids: [theirs.id] })
    expect((await ask(agent, 'POST', `/tickets/${number}/schedule`, {})).status).toBe(403)
    expect((await told(agent, 'GET', `/tickets/${number}`)).state).toBe('new')
    expect((await edit(number, { change: { quiet: false } })).status).toBe(200)
    await step(number, 'schedule')
  })

  it('finds the incidents that followed a change, and links them', async () => {
    const service = await aService('followed')
    const opened = await told(agent, 'POST', '/tickets', {
      kind: 'change',
      title: 'Patch',
      service_id: service,
      change: at(-1, 1, { type: 'standard', quiet: false }),
    })
    const { number } = opened
    for (const name of ['schedule', 'implement', 'review']) await step(number, name)
    const incident = await told(agent, 'POST', '/tickets', {
      kind: 'incident',
      title: 'Down',
      service_id: service,
    })
    await told(agent, 'POST', '/tickets', { kind: 'incident', title: 'Elsewhere', service_id: serviceId })
    const followed = async () =>
      ((await ask(agent, 'GET', `/tickets/${number}/around`)).json as { followed: unknown[] }).followed
    expect(await followed()).toMatchObject([{ number: incident.number, linked: false }])
    await told(agent, 'POST', `/tickets/${incident.number}/link`, { kind: 'caused_by', number })
    expect(await followed()).toMatchObject([{ number: incident.number, linked: true }])
  })
})
