import { randomUUID } from 'node:crypto'
import { createService, openTickets, type RoutingRule, SYSTEM, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  anIntegration,
  aTeam,
  database,
  drain,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
  type TestDoor,
  testDoor,
} from '../harness/index.ts'

let base: TestDatabase
let api: TestApi
let door: TestDoor
let administrator: Someone
let agent: Someone
let employee: Someone
let network: string
let workplace: string
let web: string

beforeAll(async () => {
  base = await database()
  api = testApi(base.db, { databaseUrl: base.url })
  door = await testDoor(base.url)
  network = await aTeam(base.db, 'Network')
  workplace = await aTeam(base.db, 'Workplace')
  administrator = await someone(base.db, [{ role: 'administrator' }])
  agent = await someone(base.db, [{ role: 'agent', teamId: network }])
  employee = await someone(base.db)
  web = await transact(base.db, SYSTEM, (tx) =>
    createService(tx, { key: 'web', name: { en: 'Web' }, teamId: workplace }),
  )
})
afterAll(async () => {
  await door.close()
  await base.drop()
})

const rule = (over: Partial<RoutingRule>): RoutingRule => ({
  id: randomUUID(),
  name: 'A rule',
  enabled: true,
  when: 'true',
  team_id: network,
  impact: null,
  urgency: null,
  skills: [],
  ...over,
})

