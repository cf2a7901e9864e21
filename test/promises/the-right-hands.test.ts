import {
  createCalendar,
  createService,
  declareAbsence,
  sweepAssignments,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  aTeam,
  database,
  setClockOffset,
  type Someone,
  someone,
  startEngine,
  type TestApi,
  testApi,
  type TestDatabase,
  until,
} from '../harness/index.ts'

let base: TestDatabase
let api: TestApi
let administrator: Someone
let manager: Someone
let team: string
let people: Someone[]

beforeEach(async () => {
  base = await database()
  api = testApi(base.db, { databaseUrl: base.url })
  administrator = await someone(base.db, [{ role: 'administrator' }])
  team = await aTeam(base.db)
  manager = await someone(base.db, [{ role: 'manager', teamId: team }])
  people = []
  for (const name of ['Ann', 'Bob', 'Eve'])
    people.push(await someone(base.db, [{ role: 'agent', teamId: team }], name))
})
afterEach(() => base.drop())

async function call<T = Record<string, unknown>>(who: Someone, method: string, path: string, body?: unknown) {
  const answer = await api.call(who.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}
const terms = {
  mode: 'round_robin',
  works_by: 'always',
  calendar_id: null,
  schedule_id: null,
  cap: null,
  hand_back: false,
}
const set = async (over: Record<string, unknown> = {}, ofTeam = team) => {
  const { status, body } = await call(manager, 'PUT', `/teams/${ofTeam}/assignment`, { ...terms, ...over })
  expect(body).toEqual({ ok: true })
  expect(status).toBe(200)
}
const setOne = (one: Someone, over: Record<string, unknown>) =>
  call(manager, 'PUT', `/teams/${team}/members/${one.id}`, { exempt: false, cap: null, ...over })

type Passed = { person: { name: string }; code: string; load?: number; skill?: { name: string } }
interface Shown {
  number: string
  assignee: { name: string } | null
  hands: {
    assignee: { how: string; by: { kind: string; name: string | null }; passed: Passed[] } | null
  } | null
  state: string
  waits: { refused: { person: { name: string }; code: string; skill?: { name: string } }[] } | null
}
const open = async (over: Record<string, unknown> = {}) =>
  (
    await call<Shown>(administrator, 'POST', '/tickets', {
      kind: 'incident',
      title: 'x',
      team_id: team,
      ...over,
    })
  ).body.number
const read = async (number: string) => (await call<Shown>(administrator, 'GET', `/tickets/${number}`)).body
const holder = async (number: string) => (await read(number)).assignee?.name ?? null
const act = (who: Someone, number: string, verb: string, body: unknown = {}) =>
  call(who, 'POST', `/tickets/${number}/${verb}`, body)

async function sweep() {
  for (let rounds = 0; (await sweepAssignments(base.db)) > 0; rounds++) expect(rounds).toBeLessThan(20)
}
async function opened(count: number, over: Record<string, unknown> = {}): Promise<(string | null)[]> {
  const numbers: string[] = []
  for (let n = 0; n < count; n++) numbers.push(await open(over))
  await sweep()
  return Promise.all(numbers.map(holder))
}
const inRing = () => people.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ name }) => name)

