import { randomUUID } from 'node:crypto'
import { type AutomationRule, createDefaultSla, SYSTEM, sweepQuiet, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aPolicy,
  aTeam,
  database,
  type RunningEngine,
  setClockOffset,
  type Someone,
  someone,
  startEngine,
  TEST_SECRET,
  type TestApi,
  testApi,
  type TestDatabase,
  until,
  webhookReceiver,
} from '../harness/index.ts'

let base: TestDatabase
let api: TestApi
let engines: RunningEngine[]
let administrator: Someone
let agent: Someone
let network: string

beforeAll(async () => {
  base = await database()
  api = testApi(base.db, { databaseUrl: base.url, secret: TEST_SECRET })
  network = await aTeam(base.db, 'Network')
  administrator = await someone(base.db, [{ role: 'administrator' }])
  agent = await someone(base.db, [{ role: 'agent', teamId: network }])
  await transact(base.db, SYSTEM, (tx) => createDefaultSla(tx))
  engines = [startEngine(base), startEngine(base)]
})
afterAll(async () => {
  await Promise.all(engines.map((one) => one.stop()))
  await base.drop()
})

async function call<T = Record<string, unknown>>(who: Someone, method: string, path: string, body?: unknown) {
  const answer = await api.call(who.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}
const get = async <T>(path: string) => (await call<T>(administrator, 'GET', path)).body
const post = <T = Record<string, unknown>>(path: string, body?: unknown) =>
  call<T>(administrator, 'POST', path, body)

const rule = (over: Partial<AutomationRule>): AutomationRule => ({
  id: randomUUID(),
  name: 'A rule',
  enabled: true,
  on: { kind: 'activity', verbs: ['open'] },
  when: 'true',
  actions: [{ do: 'tag', names: ['ruled'] }],
  last: false,
  ...over,
})
async function publish(rules: AutomationRule[]) {
  const { version } = await get<{ version: number }>('/automation-rules')
  const { status, body } = await call<{ version: number }>(administrator, 'PUT', '/automation-rules', {
    base: version,
    rules,
  })
  expect(status).toBe(200)
  return body.version
}
const file = async (over: Record<string, unknown> = {}) =>
  (await post<{ number: string }>('/tickets', { kind: 'incident', title: 'The site is slow', ...over })).body
    .number

interface Fired {
  id: string
  rule: { id: string; name: string; version: number }
  state: string
  reason: string | null
  outcome: { do: string; error?: string }[]
  matched: Record<string, string>
  depth: number
}
const firings = async (number: string) =>
  (await get<{ items: Fired[] }>(`/automation-rules/firings?ticket=${number}`)).items
const settled = (number: string, count: number) =>
  until(
    async () => {
      const items = await firings(number)
      return items.length >= count && items.every(({ state }) => state !== 'waiting') ? items : undefined
    },
    { what: `${count} firings for ${number}` },
  )
interface Line {
  verb: string
  actor: { kind: string; id: string | null; name: string | null }
  cause: { kind: string; id: string; version: number } | null
  why: { automation?: { rule: string; matched: unknown } } | null
}
const story = async (number: string) => (await get<{ items: Line[] }>(`/tickets/${number}/activity`)).items
/** Everything that has happened was decided about and carried out. */
const atRest = () =>
  until(
    async () => {
      const { rows } = await sql<{ rest: boolean }>`
        select not exists (select from activity_waiting) and not exists (select from automation_firing where state = 'waiting')
          and (select place from feed_cursor where reader = 'automation') >= (select max(place) from activity_place) as rest`.execute(
        base.db,
      )
      return rows[0]!.rest
    },
    { what: 'rules are at rest' },
  )

describe('a rule', () => {
  test('acts once on what happened, by the desk’s own verbs, and stands in the timeline with its reason', async () => {
    const own = rule({
      name: 'Big ones',
      when: `priority == 'P1' && kind == 'incident'`,
      actions: [
        { do: 'tag', names: ['big'] },
        { do: 'note', text: '{{number}} is {{priority}}: call {{team}}' },
        { do: 'assign', team_id: network, assignee_id: null },
        { do: 'move', move: 'start' },
      ],
    })
    const version = await publish([own])
    const number = await file({ impact: 'high', urgency: 'high' })
    const small = await file({ impact: 'low', urgency: 'low' })
    const [fired] = await settled(number, 1)
    expect(fired).toMatchObject({
      rule: { id: own.id, name: 'Big ones', version },
      state: 'done',
      matched: { priority: 'P1', kind: 'incident' },
      depth: 0,
    })
    expect(fired!.outcome.map((one) => one.error)).toEqual([undefined, undefined, undefined, undefined])
    const lines = (await story(number)).filter(({ actor }) => actor.kind === 'rule' && actor.name)
    expect(lines.map(({ verb }) => verb)).toEqual(['tag', 'note', 'assign', 'start'])
    for (const line of lines)
      expect(line).toMatchObject({
        actor: { id: own.id, name: 'Big ones' },
        cause: { kind: 'automation', id: fired!.id, version },
        why: { automation: { rule: own.id, matched: { priority: 'P1' } } },
      })
    const { items } = await get<{ items: { body: string }[] }>(`/tickets/${number}/messages`)
    expect(items.map(({ body }) => body)).toEqual([`${number} is P1: call`])
    expect(await firings(small)).toEqual([])
  })

  test('acts exactly once for each of many, with two engines at it', async () => {
    await publish([
      rule({ actions: [{ do: 'note', text: 'seen' }] }),
      rule({ on: { kind: 'activity', verbs: ['note'] }, actions: [{ do: 'tag', names: ['noted'] }] }),
    ])
    const numbers = await Promise.all(Array.from({ length: 10 }, () => file()))
    for (const number of numbers) await settled(number, 2)
    await atRest()
    const { rows } = await sql<{ notes: number }>`
      select (select count(*) from message m where m.ticket_id = t.id)::int as notes from ticket t
      where t.number = any(${numbers}::text[])`.execute(base.db)
    expect(rows.map(({ notes }) => notes)).toEqual(numbers.map(() => 1))
  })

  test('tells people, pages, opens another ticket and calls a webhook', async () => {
    const receiver = await webhookReceiver()
    const { id: webhook } = (
      await post<{ id: string }>('/webhooks', { name: 'Called', url: receiver.url, verbs: ['close'] })
    ).body
    const policy = await aPolicy(base.db, [{ wait_ms: 0, targets: [{ kind: 'person', id: agent.id }] }])
    await publish([
      rule({
        actions: [
          { do: 'tell', person_ids: [agent.id], team_ids: [], text: 'Look at {{title}}' },
          { do: 'page', policy_id: policy },
          { do: 'open', kind: 'problem', title: 'Why: {{title}}', text: '', link: 'caused_by' },
          { do: 'call', webhook_id: webhook },
        ],
        when: `kind == 'incident'`,
      }),
    ])
    const number = await file({ title: 'Gate 4' })
    const [fired] = await settled(number, 1)
    expect(fired!.outcome).toMatchObject([
      { told: 1, text: 'Look at Gate 4' },
      { paged: true },
      {},
      { called: true },
    ])
    const opened = fired!.outcome[2] as unknown as { opened: string }
    expect(await get(`/tickets/${opened.opened}`)).toMatchObject({ title: 'Why: Gate 4', kind: 'problem' })
    await until(() => receiver.calls.length === 1, { what: 'the webhook is called' })
    expect(JSON.parse(receiver.calls[0]!.body)).toMatchObject({
      type: 'rule.call',
      data: { ticket: { number } },
    })
    expect((await story(number)).find(({ verb }) => verb === 'rule-call')).toMatchObject({
      actor: { kind: 'rule' },
      after: { webhook },
      names: { [webhook]: 'Called' },
    })
    await until(
      async () => {
        const { rows } = await sql<{ text: string }>`
          select body_text as text from local_mail where person_id = ${agent.id} and body_text like '%Look at Gate 4%'`.execute(
          base.db,
        )
        return rows.length === 1
      },
      { what: 'the mail' },
    )
    await until(
      async () => {
        const { rows } = await sql`select from page p join ticket t on t.id = p.ticket_id
          where t.number = ${number} and p.recipient_id = ${agent.id}`.execute(base.db)
        return rows.length === 1
      },
      { what: 'the page' },
    )
    await receiver.close()
  })

  test('undoes only what the desk refuses; an answer by a rule is no response', async () => {
    await publish([
      rule({
        on: { kind: 'activity', verbs: ['resolve'] },
        actions: [
          { do: 'assign', team_id: network, assignee_id: null },
          { do: 'reply', text: 'Thank you for waiting' },
        ],
      }),
    ])
    const number = await file()
    await post(`/tickets/${number}/resolve`)
    const [fired] = await settled(number, 1)
    expect(fired).toMatchObject({
      state: 'done',
      outcome: [{ do: 'assign', error: 'conflict' }, { do: 'reply' }],
    })
    expect(await get(`/tickets/${number}`)).toMatchObject({ first_response_at: null })
  })

  test('acts on a mark of a clock', async () => {
    await publish([
      rule({
        on: { kind: 'sla', target: 'resolution', percents: [50, 100] },
        actions: [{ do: 'tag', names: ['late'] }],
      }),
    ])
    const number = await file({ impact: 'high', urgency: 'high' })
    await atRest()
    const { rows } = await sql<{ days: number }>`
      select ceil(extract(epoch from max(c.due_at) - tocsin_now()) / 86400)::int as days from sla_clock c join ticket t on t.id = c.ticket_id
      where t.number = ${number} and c.target = 'resolution'`.execute(base.db)
    await setClockOffset(base.ownerUrl, `${rows[0]!.days} days`)
    const fired = await settled(number, 2)
    expect(fired.map(({ state }) => state)).toEqual(['done', 'done'])
  })

  test('acts on what nobody has changed for as long as it waits, once, and its own effect is no change', async () => {
    await setClockOffset(base.ownerUrl, '60 days')
    const own = rule({
      on: { kind: 'unchanged', minutes: 60, states: ['new', 'in_progress'] },
      when: `priority == 'P2'`,
      actions: [{ do: 'note', text: 'Still there?' }],
    })
    await publish([own])
    expect(await sweepQuiet(base.db)).toBe(0)
    const [number, touched] = [
      await file({ impact: 'high', urgency: 'medium' }),
      await file({ impact: 'high', urgency: 'medium' }),
    ]
    await atRest()
    await setClockOffset(base.ownerUrl, '60 days 40 minutes')
    await post(`/tickets/${touched}/note`, { body: 'I look into it' })
    await atRest()
    await setClockOffset(base.ownerUrl, '60 days 61 minutes')
    await Promise.all([sweepQuiet(base.db), sweepQuiet(base.db)])
    await settled(number, 1)
    await atRest()
    expect(await firings(touched)).toEqual([])
    await setClockOffset(base.ownerUrl, '60 days 150 minutes')
    await sweepQuiet(base.db)
    await settled(touched, 1)
    await atRest()
    expect(await firings(number)).toHaveLength(1)
  })

  test('that was off meanwhile has missed changes, and begins anew', async () => {
    await setClockOffset(base.ownerUrl, '70 days')
    const own = rule({ on: { kind: 'unchanged', minutes: 60, states: ['new'] }, when: `title == 'Stale'` })
    await publish([own])
    await sweepQuiet(base.db)
    const number = await file({ title: 'Stale' })
    await atRest()
    await publish([])
    await sweepQuiet(base.db)
    await setClockOffset(base.ownerUrl, '70 days 30 minutes')
    await post(`/tickets/${number}/note`, { body: 'Seen by nobody' })
    await atRest()
    await publish([own])
    await atRest()
    await setClockOffset(base.ownerUrl, '70 days 61 minutes')
    await sweepQuiet(base.db)
    await atRest()
    expect(await firings(number)).toEqual([])
    await setClockOffset(base.ownerUrl, '70 days 91 minutes')
    await sweepQuiet(base.db)
    await settled(number, 1)
  })
})

describe('loops', () => {
  test('are cut, reported on the ticket and to whoever published them, once', async () => {
    const [ping, pong] = [randomUUID(), randomUUID()]
    await publish([
      rule({
        id: ping,
        name: 'Ping',
        on: { kind: 'activity', verbs: ['tag'] },
        actions: [{ do: 'untag', name: 'hot' }],
      }),
      rule({
        id: pong,
        name: 'Pong',
        on: { kind: 'activity', verbs: ['untag'] },
        actions: [{ do: 'tag', names: ['hot'] }],
      }),
    ])
    const number = await file()
    await post(`/tickets/${number}/tag`, { names: ['hot'] })
    await settled(number, 3)
    await atRest()
    const fired = await firings(number)
    expect(fired.map(({ rule: { name }, state, reason }) => [name, state, reason])).toEqual([
      ['Ping', 'cut', 'loop'],
      ['Pong', 'done', null],
      ['Ping', 'done', null],
    ])
    expect((await story(number)).filter(({ verb }) => verb === 'cut')).toHaveLength(1)
    const mails = () =>
      sql`select from local_mail where person_id = ${administrator.id} and subject like '%Ping%'`.execute(
        base.db,
      )
    await until(async () => (await mails()).rows.length === 1, { what: 'a mail to its author' })
    const other = await file()
    await post(`/tickets/${other}/tag`, { names: ['hot'] })
    await settled(other, 3)
    expect((await mails()).rows).toHaveLength(1)
  })
})

describe('a trial', () => {
  test('tells on what rules would have acted in the past, and touches nothing', async () => {
    await publish([])
    await atRest()
    const before = await get<{ items: unknown[] }>('/automation-rules/firings?limit=200')
    const own = rule({
      name: 'Would',
      on: { kind: 'activity', verbs: ['open'] },
      when: `kind == 'incident'`,
      enabled: false,
    })
    const quiet = rule({ name: 'Quiet', on: { kind: 'unchanged', minutes: 60, states: ['new'] } })
    const period = { from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z' }
    const { rows } = await sql<{ from: Date; to: Date; opened: number }>`
      select min(created_at) - interval '1 hour' as from, tocsin_now() as to, count(*) filter (where kind = 'incident')::int as opened
      from ticket`.execute(base.db)
    const { from, to, opened } = rows[0]!
    const asked = await post<{ id: string }>('/automation-rules/trials', { rules: [own, quiet], from, to })
    expect(asked.status).toBe(202)
    interface Trial {
      state: string
      done: number
      total: number
      rules: { name: string; fired: number; actions: string[] }[]
    }
    const path = `/automation-rules/trials/${asked.body.id}`
    const trial = await until(
      async () => {
        const seen = await get<Trial>(path)
        return seen.state === 'done' ? seen : undefined
      },
      { what: 'the trial ends' },
    )
    expect(trial.done).toBe(trial.total)
    expect(trial.rules).toMatchObject([{ name: 'Would', fired: opened, actions: ['tag'] }, { name: 'Quiet' }])
    expect(trial.rules[1]!.fired).toBeGreaterThan(0)
    const { items } = await get<{ items: { ticket: { number: string } }[] }>(`${path}/hits?limit=5`)
    expect(items).toHaveLength(5)
    const csv = await api.call(administrator.key, 'GET', `/api/v1${path}/hits?format=csv&rule=${own.id}`)
    expect((await csv.text()).trim().split('\n')).toHaveLength(opened + 1)
    expect(await get('/automation-rules/firings?limit=200')).toEqual(before)
    expect(
      (await post('/automation-rules/trials', { rules: [own], ...period, to: period.from })).status,
    ).toBe(422)
    expect(
      (await post('/automation-rules/trials', { rules: [own], ...period, to: '2020-06-01T00:00:00Z' }))
        .status,
    ).toBe(422)
  })
})

describe('what is refused', () => {
  const nothing = '0199aaaa-0000-7000-8000-000000000000'
  test.each([
    ['rules.0.when', { when: 'priority ==' }],
    [
      'rules.0.actions.0.team_id',
      { actions: [{ do: 'assign' as const, team_id: nothing, assignee_id: null }] },
    ],
    ['rules.0.actions.0.webhook_id', { actions: [{ do: 'call' as const, webhook_id: nothing }] }],
    ['rules.0.actions.0.policy_id', { actions: [{ do: 'page' as const, policy_id: nothing }] }],
    ['rules.0.actions.0.do', { actions: [{ do: 'set' as const }] }],
    ['rules.0.actions.0.reason', { actions: [{ do: 'move' as const, move: 'pend' as const }] }],
    [
      'rules.0.actions.0.person_ids',
      { actions: [{ do: 'tell' as const, person_ids: [], team_ids: [], text: 'x' }] },
    ],
    ['rules.0.actions.0.text', { actions: [{ do: 'reply' as const, text: 'About {{ticket.title}}' }] }],
    ['rules.0.actions.0.names', { actions: [{ do: 'tag' as const, names: ['!!!'] }] }],
    ['rules.0.actions', { actions: [] }],
    ['rules.0.on.minutes', { on: { kind: 'unchanged' as const, minutes: 1, states: ['new'] } }],
  ])('%s', async (path, over) => {
    const { version } = await get<{ version: number }>('/automation-rules')
    const { status, body } = await call<{ errors: { path: string }[] }>(
      administrator,
      'PUT',
      '/automation-rules',
      {
        base: version,
        rules: [rule(over)],
      },
    )
    expect(status).toBe(422)
    expect(body.errors.map((error) => error.path)).toContain(path)
  })

  test('an older base, other people, what is not there', async () => {
    await publish([])
    expect((await call(administrator, 'PUT', '/automation-rules', { base: 1, rules: [] })).status).toBe(409)
    const { version } = await get<{ version: number }>('/automation-rules')
    expect((await call(agent, 'PUT', '/automation-rules', { base: version, rules: [] })).status).toBe(403)
    expect((await call(agent, 'GET', '/automation-rules/firings')).status).toBe(403)
    expect((await call(administrator, 'GET', `/automation-rules/trials/${nothing}`)).status).toBe(404)
  })
})
