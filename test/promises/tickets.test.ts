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

type Shown = {
  number: string
  state: string
  priority: string
  revision: number
  title: string
  may: string[]
  acknowledged_at: string | null
  assignee: { id: string } | null
}
type Listed = { items: Shown[]; next: string | null }

let record: TestDatabase
let api: TestApi
let team: string
let agent: Someone
let stranger: Someone
let employee: Someone
let admin: Someone
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  stranger = await someone(record.db, [{ role: 'agent', teamId: await aTeam(record.db) }])
  employee = await someone(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
})
afterAll(() => record.drop())

const open = async (by: Someone, more: Record<string, unknown> = {}) => {
  const answer = await api.call(by.key, 'POST', '/api/v1/tickets', {
    kind: 'incident',
    title: 'Mail is slow',
    ...more,
  })
  expect(answer.status).toBe(201)
  return (await answer.json()) as Shown
}
const verb = (by: Someone, number: string, name: string, body: unknown = {}) =>
  api.call(by.key, 'POST', `/api/v1/tickets/${number}/${name}`, body)
const list = async (by: Someone, query: string) =>
  (await (await api.call(by.key, 'GET', `/api/v1/tickets?${query}`)).json()) as Listed

describe('a ticket', () => {
  it('goes through its life, and its timeline tells all of it', async () => {
    const { number, priority } = await open(agent, { team_id: team, impact: 'high', urgency: 'high' })
    expect(priority).toBe('P1')
    for (const [name, body] of [
      ['acknowledge', {}],
      ['assign', { assignee_id: agent.id }],
      ['reply', { body: 'We are on it.' }],
      ['pend', { reason: 'vendor' }],
      ['resume', {}],
      ['resolve', { code: 'fixed' }],
      ['reopen', {}],
      ['resolve', {}],
      ['close', {}],
    ] as const) {
      const answer = await verb(agent, number, name, body)
      expect({ name, status: answer.status }).toEqual({ name, status: 200 })
    }
    const timeline = (await (
      await api.call(agent.key, 'GET', `/api/v1/tickets/${number}/activity`)
    ).json()) as { items: { verb: string; revision: number }[] }
    expect(timeline.items.map((line) => line.verb)).toEqual([
      'open',
      'page-nobody',
      'acknowledge',
      'assign',
      'reply',
      'pend',
      'resume',
      'resolve',
      'reopen',
      'resolve',
      'close',
    ])
    expect(timeline.items.map((line) => line.revision)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect((await verb(agent, number, 'acknowledge')).status).toBe(409)
  })

  it('is not there for another team, and an employee sees only their own', async () => {
    const { number } = await open(agent, { team_id: team })
    expect((await api.call(stranger.key, 'GET', `/api/v1/tickets/${number}`)).status).toBe(404)
    expect((await verb(stranger, number, 'acknowledge')).status).toBe(404)
    expect((await api.call(employee.key, 'GET', `/api/v1/tickets/${number}`)).status).toBe(404)
    const own = await open(employee)
    expect((await list(employee, '')).items.map((ticket) => ticket.number)).toEqual([own.number])
    expect(own.may).toEqual(['cancel', 'reply', 'watch'])
    expect((await verb(employee, own.number, 'note', { body: 'hm' })).status).toBe(403)
    expect((await verb(employee, own.number, 'resolve')).status).toBe(403)
  })

  it('hides notes from its requester', async () => {
    const { number } = await open(employee)
    await verb(admin, number, 'note', { body: 'He always says so.' })
    await verb(admin, number, 'reply', { body: 'Thank you, we look into it.' })
    const seen = (await (
      await api.call(employee.key, 'GET', `/api/v1/tickets/${number}/messages`)
    ).json()) as { items: { body: string }[] }
    expect(seen.items.map((message) => message.body)).toEqual(['Thank you, we look into it.'])
    const lines = (await (
      await api.call(employee.key, 'GET', `/api/v1/tickets/${number}/activity`)
    ).json()) as { items: { verb: string }[] }
    expect(lines.items.map((line) => line.verb)).toEqual(['open', 'reply'])
  })

  it('shows both sides when two people save the same field, and lets different fields pass', async () => {
    const { number, revision } = await open(agent, { team_id: team })
    const edit = (body: unknown) =>
      api.call(agent.key, 'PATCH', `/api/v1/tickets/${number}`, body, { 'if-match': `"${revision}"` })
    expect((await edit({ title: 'Mail is very slow' })).status).toBe(200)
    const second = await edit({ title: 'Mail is down' })
    expect(second.status).toBe(412)
    expect(await second.json()).toMatchObject({
      current: { title: 'Mail is very slow' },
      errors: [{ path: 'title' }],
    })
    expect((await edit({ urgency: 'high' })).status).toBe(200)
  })

  it('is opened once per Idempotency-Key, however often it is sent', async () => {
    const body = { kind: 'request', title: 'A new laptop' }
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        api.call(agent.key, 'POST', '/api/v1/tickets', body, { 'idempotency-key': 'laptop-1' }),
      ),
    )
    const numbers = await Promise.all(answers.map(async (answer) => ((await answer.json()) as Shown).number))
    expect(new Set(numbers).size).toBe(1)
    expect(
      (
        await api.call(
          agent.key,
          'POST',
          '/api/v1/tickets',
          { ...body, title: 'Two' },
          { 'idempotency-key': 'laptop-1' },
        )
      ).status,
    ).toBe(409)
  })

  it('is told the same word once per Idempotency-Key, however often it is sent', async () => {
    const { number } = await open(agent, { team_id: team })
    const say = (body: string, key: string) =>
      api.call(agent.key, 'POST', `/api/v1/tickets/${number}/note`, { body }, { 'idempotency-key': key })
    const answers = await Promise.all([1, 2, 3].map(() => say('Once', 'a')))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect((await say('Twice', 'a')).status).toBe(409)
    expect((await say('Once', 'b')).status).toBe(200)
    const story = await api.call(agent.key, 'GET', `/api/v1/tickets/${number}/activity`)
    const { items } = (await story.json()) as { items: { verb: string }[] }
    expect(items.filter((line) => line.verb === 'note')).toHaveLength(2)
  })

  it('refuses what an employee may not set', async () => {
    expect(
      (
        await api.call(employee.key, 'POST', '/api/v1/tickets', {
          kind: 'incident',
          title: 'x',
          impact: 'high',
        })
      ).status,
    ).toBe(403)
    expect(
      (
        await api.call(employee.key, 'POST', '/api/v1/tickets', {
          kind: 'incident',
          title: 'x',
          role: 'administrator',
        })
      ).status,
    ).toBe(400)
  })
})