describe('a team that hands its tickets out', () => {
  test('in turn gives each the next, also what waited before, and says why', async () => {
    const before = await open()
    await sweep()
    expect(await holder(before)).toBeNull()
    await set()
    const got = await opened(4)
    expect([await holder(before), ...got]).toEqual([...inRing(), ...inRing()].slice(0, 5))
    const { rows } = await sql<{ actor_kind: string; why: unknown }>`
      select a.actor_kind, a.why from activity a join ticket t on t.id = a.ticket_id
      where t.number = ${before} and a.verb = 'assign'`.execute(base.db)
    const others = people
      .filter(({ name }) => name !== inRing()[0])
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id }) => ({ person: id, load: 0 }))
    expect(rows).toEqual([
      {
        actor_kind: 'rule',
        why: { assignment: { mode: 'round_robin', among: 3, load: 0, others, refused: [] } },
      },
    ])
    // Nobody has taken notice by being given it.
    expect(await read(before)).toMatchObject({ state: 'new', acknowledged_at: null })
  })

  test('tells on the ticket why this one has it, and why each of the others was passed over', async () => {
    const [ann, bob, eve] = people as [Someone, Someone, Someone]
    await setOne(eve, { exempt: true })
    await set({ mode: 'least_loaded' })
    await open({ assignee_id: bob.id, impact: 'high', urgency: 'high' })
    const number = await open()
    await sweep()
    const of = async () => (await read(number)).hands?.assignee
    expect(await of()).toMatchObject({
      how: 'load',
      among: 2,
      load: 0,
      by: { kind: 'rule', name: null },
      passed: [
        { person: { name: 'Bob' }, code: 'heavier', load: 5 },
        { person: { name: 'Eve' }, code: 'exempt' },
      ],
    })
    await act(bob, number, 'assign', { assignee_id: bob.id })
    expect(await of()).toMatchObject({ how: 'taken', by: { name: 'Bob' }, passed: [] })
    await act(bob, number, 'assign', { assignee_id: ann.id })
    expect(await of()).toMatchObject({ how: 'handed', by: { kind: 'person', name: 'Bob' } })
    await act(bob, number, 'assign', { assignee_id: null })
    expect(await of()).toBeNull()
    // In turn it is nobody's fault but the order's.
    await set()
    await setOne(eve, { exempt: false })
    await sweep()
    expect((await of())?.passed.map(({ code }) => code)).toEqual(['later', 'later'])
    // Whoever asked for it is told of none of this.
    const employee = await someone(base.db)
    const own = await call<Shown>(employee, 'POST', '/tickets', { kind: 'request', title: 'Mine' })
    expect(own.body.hands).toBeNull()
  })

  test('by load gives it to whoever’s open work weighs least', async () => {
    await set({ mode: 'least_loaded' })
    const [ann, bob, eve] = people as [Someone, Someone, Someone]
    await open({ assignee_id: ann.id, impact: 'high', urgency: 'high' })
    await open({ assignee_id: bob.id })
    await open({ assignee_id: eve.id })
    await act(eve, await open({ assignee_id: eve.id, impact: 'high', urgency: 'high' }), 'pend', {
      reason: 'vendor',
    })
    const got = await opened(2)
    expect(new Set(got)).toEqual(new Set(['Bob', 'Eve']))
  })

  test('gives nobody more than they may hold, says who is full, and goes on when a hand is free', async () => {
    await set({ cap: 1 })
    await setOne(people[0]!, { exempt: true })
    await setOne(people[1]!, { cap: 2 })
    const numbers = [await open(), await open(), await open(), await open()]
    await sweep()
    const [last] = numbers.toReversed()
    expect(await holder(last!)).toBeNull()
    expect((await read(last!)).waits?.refused.map(({ person, code }) => [person.name, code])).toEqual([
      ['Ann', 'exempt'],
      ['Bob', 'full'],
      ['Eve', 'full'],
    ])
    await act(administrator, numbers[0]!, 'resolve')
    await sweep()
    expect(await holder(last!)).not.toBeNull()
    expect((await read(last!)).waits).toBeNull()
  })

  test('gives it to who can: by service, category above, and rule', async () => {
    const { body: skill } = await call<{ id: string }>(administrator, 'POST', '/skills', { name: 'BGP' })
    const { body: tongue } = await call<{ id: string }>(administrator, 'POST', '/skills', { name: 'French' })
    const serviceId = await transact(base.db, SYSTEM, (tx) =>
      createService(tx, { key: 'wan', name: { en: 'WAN' }, teamId: team }),
    )
    const category = async (key: string, parent: string | null = null) => {
      const { rows } = await sql<{ id: string }>`
        insert into category (key, name, parent_id) values (${key}, '{}', ${parent}) returning id`.execute(
        base.db,
      )
      return rows[0]!.id
    }
    const top = await category('net')
    const below = await category('routers', top)
    const needs = [
      { service_id: serviceId, category_id: null, level: 2 },
      { service_id: null, category_id: top, level: 3 },
    ]
    expect((await call(administrator, 'PUT', `/skills/${skill.id}/needs`, { needs })).status).toBe(200)
    const can = (one: Someone, skills: [string, number][]) =>
      call(manager, 'PUT', `/people/${one.id}/skills`, {
        skills: skills.map(([skill_id, level]) => ({ skill_id, level })),
      })
    expect((await can(people[0]!, [[skill.id, 2]])).status).toBe(200)
    await can(people[2]!, [
      [skill.id, 3],
      [tongue.id, 1],
    ])
    await set()
    expect(await opened(2, { service_id: serviceId })).toEqual(expect.arrayContaining(['Ann', 'Eve']))
    await sql`insert into ticket (number, kind, state, title, impact, urgency, priority, channel, team_id, category_id, created_at, updated_at)
      values ('INC-900', 'incident', 'new', 'x', 'low', 'low', 'P5', 'import', ${team}, ${below}, tocsin_now(), tocsin_now())`.execute(
      base.db,
    )
    await set()
    await sweep()
    expect(await holder('INC-900')).toBe('Eve')
    const rule = {
      id: '0198c0de-0000-7000-8000-000000000001',
      name: 'French',
      enabled: true,
      when: `language == 'en'`,
      team_id: team,
      impact: null,
      urgency: null,
      skills: [{ skill_id: tongue.id, level: 2 }],
    }
    await call(administrator, 'PUT', '/routing-rules', { base: 1, rules: [rule] })
    const waiting = await open({ team_id: null })
    await sweep()
    expect((await read(waiting)).waits?.refused).toMatchObject([
      { person: { name: 'Ann' }, code: 'skill', skill: { name: 'French' }, needs: 2, has: 0 },
      { code: 'skill' },
      { person: { name: 'Eve' }, needs: 2, has: 1 },
    ])
    await can(people[1]!, [[tongue.id, 5]])
    await sweep()
    expect(await holder(waiting)).toBe('Bob')
  })

  test('leaves out who is away, from the page of each or by their manager, and comes back to them', async () => {
    await set()
    const [ann, bob, eve] = people as [Someone, Someone, Someone]
    const from = new Date(Date.now() - 60_000).toISOString()
    const to = new Date(Date.now() + 3_600_000).toISOString()
    const away = await call<{ id: string }>(ann, 'POST', '/absences', {
      starts_at: from,
      ends_at: to,
      reason: 'ill',
    })
    expect(away.status).toBe(201)
    const asked = { person_id: bob.id, starts_at: from, ends_at: to }
    expect((await call(eve, 'POST', '/absences', asked)).status).toBe(403)
    expect((await call(manager, 'POST', '/absences', asked)).status).toBe(201)
    expect(await opened(3)).toEqual(['Eve', 'Eve', 'Eve'])
    expect((await call(eve, 'POST', `/absences/${away.body.id}/cancel`)).status).toBe(403)
    expect((await call(ann, 'POST', `/absences/${away.body.id}/cancel`)).status).toBe(200)
    expect((await call(ann, 'POST', `/absences/${away.body.id}/cancel`)).status).toBe(404)
    expect(await opened(1)).toEqual(['Ann'])
    const backwards = await call(ann, 'POST', '/absences', { starts_at: to, ends_at: from })
    expect(backwards).toMatchObject({ status: 422, body: { errors: [{ path: 'ends_at' }] } })
  })
})

