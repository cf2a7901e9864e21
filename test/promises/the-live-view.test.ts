import {
  createDefaultSla,
  openTickets,
  pendTicket,
  resolveTicket,
  sweepForecasts,
  sweepMarks,
  sweepStalled,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  asOwner,
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
let lead: Someone
let boss: Someone
let ann: Someone
let bob: Someone
let team: string
let other: string
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  team = await aTeam(base.db)
  other = await aTeam(base.db)
  lead = await someone(base.db, [{ role: 'manager', teamId: team }])
  boss = await someone(base.db, [{ role: 'administrator' }])
  ann = await someone(base.db, [{ role: 'agent', teamId: team }])
  bob = await someone(base.db, [{ role: 'agent', teamId: team }])
  await transact(base.db, SYSTEM, (tx) => createDefaultSla(tx))
})
afterAll(() => base.drop())

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
async function read<T>(who: Someone, path: string): Promise<T> {
  const answer = await api.call(who.key, 'GET', `/api/v1${path}`)
  expect({ path, status: answer.status }).toEqual({ path, status: 200 })
  return (await answer.json()) as T
}
const at = (offset: string) => setClockOffset(base.ownerUrl, offset)
async function settle() {
  while ((await sweepMarks(base.db)) > 0);
  await asOwner(
    base.ownerUrl,
    `update breach_past set computed_at = 'epoch'; update usual_quiet set computed_at = 'epoch'`,
  )
  await sweepForecasts(base.db)
  await sweepStalled(base.db)
}

interface Cell {
  state: string
  priority: string
  team: { id: string; name: string } | null
  age: number
  count: number
}
interface Foretold {
  number: string
  target: string
  odds: number | null
  used: number
  like: { n: number; broke: number } | null
  groups: { kind: string; priority: string | null; n: number; odds: number }[]
}
interface Outlook {
  due: number
  expected: number
  items: Foretold[]
}

test('a desk on which nothing has happened yet says so', async () => {
  await settle()
  expect((await read<{ cells: Cell[] }>(lead, '/live/open')).cells).toEqual([])
  expect(await read<Outlook>(lead, '/live/outlook')).toMatchObject({ due: 0, expected: 0, items: [] })
  expect(await read(lead, '/live/held-odds')).toMatchObject({
    n: 0,
    brier: null,
    skill: null,
    bins: [],
    months: [],
  })
  expect(await read(lead, '/live/stalled')).toMatchObject({ count: 0, items: [] })
  const { hands } = await read<Board>(lead, `/live/board?team=${team}`)
  expect(hands.map(({ open: held, next }) => [held, next])).toEqual(hands.map(() => [0, []]))
  // The queue, those who work in the team, and nobody twice.
  expect(hands[0]!.member).toBeNull()
  expect(
    hands
      .slice(1)
      .map(({ member }) => member!.person.id)
      .toSorted(),
  ).toEqual([ann.id, bob.id].toSorted())
  const nowhere = '0199aaaa-0000-7000-8000-000000000000'
  expect((await api.call(boss.key, 'GET', `/api/v1/live/board?team=${nowhere}`)).status).toBe(404)
})