describe('the queue', () => {
  it('pages through every ticket once, in each order', async () => {
    const mine = await Promise.all(
      Array.from({ length: 7 }, (_, index) =>
        open(agent, { team_id: team, title: `Paging ${index}`, urgency: index % 2 ? 'high' : 'low' }),
      ),
    )
    for (const sort of ['-created', 'created', '-updated', 'priority', 'due']) {
      const seen: string[] = []
      let next: string | null = ''
      while (next !== null) {
        const page: Listed = await list(
          agent,
          `q=paging&sort=${sort}&limit=3&cursor=${next}`.replace(/&cursor=$/, ''),
        )
        seen.push(...page.items.map((ticket) => ticket.number))
        next = page.next
      }
      expect(seen.toSorted()).toEqual(mine.map((ticket) => ticket.number).toSorted())
    }
  })

  it('finds words whatever their case, accents or end, and never breaks on what is typed', async () => {
    const { number } = await open(agent, { team_id: team, title: 'Échec de l’imprimante web-9 (3e étage)' })
    for (const q of ['echec', 'IMPRIM', 'etage 3e', 'web-9', '9', number.toLowerCase()])
      expect(
        (await list(agent, `q=${encodeURIComponent(q)}`)).items.map((ticket) => ticket.number),
      ).toContain(number)
    for (const q of ["' or 1=1 --", ':* & !', '((((', '%', '\\', '<script>'])
      expect((await api.call(agent.key, 'GET', `/api/v1/tickets?q=${encodeURIComponent(q)}`)).status).toBe(
        200,
      )
  })

  it('narrows by state, priority and person', async () => {
    const { number } = await open(agent, {
      team_id: team,
      assignee_id: agent.id,
      impact: 'high',
      urgency: 'high',
    })
    expect(
      (await list(agent, 'state=open&priority=P1&assignee=me')).items.map((ticket) => ticket.number),
    ).toContain(number)
    expect(
      (await list(agent, 'state=closed&assignee=me')).items.map((ticket) => ticket.number),
    ).not.toContain(number)
    expect((await api.call(agent.key, 'GET', '/api/v1/tickets?state=nonsense')).status).toBe(422)
    expect((await api.call(agent.key, 'GET', '/api/v1/tickets?cursor=nonsense')).status).toBe(400)
    const counts = await api.call(agent.key, 'GET', '/api/v1/tickets/counts')
    expect(await counts.json()).toMatchObject({ mine: { capped: false } })
  })
})

describe('two people at once', () => {
  it('acknowledge and resolve in any order with one revision each', async () => {
    const { number } = await open(agent, { team_id: team })
    await Promise.all([
      verb(agent, number, 'acknowledge'),
      verb(admin, number, 'acknowledge'),
      verb(agent, number, 'note', { body: 'a' }),
      verb(admin, number, 'note', { body: 'b' }),
    ])
    const { items } = (await (
      await api.call(agent.key, 'GET', `/api/v1/tickets/${number}/activity`)
    ).json()) as { items: { revision: number; verb: string; at: string }[] }
    expect(items.map((line) => line.revision)).toEqual([1, 2, 3, 4, 5])
    expect(items.filter((line) => line.verb === 'acknowledge')).toHaveLength(1)
    expect(items.map((line) => line.at)).toEqual(items.map((line) => line.at).toSorted())
  })
})
