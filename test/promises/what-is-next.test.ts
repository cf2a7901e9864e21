import {
  createDefaultSla,
  createService,
  openTickets,
  refreshHandling,
  resolveTicket,
  sweepNext,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

let base: TestDatabase
let api: TestApi
let agent: Someone
let team: string
let other: string
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  team = await aTeam(base.db)
  other = await aTeam(base.db)
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  await transact(base.db, SYSTEM, (tx) => createDefaultSla(tx))
})
afterAll(() => base.drop())

interface Line {
  number: string
  next: {
    reason: string
    target: string
    slack_ms: number
    typical_ms: number | null
    like: { n: number } | null
  } | null
}
async function list(query: string): Promise<Line[]> {
  const answer = await api.call(agent.key, 'GET', `/api/v1/tickets?${query}`)
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { items: Line[] }).items
}
const open = (count: number, over: Record<string, unknown> = {}) =>
  transact(base.db, SYSTEM, (tx) =>
    openTickets(
      tx,
      Array.from({ length: count }, () => ({
        kind: 'incident' as const,
        title: 'x',
        impact: 'medium' as const,
        urgency: 'medium' as const,
        channel: 'desk' as const,
        teamId: team,
        ...over,
      })),
    ),
  )
async function settle() {
  while ((await sweepNext(base.db)) > 0);
}

test('the queue is in the order in which work has to begin, by what like tickets took, with the reason', async () => {
  // Once, a low incident took 30 minutes and a medium one far longer; both are promised more.
  const quick = await open(25, { impact: 'low', urgency: 'low' })
  const slow = await open(25)
  await setClockOffset(base.ownerUrl, '30 minutes')
  await transact(base.db, SYSTEM, async (tx) => {
    for (const { id } of quick) await resolveTicket(tx, { id })
  })
  await setClockOffset(base.ownerUrl, '7 hours')
  await transact(base.db, SYSTEM, async (tx) => {
    for (const { id } of slow) await resolveTicket(tx, { id })
  })
  const [early] = await open(1, { impact: 'low', urgency: 'low' })
  const [late] = await open(1)
  const [plain] = await open(1, { kind: 'request' })
  // Their response is given: what is left of them is the resolution.
  for (const ticket of [early, late])
    await api.call(agent.key, 'POST', `/api/v1/tickets/${ticket!.number}/acknowledge`, {})
  await settle()
  await refreshHandling(base.db)
  await settle()
  const items = await list('sort=next')
  expect(items.map(({ number }) => number).indexOf(late!.number)).toBeLessThan(
    items.map(({ number }) => number).indexOf(early!.number),
  )
  const of = (number: string) => items.find((item) => item.number === number)!.next!
  expect(of(late!.number)).toMatchObject({ like: { n: 25, priority: 'P3' } })
  expect(of(late!.number).reason).toMatch(/of 25 like tickets took longer than/)
  expect(of(plain!.number).reason).toMatch(/no like tickets are known/)
  // The order is that of the reasons, and the pages follow on each other.
  const slack = items.map(({ next }) => next?.slack_ms ?? Infinity)
  expect(slack).toEqual(slack.toSorted((a, b) => a - b))
  const answer = await api.call(agent.key, 'GET', '/api/v1/tickets?sort=next&limit=1')
  const { items: first, next } = (await answer.json()) as { items: Line[]; next: string }
  const rest = await list(`sort=next&limit=50&cursor=${next}`)
  expect([...first, ...rest].map(({ number }) => number)).toEqual(items.map(({ number }) => number))
})

test('it follows a change of priority, and forgets what ends', async () => {
  const [one] = await open(1, { impact: 'low', urgency: 'low' })
  await settle()
  const nextAt = async () =>
    (await sql<{ next_at: Date | null }>`select next_at from ticket where id = ${one!.id}`.execute(base.db))
      .rows[0]!.next_at
  const before = await nextAt()
  const administrator = await someone(base.db, [{ role: 'administrator' }])
  await api.call(
    administrator.key,
    'PATCH',
    `/api/v1/tickets/${one!.number}`,
    { impact: 'high', urgency: 'high' },
    { 'if-match': '"1"' },
  )
  await settle()
  expect(+(await nextAt())!).toBeLessThan(+before!)
  await transact(base.db, SYSTEM, (tx) => resolveTicket(tx, { id: one!.id }))
  expect((await list('sort=next')).map(({ number }) => number)).not.toContain(one!.number)
  const ended = await api.call(agent.key, 'GET', '/api/v1/tickets?sort=next&state=resolved')
  expect(ended.status).toBe(422)
})

test('it is computed anew when like tickets are others, though nothing is due at another time', async () => {
  const [one] = await open(1)
  await settle()
  const serviceId = await transact(base.db, SYSTEM, (tx) =>
    createService(tx, { key: 'another', name: { en: 'Another' } }),
  )
  const dueAt = async () =>
    (await base.db.selectFrom('ticket').select('due_at').where('id', '=', one!.id).executeTakeFirstOrThrow())
      .due_at
  const before = await dueAt()
  const answer = await api.call(
    agent.key,
    'PATCH',
    `/api/v1/tickets/${one!.number}`,
    { service_id: serviceId },
    { 'if-match': '"1"' },
  )
  expect(answer.status).toBe(200)
  expect(await dueAt()).toEqual(before)
  expect(await sweepNext(base.db)).toBe(1)
})

test('what is next for me is mine, or nobody’s in my teams, and waits for nobody', async () => {
  const [mine] = await open(1, { assigneeId: agent.id })
  const [nobodys] = await open(1)
  const colleague = await someone(base.db, [{ role: 'agent', teamId: team }])
  const [theirs] = await open(1, { assigneeId: colleague.id })
  const [foreign] = await open(1, { teamId: other })
  const [waits] = await open(1, { assigneeId: agent.id })
  await api.call(agent.key, 'POST', `/api/v1/tickets/${waits!.number}/pend`, { reason: 'vendor' })
  const numbers = (await list('for=me&sort=next')).map(({ number }) => number)
  expect(numbers).toEqual(expect.arrayContaining([mine!.number, nobodys!.number]))
  for (const ticket of [theirs, foreign, waits]) expect(numbers).not.toContain(ticket!.number)
})

test('what like tickets took is read once an hour, whoever asks', async () => {
  const at = async () =>
    (await sql`select max(computed_at) as at, count(*) as n from handling`.execute(base.db)).rows[0]
  const before = await at()
  await Promise.all([refreshHandling(base.db), refreshHandling(base.db)])
  expect(await at()).toEqual(before)
})