describe('the odds', () => {
  test('come from what became of like tickets, and are scored when the outcome is known', async () => {
    // Of forty medium incidents ten are left until they break; the others are answered and done soon.
    const all = await open(40)
    await at('30 minutes')
    for (const { number } of all) await api.call(ann.key, 'POST', `/api/v1/tickets/${number}/acknowledge`, {})
    await transact(base.db, SYSTEM, async (tx) => {
      for (const { id } of all.slice(10)) await resolveTicket(tx, { id })
    })
    await at('20 days')
    await settle()
    const asked = await open(1)
    await api.call(ann.key, 'POST', `/api/v1/tickets/${asked[0]!.number}/acknowledge`, {})
    const { rows } = await sql<{ due: Date; now: Date; target: number }>`
      select due_at as due, tocsin_now() as now, target_ms as target from sla_clock
      where ticket_id = ${asked[0]!.id} and target = 'resolution'`.execute(base.db)
    const { due, now, target } = rows[0]!
    // Two hours before it is due: the ten that broke were the only ones still open so late.
    await at(`${20 * 86_400 + (+due - +now) / 1000 - 7200} seconds`)
    await settle()
    const { items, due: count, expected } = await read<Outlook>(lead, '/live/outlook?hours=4')
    const mine = items.find(({ number, target: of }) => number === asked[0]!.number && of === 'resolution')!
    expect(mine.like).toMatchObject({ n: 10, broke: 10 })
    expect(mine.odds).toBeGreaterThan(0.9)
    // Each group says what the odds are with it: the last, what they are.
    expect(mine.groups.at(-1)!.odds).toBeCloseTo(mine.odds!, 3)
    expect(mine.groups[0]).toMatchObject({ kind: 'incident', priority: null, n: 10, odds: 10.5 / 11 })
    expect(mine.used).toBeCloseTo(1 - 7_200_000 / target, 1)
    expect(count).toBe(items.length)
    expect(expected).toBeCloseTo(
      items.reduce((sum, { odds }) => sum + (odds ?? 0), 0),
      2,
    )
    // Foretold once, at the half, with what was known then; its outcome is still to come.
    const forecast = async () =>
      (
        await sql<{ odds: number; outcome: string | null; back_test: boolean; n: number }>`
          select f.odds, f.outcome, f.back_test, (f.groups -> 0 ->> 'n')::int as n from forecast f
          where f.ticket_id = ${asked[0]!.id} and target = 'resolution'`.execute(base.db)
      ).rows
    expect(await forecast()).toEqual([{ odds: expect.any(Number), outcome: null, back_test: false, n: 10 }])
    await at(`${20 * 86_400 + (+due - +now) / 1000 + 60} seconds`)
    await settle()
    expect(await forecast()).toEqual([expect.objectContaining({ outcome: 'broken' })])
    const held = await read<{ n: number; brier: number; few: boolean; back_tested: number }>(
      lead,
      '/live/held-odds',
    )
    expect(held).toMatchObject({ few: true })
    expect(held.n).toBeGreaterThan(0)
    const after = await read<Outlook>(lead, '/live/outlook?hours=24')
    expect(after.items.map(({ number }) => number)).not.toContain(asked[0]!.number)
  })

  test('are scored as one does by hand', async () => {
    const made = await open(5)
    const foretold: [odds: number, outcome: string][] = [
      [0.1, 'kept'],
      [0.1, 'kept'],
      [0.4, 'broken'],
      [0.8, 'broken'],
      [0.9, 'kept'],
    ]
    for (const [place, [odds, outcome]] of foretold.entries())
      await sql`
        insert into forecast (model, clock_id, ticket_id, target, team_id, made_at, odds, groups, outcome)
        select 1, c.id, c.ticket_id, c.target, ${team}, '2001-01-02', ${odds}, '[]', ${outcome} from sla_clock c
        where c.ticket_id = ${made[place]!.id} and c.target = 'response'`.execute(base.db)
    const held = await read<{ brier: number; skill: number; bins: { from: number; n: number }[] }>(
      lead,
      '/live/held-odds?from=2001-01-01T00:00:00Z&to=2001-02-01T00:00:00Z',
    )
    // (0.1² + 0.1² + 0.6² + 0.2² + 0.9²) / 5, beside 0.4 × 0.6 of whoever always says two of five.
    expect(held.brier).toBeCloseTo(0.246, 6)
    expect(held.skill).toBeCloseTo(1 - 0.246 / 0.24, 6)
    expect(held.bins.map(({ from, n }) => [from, n])).toEqual([
      [0.1, 2],
      [0.4, 1],
      [0.8, 1],
      [0.9, 1],
    ])
    const empty = '/api/v1/live/held-odds?from=2001-02-01T00:00:00Z&to=2001-01-01T00:00:00Z'
    expect((await api.call(lead.key, 'GET', empty)).status).toBe(422)
  })

  test('say so where nothing is known, and leave out what has stopped since', async () => {
    const [one] = await open(1, { kind: 'request', impact: 'high', urgency: 'high' })
    await settle()
    const of = async () =>
      (await read<Outlook>(lead, '/live/outlook?hours=24')).items.filter(
        ({ number }) => number === one!.number,
      )
    expect((await of()).map(({ odds, like }) => [odds, like])).toContainEqual([null, null])
    await transact(base.db, SYSTEM, (tx) => resolveTicket(tx, { id: one!.id }))
    expect(await of()).toEqual([])
  })
})