describe('working time', () => {
  const nightly = { zone: 'UTC', holidays: [], always: false }
  const calendar = (name: string, hours: [number, number]) => {
    const wall = (hour: number) => `${String(hour).padStart(2, '0')}:00`
    const weekly = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: wall(hours[0]), to: wall(hours[1]) }))
    return transact(base.db, SYSTEM, (tx) => createCalendar(tx, { ...nightly, name, weekly }))
  }
  /** So many hours from now, on the wall of UTC; a span across midnight is not what is tested. */
  const noon = async () => {
    const now = new Date()
    const shift = 12 * 60 - (now.getUTCHours() * 60 + now.getUTCMinutes())
    await setClockOffset(base.ownerUrl, `${shift} minutes`)
    return shift
  }

  test('decides who is given what, and what somebody holds when theirs ends goes to those who work on', async () => {
    const shift = await noon()
    const day = await calendar('day', [8, 14])
    const late = await calendar('late', [10, 22])
    await set({ works_by: 'calendar', calendar_id: day, hand_back: true })
    const [ann, bob, eve] = people as [Someone, Someone, Someone]
    for (const one of [bob, eve])
      expect((await call(manager, 'PUT', `/people/${one.id}/hours`, { calendar_id: late })).status).toBe(200)
    await setOne(eve, { exempt: true })
    const [mine, waits] = [await open({ assignee_id: ann.id }), await open({ assignee_id: ann.id })]
    await act(ann, mine, 'acknowledge')
    await act(ann, waits, 'pend', { reason: 'requester' })
    await sweep()
    expect([await holder(mine), await holder(waits)]).toEqual(['Ann', 'Ann'])

    await setClockOffset(base.ownerUrl, `${shift + 121} minutes`)
    await sweep()
    expect([await holder(mine), await holder(waits)]).toEqual(['Bob', 'Ann'])
    const { rows } = await sql<{ why: { hand_back?: { code: string } }; to: string | null }>`
      select a.why, a.after ->> 'assignee_id' as to from activity a join ticket t on t.id = a.ticket_id
      where t.number = ${mine} and a.verb = 'assign' order by a.revision`.execute(base.db)
    expect(rows).toMatchObject([
      { why: { hand_back: { code: 'shift_ended' } }, to: null },
      { why: { assignment: { mode: 'round_robin' } }, to: bob.id },
    ])
    // Given to somebody who is off already, it stays: a person wanted it so.
    await act(administrator, mine, 'assign', { assignee_id: ann.id })
    await setClockOffset(base.ownerUrl, `${shift + 140} minutes`)
    await sweep()
    expect(await holder(mine)).toBe('Ann')

    await setClockOffset(base.ownerUrl, `${shift + 11 * 60} minutes`)
    const night = await open()
    await sweep()
    expect((await read(night)).waits?.refused.map(({ code }) => code)).toEqual([
      'off_shift',
      'off_shift',
      'exempt',
    ])
    await setClockOffset(base.ownerUrl, `${shift + 20 * 60 + 1} minutes`)
    await sweep()
    expect(await holder(night)).toBe('Ann')
  })

  test('that ends is no matter to a team that wants nothing back; going away is to one that does', async () => {
    await set({ hand_back: false })
    const held = await open({ assignee_id: people[0]!.id })
    const leave = () =>
      transact(base.db, SYSTEM, async (tx) =>
        declareAbsence(tx, {
          personId: people[0]!.id,
          startsAt: tx.now,
          endsAt: new Date(+tx.now + 3_600_000),
        }),
      )
    await leave()
    await sweep()
    expect(await holder(held)).toBe('Ann')
    await set({ mode: 'off', hand_back: true })
    await sweep()
    expect(await holder(held)).toBeNull()
  })
})