async function call<T = Record<string, unknown>>(who: Someone, method: string, path: string, body?: unknown) {
  const answer = await api.call(who.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}
const versionNow = async () => (await call<{ version: number }>(agent, 'GET', '/routing-rules')).body.version
const publish = async (rules: RoutingRule[], more: Record<string, unknown> = {}) =>
  call<{ version: number }>(administrator, 'PUT', '/routing-rules', {
    base: await versionNow(),
    rules,
    ...more,
  })

interface Shown {
  number: string
  hands: { team: { how: string; from: object | null; passed: object[] } | null } | null
  team: { id: string } | null
  priority: string
  may: string[]
  route: { rule: Record<string, unknown>; team: { name: string }; matched: unknown; asked_by: unknown } | null
}
const file = async (who: Someone, over: Record<string, unknown> = {}) =>
  (await call<Shown>(who, 'POST', '/tickets', { kind: 'incident', title: 'The site is slow', ...over })).body
const read = async (number: string) => (await call<Shown>(administrator, 'GET', `/tickets/${number}`)).body

describe('a ticket that opens without a team', () => {
  test('goes to that of the first rule that holds, and says why', async () => {
    const other = rule({ name: 'Printers', when: `'printer' in words`, team_id: workplace })
    const off = rule({ enabled: false })
    const own = rule({ name: 'Web to Network', when: `service == 'web' && kind == 'incident'` })
    const { body } = await publish([other, off, own, rule({ team_id: workplace })])
    const opened = await file(administrator, { service_id: web })
    expect(opened.team?.id).toBe(network)
    expect(opened.route).toMatchObject({
      rule: { id: own.id, name: 'Web to Network', place: 3, version: body.version, when: own.when },
      team: { name: 'Network' },
      matched: { service: 'web', kind: 'incident' },
      asked_by: null,
    })
    const printer = await file(administrator, { title: 'Printer: no paper' })
    expect(printer).toMatchObject({ team: { id: workplace }, route: { matched: {} } })
  })

  test('says what else brought it there, and which rule was passed over for its team is no more', async () => {
    const gone = await aTeam(base.db, 'Gone')
    const { body } = await publish([
      rule({ name: 'To nobody', when: `title.contains('slow')`, team_id: gone }),
      rule({ name: 'Printers', when: `'printer' in words` }),
    ])
    expect((await call(administrator, 'POST', `/teams/${gone}/archive`)).status).toBe(200)
    const ofService = await file(administrator, { service_id: web })
    expect(ofService).toMatchObject({ team: { id: workplace }, route: null })
    expect(ofService.hands?.team).toMatchObject({
      how: 'service',
      from: { en: 'Web' },
      passed: [{ place: 1, version: body.version, name: 'To nobody' }],
    })
    // Nobody's, and not in silence.
    expect(await file(administrator)).toMatchObject({
      team: null,
      hands: { team: { how: 'none', passed: [{ place: 1, name: 'To nobody' }] } },
    })
    expect((await file(administrator, { title: 'printer' })).hands?.team).toMatchObject({
      how: 'rule',
      passed: [],
    })
    const named = await file(administrator, { team_id: network })
    expect(named.hands?.team).toMatchObject({ how: 'asked', passed: [] })
    await call(administrator, 'POST', `/tickets/${named.number}/assign`, { team_id: workplace })
    expect((await read(named.number)).hands?.team).toMatchObject({ how: 'handed', from: null })
    // Until the rule has another team, nothing more is published.
    const again = await publish([rule({ team_id: gone })])
    expect(again).toMatchObject({ status: 422, body: { errors: [{ path: 'rules.0.team_id' }] } })
  })

  test('keeps its explanation when later rules say something else', async () => {
    const earlier = await file(administrator, { service_id: web })
    await publish([rule({ name: 'Everything', team_id: workplace })])
    expect((await read(earlier.number)).route).toEqual(earlier.route)
    expect((await file(administrator, { service_id: web })).team?.id).toBe(workplace)
  })

  test('is routed from every channel: an employee’s, and an alert’s before its service’s team', async () => {
    await publish([
      rule({ when: `channel == 'monitoring' && ci.name == '' || channel == 'monitoring'` }),
      rule({ when: `channel == 'api' && organisation == ''`, team_id: workplace }),
    ])
    const asked = await file(employee)
    expect(await read(asked.number)).toMatchObject({ team: { id: workplace }, channel: 'api' })
    const source = await anIntegration(base.db)
    await door.send(`/v1/events/${source.key}`, {
      events: [
        { kind: 'trigger', severity: 'error', title: 'down', dedup_key: 'a', labels: { service: 'web' } },
      ],
    })
    await drain(base.db)
    const { rows } = await sql<{
      number: string
    }>`select number from ticket where channel = 'monitoring'`.execute(base.db)
    expect(rows).toHaveLength(1)
    expect(await read(rows[0]!.number)).toMatchObject({
      team: { id: network },
      route: { rule: { place: 1 } },
    })
  })

  test('goes to its service’s team where no rule holds, and a team that was named is not overruled', async () => {
    await publish([rule({ when: `priority == 'P1'` }), rule({ when: 'ci.rack == "7"' })])
    expect(await file(administrator, { service_id: web })).toMatchObject({
      team: { id: workplace },
      route: null,
    })
    expect(await file(administrator)).toMatchObject({ team: null, route: null })
    const named = await file(administrator, { team_id: workplace, impact: 'high', urgency: 'high' })
    expect(named).toMatchObject({ team: { id: workplace }, route: null })
    expect((await file(administrator, { impact: 'high', urgency: 'high' })).team?.id).toBe(network)
  })

  test('takes impact and urgency from its rule, and with them its priority', async () => {
    await publish([rule({ when: `title.matches('(?i)ransom')`, impact: 'high', urgency: 'high' })])
    expect(await file(employee, { title: 'RANSOMWARE on my screen' })).toMatchObject({ priority: 'P1' })
  })

  test('is not sent to a team that is no more', async () => {
    const gone = await aTeam(base.db)
    await publish([rule({ team_id: gone }), rule({ name: 'next' })])
    await sql`update team set archived_at = tocsin_now() where id = ${gone}`.execute(base.db)
    expect(await file(administrator)).toMatchObject({ route: { rule: { name: 'next', place: 2 } } })
  })

  test('is routed together with a thousand others in one go', async () => {
    await publish([rule({ when: `title.startsWith('even')` })])
    const inputs = Array.from({ length: 1_000 }, (_, n) => ({
      kind: 'request' as const,
      title: `${n % 2 ? 'odd' : 'even'} ${n}`,
      impact: 'low' as const,
      urgency: 'low' as const,
      channel: 'import' as const,
    }))
    const opened = await transact(base.db, SYSTEM, (tx) => openTickets(tx, inputs))
    expect(opened.map(({ teamId }, n) => teamId === (n % 2 ? null : network))).not.toContain(false)
  })
})

describe('a person who asks the rules again', () => {
  test('moves the ticket, and their name stands beside the rule', async () => {
    await publish([])
    const { number } = await file(administrator)
    const none = await call(administrator, 'POST', `/tickets/${number}/route`, {})
    expect(none.status).toBe(409)
    await publish([rule({ name: 'Late', when: `title.contains('slow')` })])
    const again = await call<Shown>(administrator, 'POST', `/tickets/${number}/route`, {})
    expect(again.body).toMatchObject({
      team: { id: network },
      route: { rule: { name: 'Late' }, asked_by: { id: administrator.id } },
    })
    const { rows } = await sql<{ why: unknown }>`
      select why from activity a join ticket t on t.id = a.ticket_id where t.number = ${number} and a.verb = 'assign'`.execute(
      base.db,
    )
    expect(rows).toMatchObject([{ why: { route: { place: 1 } } }])
  })
})

describe('routing rules', () => {
  test('that cannot be used are refused, each by its place', async () => {
    const refused = await publish([
      rule({ when: 'colour == 1' }),
      rule({ team_id: randomUUID(), skills: [{ skill_id: randomUUID(), level: 2 }] }),
    ])
    expect(refused).toMatchObject({
      status: 422,
      body: {
        errors: [
          { path: 'rules.0.when' },
          { path: 'rules.1.team_id' },
          { path: 'rules.1.skills.0.skill_id' },
        ],
      },
    })
    expect((await publish([], { colour: 'red' })).status).toBe(400)
  })

  test('are published by administrators, read by the desk, and not written over unseen', async () => {
    const version = await versionNow()
    expect((await call(agent, 'PUT', '/routing-rules', { base: version, rules: [] })).status).toBe(403)
    expect((await call(employee, 'GET', '/routing-rules')).status).toBe(403)
    const theirs = rule({ name: 'Theirs' })
    await publish([theirs])
    const late = await publish([], { base: version })
    expect(late).toMatchObject({ status: 409, body: { current: { version: version + 1, rules: [theirs] } } })
  })

  test('tell what they would have done with the latest tickets, and change nothing', async () => {
    await publish([])
    const { number } = await file(administrator, { title: 'Preview me' })
    const own = rule({ when: `title == 'Preview me'` })
    const { body } = await call<{
      items: { ticket: { number: string }; rule: unknown }[]
      rules: unknown
      checked: number
      moved: number
    }>(administrator, 'POST', '/routing-rules/preview', { rules: [own, rule({ when: 'false' })], last: 5 })
    expect(body).toMatchObject({ checked: 5, moved: 1, unrouted: 4, rules: [{ routed: 1 }, { routed: 0 }] })
    expect(body.items.find(({ ticket }) => ticket.number === number)).toMatchObject({
      rule: { id: own.id, place: 1 },
      team: { id: network },
      ticket: { team: null },
    })
    expect((await read(number)).team).toBeNull()
    const check = await call(agent, 'POST', '/routing-rules/check', { when: 'nonsense(' })
    expect(check).toMatchObject({ status: 200, body: { error: expect.any(String) as string } })
  })
})