test('odds that are computed only when they may be others are those that computing all gives', async () => {
  const tickets = await open(8)
  const look = async () => {
    await sweepForecasts(base.db)
    const { rows } = await sql<{ clock_id: string; next_at: Date }>`
      select clock_id, ticket_id, due_at, used, odds, groups, clock_version, priority, team_id, service_id, next_at
      from breach_odds order by clock_id`.execute(base.db)
    return rows
  }
  const offset = (
    await sql<{ s: number }>`select extract(epoch from tocsin_now() - now()) as s`.execute(base.db)
  ).rows[0]!.s
  const later = (minutes: number) => () => at(`${Number(offset) + minutes * 60} seconds`)
  const edit = (place: number, body: unknown) => async () => {
    const { number } = tickets[place]!
    const etag = (await api.call(boss.key, 'GET', `/api/v1/tickets/${number}`)).headers.get('etag')!
    const answer = await api.call(boss.key, 'PATCH', `/api/v1/tickets/${number}`, body, { 'if-match': etag })
    expect(answer.status).toBe(200)
  }
  const verb = (place: number, name: string, body: unknown) => async () => {
    const answer = await api.call(boss.key, 'POST', `/api/v1/tickets/${tickets[place]!.number}/${name}`, body)
    expect(answer.status).toBe(200)
  }
  const steps: [string, () => Promise<unknown>][] = [
    ['opened', async () => undefined],
    ['more urgent', edit(0, { impact: 'high', urgency: 'high' })],
    ['another team', verb(1, 'assign', { team_id: other })],
    ['half an hour later', later(30)],
    ['waits', verb(2, 'pend', { reason: 'vendor' })],
    ['taken', verb(3, 'acknowledge', {})],
    ['two hours later', later(120)],
    ['goes on', verb(2, 'resume', {})],
    ['done', () => transact(base.db, SYSTEM, (tx) => resolveTicket(tx, { id: tickets[4]!.id }))],
    ['some are broken', later(9 * 60)],
    ['a day later', later(33 * 60)],
  ]
  let computed = 0
  for (const [name, happen] of steps) {
    // oxlint-disable no-await-in-loop -- one after the other is what happens
    await happen()
    const kept = await look()
    await asOwner(base.ownerUrl, 'delete from breach_odds')
    const anew = await look()
    // Between the two a moment has passed, in which one may have risen to its next hundredth.
    const { now } = (await sql<{ now: Date }>`select tocsin_now() as now`.execute(base.db)).rows[0]!
    const risen = new Set(kept.filter(({ next_at }) => next_at <= now).map(({ clock_id }) => clock_id))
    const told = (rows: typeof kept) =>
      rows.filter(({ clock_id }) => !risen.has(clock_id)).map(({ next_at: _at, ...row }) => row)
    expect({ name, odds: told(kept) }).toEqual({ name, odds: told(anew) })
    computed += anew.length
  }
  expect(computed).toBeGreaterThan(20)
  // Nothing has changed: nothing is written.
  const written = async () =>
    (await sql<{ at: Date }>`select computed_at as at from breach_odds order by clock_id`.execute(base.db))
      .rows
  const before = await written()
  await look()
  expect(await written()).toEqual(before)
})

