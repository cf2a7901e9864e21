import type { Role } from '@tocsin/desk'
import { GRANTS, openTickets, SYSTEM, transact, widest } from '@tocsin/desk'
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

/** Every route of the door, as every role, on rows of one's own, of one's team and of others. */

interface Declared {
  method: string
  path: string
  permission: string
}
type Who = 'employee' | 'agent' | 'on_call' | 'manager' | 'administrator'
const ROLES: Record<Who, Role[]> = {
  employee: ['employee'],
  agent: ['employee', 'agent'],
  on_call: ['employee', 'on_call'],
  manager: ['employee', 'manager'],
  administrator: ['employee', 'administrator'],
}

let record: TestDatabase
let api: TestApi
let routes: Declared[]
let people: Record<Who, Someone>
let stranger: Someone
let mine: { number: string; id: string }
let foreign: { number: string; id: string }
let myTeam: string
let otherTeam: string

beforeAll(async () => {
  record = await database()
  api = testApi(record.db, { databaseUrl: record.url })
  const [team, other] = [await aTeam(record.db), await aTeam(record.db)]
  myTeam = team
  otherTeam = other
  people = {
    employee: await someone(record.db),
    agent: await someone(record.db, [{ role: 'agent', teamId: team }]),
    on_call: await someone(record.db, [{ role: 'on_call', teamId: team }]),
    manager: await someone(record.db, [{ role: 'manager', teamId: team }]),
    administrator: await someone(record.db, [{ role: 'administrator' }]),
  }
  stranger = await someone(record.db, [{ role: 'agent', teamId: other }])
  const common = { kind: 'incident', title: 'x', impact: 'low', urgency: 'low', channel: 'desk' } as const
  const [a, b] = await transact(record.db, SYSTEM, (tx) =>
    openTickets(tx, [
      { ...common, teamId: team, requesterId: people.employee.id },
      { ...common, teamId: other, requesterId: stranger.id },
    ]),
  )
  mine = a!
  foreign = b!
  routes = api.app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return []
    const { method, path } = definition.route
    return [{ method: method.toUpperCase(), path, permission: String(definition.route['x-permission']) }]
  })
})
afterAll(() => record.drop())

// Streams stay open and pages of documents are public; both have tests of their own.
const walked = () =>
  routes.filter((route) => !route.path.endsWith('/stream') && route.permission !== 'public')
const nowhere = '0198c0de-0000-7000-8000-000000000000'

function fill(path: string, ticket: { number: string; id: string }): string {
  return path
    .replace('{number}', ticket.number)
    .replace(/\{(\w*[iI]d)\}/g, nowhere)
    .replace(/\{\w+\}/g, 'nothing')
}
const call = (route: Declared, ticket: { number: string; id: string }, key?: string) =>
  api.call(
    key,
    route.method,
    fill(route.path, ticket),
    route.method === 'GET' ? undefined : bodyFor(route.path),
  )

const BODIES: Record<string, unknown> = {
  reply: { body: 'hello' },
  note: { body: 'hello' },
  pend: { reason: 'vendor' },
  assign: { assignee_id: null },
}
const bodyFor = (path: string) => BODIES[path.split('/').at(-1)!] ?? {}

describe('every route', () => {
  it('is declared with a permission', () => {
    const declared = new Set(
      routes.map((route) => `${route.method} ${route.path.replace(/\{(\w+)\}/g, ':$1')}`),
    )
    const served = api.app.routes
      .filter(
        (route) =>
          route.method !== 'ALL' &&
          route.path.startsWith('/api/v1/') &&
          !route.path.endsWith('/openapi.json'),
      )
      .map((route) => `${route.method} ${route.path}`)
    expect(served.filter((route) => !declared.has(route))).toEqual([])
    expect(routes.filter((route) => route.permission === 'undefined')).toEqual([])
    expect(routes.length).toBeGreaterThan(30)
  })

  it('answers 401 to nobody', async () => {
    const wrong: string[] = []
    for (const route of walked()) {
      const { status } = await call(route, mine)
      if (status !== 401) wrong.push(`${route.method} ${route.path}: ${status}`)
    }
    expect(wrong).toEqual([])
  })

  it.each(Object.keys(ROLES) as Who[])(
    'answers 403 to a role without its capability, never 500: %s',
    async (who) => {
      const wrong: string[] = []
      for (const route of walked()) {
        const held =
          route.permission === 'self' || widest(ROLES[who], route.permission as keyof typeof GRANTS.employee)
        if (held && route.method !== 'GET') continue
        const { status } = await call(route, mine, people[who].key)
        if (!held && status !== 403) wrong.push(`${route.method} ${route.path}: ${status} instead of 403`)
        // 503: the figures live in another process, which this test does not start.
        if (held && (status === 401 || (status >= 500 && status !== 503)))
          wrong.push(`${route.method} ${route.path}: ${status}`)
      }
      expect(wrong).toEqual([])
    },
  )
})