describe('several engines at once', () => {
  test('give each ticket once, in turn, and fill nobody beyond their cap over two teams', async () => {
    const second = await aTeam(base.db)
    await sql`insert into role_grant (person_id, role, team_id)
      select unnest(${people.map(({ id }) => id)}::uuid[]), 'agent', ${second}`.execute(base.db)
    await sql`insert into role_grant (person_id, role, team_id) values (${manager.id}, 'manager', ${second})`.execute(
      base.db,
    )
    for (const one of [team, second]) await set({ cap: 7 }, one)
    await sweep()
    const numbers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => open({ team_id: n % 2 ? team : second })),
    )
    const engines = Array.from({ length: 4 }, async () => {
      for (let quiet = 0; quiet < 3;) quiet = (await sweepAssignments(base.db)) > 0 ? 0 : quiet + 1
    })
    await Promise.all(engines)
    await sweep()
    const { rows } = await sql<{ held: number; lines: number }>`
      select count(*) as held, sum((select count(*) from activity a where a.ticket_id = t.id and a.verb = 'assign'))::int as lines
      from ticket t where assignee_id is not null group by assignee_id`.execute(base.db)
    expect(rows).toEqual([7, 7, 7].map((held) => ({ held, lines: held })))
    const holders = await Promise.all(numbers.map(holder))
    expect(holders.filter((name) => name === null)).toHaveLength(9)
  })

  test('give to the next in turn, also what comes while others look: one hand a team', async () => {
    await set()
    let opening = true
    const engines = Array.from({ length: 4 }, async () => {
      while (opening) await sweepAssignments(base.db)
    })
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let n = 0; n < 12; n++) await open()
      }),
    )
    opening = false
    await Promise.all(engines)
    await sweep()
    const { rows } = await sql<{ to: string }>`
      select after ->> 'assignee_id' as to from activity where verb = 'assign' and actor_kind = 'rule' order by id`.execute(
      base.db,
    )
    const names = new Map(people.map(({ id, name }) => [id, name]))
    const ring = inRing()
    expect(rows.map(({ to }) => names.get(to))).toEqual(rows.map((_row, n) => ring[n % ring.length]))
    expect(rows).toHaveLength(48)
  })

  test('an engine gives out what just opened without being asked', async () => {
    await set()
    const engine = startEngine(base)
    try {
      const number = await open()
      await until(async () => (await holder(number)) !== null)
    } finally {
      await engine.stop()
    }
  })
})

describe('who may say so', () => {
  test('the managers of the team and administrators; what is wrong is named', async () => {
    const other = await aTeam(base.db)
    const path = `/teams/${other}/assignment`
    expect((await call(manager, 'PUT', path, terms)).status).toBe(403)
    expect((await call(people[0]!, 'PUT', `/teams/${team}/assignment`, terms)).status).toBe(403)
    expect((await call(people[0]!, 'GET', `/teams/${team}/assignment`)).body).toMatchObject({
      settings: { mode: 'off' },
      members: [{ open: 0 }, { load: 0 }, { unavailable: null }],
    })
    const wrong = await call(administrator, 'PUT', path, { ...terms, works_by: 'schedule' })
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'schedule_id' }] } })
    const stranger = await someone(base.db)
    expect((await call(manager, 'PUT', `/people/${stranger.id}/skills`, { skills: [] })).status).toBe(403)
    expect(
      (
        await call(administrator, 'PUT', `/teams/${other}/members/${stranger.id}`, {
          exempt: true,
          cap: null,
        })
      ).status,
    ).toBe(404)
    expect((await call(manager, 'GET', `/absences?team=${team}`)).body).toEqual({ items: [], next: null })
    expect((await call(people[0]!, 'GET', `/absences?person=${people[1]!.id}`)).status).toBe(403)
  })
})