test('what is open is counted as the queue counts it, within the teams that one manages', async () => {
  await open(2, { impact: 'high', urgency: 'high' })
  await open(3, { teamId: other })
  await open(1, { teamId: null })
  await open(1, { confidential: true, teamId: other })
  const mine = await read<{ cells: Cell[] }>(lead, '/live/open')
  expect(mine.cells.every(({ team: of }) => of === null || of.id === team)).toBe(true)
  const bounds = ['4h', '1d', '3d', '7d', '30d']
  for (const { state, priority, team: of, age, count } of mine.cells) {
    const ages = [
      ...(bounds[age - 1] ? [`>${bounds[age - 1]}`] : []),
      ...(bounds[age] ? [`<${bounds[age]}`] : []),
    ]
    const query = new URLSearchParams({
      state,
      priority,
      team: of?.id ?? 'none',
      age: ages.join(),
      limit: '200',
    })
    const { items } = await read<{ items: unknown[] }>(lead, `/tickets?${String(query)}`)
    expect({ query: String(query), count: items.length }).toEqual({ query: String(query), count })
  }
  const whole = await read<{ cells: Cell[] }>(boss, '/live/open')
  const sum = ({ cells }: { cells: Cell[] }) => cells.reduce((all, { count }) => all + count, 0)
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from ticket where state not in ('resolved', 'closed', 'cancelled')`.execute(base.db)
  expect(sum(whole)).toBe(rows[0]!.n)
  // How many readings these are depends on how costly one is; that they are fewer than those who ask does not.
  const asked = Array.from({ length: 16 }, () => read<{ as_of: string }>(boss, '/live/open'))
  const together = await Promise.all(asked)
  expect(new Set(together.map(({ as_of }) => as_of)).size).toBeLessThan(asked.length / 2)
})

interface Stall {
  number: string
  code: string
  n: number | null
}
const stalled = async (who = lead) => {
  const { items } = await read<{ items: Stall[] }>(who, '/live/stalled?limit=500')
  return new Map(items.map((one) => [one.number, one]))
}

test('what has stalled is found with its reason, and gone once somebody touches it', async () => {
  const [nobodys] = await open(1, { teamId: null })
  const [sleeps] = await open(1)
  const [waits] = await open(1)
  const [left] = await open(1)
  const now = (await sql<{ now: Date }>`select tocsin_now() as now`.execute(base.db)).rows[0]!.now
  await transact(base.db, SYSTEM, (tx) =>
    pendTicket(tx, { id: sleeps!.id, reason: 'vendor', until: new Date(+now + 3_600_000) }),
  )
  await transact(base.db, SYSTEM, (tx) => pendTicket(tx, { id: waits!.id, reason: 'vendor' }))
  const set = await api.call(lead.key, 'PUT', `/api/v1/live/teams/${team}/stalled-after`, { hours: 5 })
  expect(set.status).toBe(200)
  await settle()
  expect((await stalled()).get(nobodys!.number)).toMatchObject({ code: 'nobody' })
  expect((await stalled()).has(sleeps!.number)).toBe(false)
  const offset = (
    await sql<{ s: number }>`select extract(epoch from tocsin_now() - now()) as s`.execute(base.db)
  ).rows[0]!.s
  await at(`${Number(offset) + 6 * 3600} seconds`)
  await settle()
  const found = await stalled()
  expect(found.get(sleeps!.number)).toMatchObject({ code: 'overslept' })
  expect(found.get(left!.number)).toMatchObject({ code: 'untouched', n: null })
  expect(found.has(waits!.number)).toBe(false)
  // It leaves at once, before any sweep.
  await api.call(ann.key, 'POST', `/api/v1/tickets/${left!.number}/note`, { body: 'looking' })
  await api.call(ann.key, 'POST', `/api/v1/tickets/${sleeps!.number}/resume`, {})
  expect((await stalled()).has(left!.number)).toBe(false)
  expect((await stalled()).has(sleeps!.number)).toBe(false)
  const { pending_until } = await read<{ pending_until: string | null }>(ann, `/tickets/${sleeps!.number}`)
  expect(pending_until).toBeNull()
  const past = await api.call(ann.key, 'POST', `/api/v1/tickets/${left!.number}/pend`, {
    reason: 'vendor',
    until: '2020-01-01T00:00:00Z',
  })
  expect(past.status).toBe(422)
})

interface Board {
  hands: {
    member: { person: { id: string }; unavailable: { code: string } | null } | null
    open: number
    next: { number: string; revision: number }[]
  }[]
}
test('a ticket is handed on out of the hands that were seen, and not behind somebody’s back', async () => {
  const [one] = await open(1)
  const board = () => read<Board>(lead, `/live/board?team=${team}&each=50`)
  const queue = (await board()).hands.find(({ member }) => member === null)!
  const seen = queue.next.find(({ number }) => number === one!.number)!
  const assign = (who: Someone, to: string | null, if_revision?: number) =>
    api.call(who.key, 'POST', `/api/v1/tickets/${one!.number}/assign`, { assignee_id: to, if_revision })
  // What else happens to it meanwhile is no conflict.
  await api.call(ann.key, 'POST', `/api/v1/tickets/${one!.number}/note`, { body: 'seen' })
  expect((await assign(lead, ann.id, seen.revision)).status).toBe(200)
  const late = await assign(lead, bob.id, seen.revision)
  expect(late.status).toBe(412)
  const { current } = (await late.json()) as { current: { assignee: { id: string }; revision: number } }
  expect(current.assignee.id).toBe(ann.id)
  expect((await assign(lead, bob.id, current.revision)).status).toBe(200)
  const hands = (await board()).hands
  expect(hands.find(({ member }) => member?.person.id === bob.id)!.next.map(({ number }) => number)).toEqual([
    one!.number,
  ])
  expect(hands.find(({ member }) => member?.person.id === ann.id)!.open).toBe(0)
})

test('those who manage nothing see nothing of it, and of another team neither', async () => {
  const paths = ['open', 'outlook', 'held-odds', 'stalled', `board?team=${team}`]
  const answers = await Promise.all(paths.map((path) => api.call(ann.key, 'GET', `/api/v1/live/${path}`)))
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
  expect((await api.call(lead.key, 'GET', `/api/v1/live/board?team=${other}`)).status).toBe(403)
  const set = (who: Someone, body: unknown) =>
    api.call(who.key, 'PUT', `/api/v1/live/teams/${other}/stalled-after`, body)
  expect((await set(lead, { hours: 5 })).status).toBe(403)
  expect((await set(boss, { hours: 0 })).status).toBe(422)
  expect((await api.call(boss.key, 'GET', '/api/v1/live/outlook?hours=99')).status).toBe(422)
  const csv = await api.call(boss.key, 'GET', '/api/v1/live/stalled?format=csv')
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
})