describe('a foreign ticket', () => {
  it.each(['employee', 'agent', 'on_call', 'manager'] as Who[])(
    'is not there, and not changed, for %s',
    async (who) => {
      const before = await fingerprint(foreign.id)
      const wrong: string[] = []
      for (const route of walked().filter((one) => one.path.includes('{number}'))) {
        const { status } = await call(route, foreign, people[who].key)
        if (![403, 404, 400, 415, 422].includes(status))
          wrong.push(`${route.method} ${route.path}: ${status}`)
        if (route.method === 'GET' && status !== 404 && status !== 403)
          wrong.push(`${route.method} ${route.path}: ${status} instead of 404`)
      }
      expect(wrong).toEqual([])
      expect(await fingerprint(foreign.id)).toEqual(before)
    },
  )
})

describe('a schedule and an escalation policy', () => {
  const rota = {
    zone: 'UTC',
    rotations: [
      {
        name: 'r',
        every: 'week',
        length: 1,
        starts_on: '2026-01-05',
        handoff: '09:00',
        people: [] as string[],
      },
    ],
  }
  const make = (by: Someone, teamId: string | null) => {
    const rotations = rota.rotations.map((one) => ({ ...one, people: [by.id] }))
    const steps = [{ wait_ms: 0, targets: [{ kind: 'person', id: by.id }] }]
    const name = `of ${teamId} by ${by.id}`
    return {
      schedule: { path: '/api/v1/schedules', body: { ...rota, name, team_id: teamId, rotations } },
      policy: { path: '/api/v1/escalation-policies', body: { name, team_id: teamId, steps, repeats: 0 } },
    }
  }
  const versions = async () => {
    const { rows } = await sql`
      select (select count(*) from schedule_version) + (select count(*) from escalation_policy_version) as versions,
        (select jsonb_agg(jsonb_build_array(name, team_id, archived_at) order by id) from schedule) as schedules,
        (select jsonb_agg(jsonb_build_array(name, team_id, archived_at) order by id) from escalation_policy) as policies`.execute(
      record.db,
    )
    return rows[0]
  }

  it.each(['schedule', 'policy'] as const)(
    'is made, changed and archived by the managers of its team and by nobody else: %s',
    async (kind) => {
      const { administrator, manager } = people
      const one = make(administrator, myTeam)[kind]
      const created = await api.call(manager.key, 'POST', one.path, one.body)
      expect(created.status).toBe(201)
      const { id } = (await created.json()) as { id: string }
      const away = make(administrator, otherTeam)[kind]
      const foreignOne = await api.call(administrator.key, 'POST', away.path, away.body)
      const { id: foreignId } = (await foreignOne.json()) as { id: string }

      const before = await versions()
      const wrong: string[] = []
      const refuse = async (by: Someone, method: string, path: string, body?: unknown) => {
        const { status } = await api.call(by.key, method, path, body)
        if (status !== 403) wrong.push(`${method} ${path}: ${status} instead of 403`)
      }
      for (const who of ['employee', 'agent', 'on_call'] as const) {
        await refuse(people[who], 'POST', one.path, { ...one.body, name: who })
        await refuse(people[who], 'PATCH', `${one.path}/${id}`, { name: who })
        await refuse(people[who], 'POST', `${one.path}/${id}/archive`)
      }
      await refuse(manager, 'POST', away.path, { ...away.body, name: 'theirs' })
      await refuse(manager, 'PATCH', `${away.path}/${foreignId}`, { name: 'mine now' })
      await refuse(manager, 'PATCH', `${away.path}/${foreignId}`, { team_id: myTeam })
      await refuse(manager, 'POST', `${away.path}/${foreignId}/archive`)
      await refuse(manager, 'PATCH', `${one.path}/${id}`, { team_id: otherTeam })
      expect(wrong).toEqual([])
      expect(await versions()).toEqual(before)

      const renamed = await api.call(manager.key, 'PATCH', `${one.path}/${id}`, { name: `new ${kind}` })
      expect(renamed.status).toBe(200)
      expect((await api.call(manager.key, 'POST', `${one.path}/${id}/archive`)).status).toBe(200)
    },
  )

  it('that belongs to no team is the administrators’ alone', async () => {
    const { policy } = make(people.manager, null)
    expect((await api.call(people.manager.key, 'POST', policy.path, policy.body)).status).toBe(403)
    expect((await api.call(people.administrator.key, 'POST', policy.path, policy.body)).status).toBe(201)
  })

  it('is offered in the teams where a role opens it', async () => {
    const answer = await api.call(people.manager.key, 'GET', '/api/v1/me')
    const { roles } = (await answer.json()) as { roles: { team: { id: string }; capabilities: string[] }[] }
    expect(roles).toMatchObject([{ team: { id: myTeam } }])
    expect(roles[0]!.capabilities).toContain('schedule.edit')
    expect(roles[0]!.capabilities).not.toContain('person.edit')
  })
})

describe('visibility', () => {
  it('is the same in list, search and page', async () => {
    for (const who of Object.values(people).concat(stranger)) {
      const listed = await numbers(who, '')
      expect(await numbers(who, 'q=x')).toEqual(listed)
      for (const ticket of [mine, foreign]) {
        const { status } = await api.call(who.key, 'GET', `/api/v1/tickets/${ticket.number}`)
        expect(status).toBe(listed.includes(ticket.number) ? 200 : 404)
      }
    }
    expect(await numbers(people.employee, '')).toEqual([mine.number])
    expect(await numbers(people.agent, '')).toEqual([mine.number])
    expect(await numbers(stranger, '')).toEqual([foreign.number])
    expect(await numbers(people.administrator, '')).toHaveLength(2)
  })

  it('of a confidential ticket ends at its requester, assignee and the team’s managers', async () => {
    await sql`update ticket set confidential = true where id = ${mine.id}`.execute(record.db)
    expect(await numbers(people.agent, '')).toEqual([])
    expect(await numbers(people.manager, '')).toEqual([mine.number])
    expect(await numbers(people.employee, '')).toEqual([mine.number])
    await sql`update ticket set confidential = false where id = ${mine.id}`.execute(record.db)
  })

  it('ends at once when a person is archived', async () => {
    const leaver = await someone(record.db, [{ role: 'administrator' }])
    await api.call(people.administrator.key, 'POST', `/api/v1/people/${leaver.id}/archive`)
    expect((await api.call(leaver.key, 'GET', '/api/v1/tickets')).status).toBe(401)
  })

  it('of administrators never ends for all: of two who archive each other one stays', async () => {
    const two = [people.administrator, await someone(record.db, [{ role: 'administrator' }])] as const
    const archive = (by: Someone, whom: Someone) =>
      api.call(by.key, 'POST', `/api/v1/people/${whom.id}/archive`).then(({ status }) => status)
    const answers = await Promise.all([archive(two[0], two[1]), archive(two[1], two[0])])
    expect(answers.filter((status) => status === 200)).toHaveLength(1)
    const last = two[answers[0] === 200 ? 0 : 1]
    expect(await archive(last, last)).toBe(409)
    expect((await api.call(last.key, 'GET', '/api/v1/people')).status).toBe(200)
  })
})

async function numbers(who: Someone, query: string): Promise<string[]> {
  const answer = await api.call(who.key, 'GET', `/api/v1/tickets?${query}`)
  return ((await answer.json()) as { items: { number: string }[] }).items.map((item) => item.number)
}

async function fingerprint(ticketId: string): Promise<unknown> {
  const { rows } = await sql`
    select t.revision, t.state, t.team_id, t.assignee_id, (select count(*) from message m where m.ticket_id = t.id) as messages,
           (select count(*) from activity a where a.ticket_id = t.id) as lines,
           (select count(*) from attachment f where f.ticket_id = t.id) as attachments
    from ticket t where t.id = ${ticketId}`.execute(record.db)
  return rows[0]
}
