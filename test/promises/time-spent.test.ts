import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
let colleague: Someone
let stranger: Someone
let asker: Someone
let team: string
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  team = await aTeam(base.db)
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  colleague = await someone(base.db, [{ role: 'agent', teamId: team }])
  stranger = await someone(base.db, [{ role: 'agent', teamId: await aTeam(base.db) }])
  asker = await someone(base.db)
})
afterAll(() => base.drop())

interface Entry {
  id: string
  person: { id: string }
  minutes: number
  what: string
  revision: number
  number: string
}
interface Spent {
  number: string
  detail: string
  items: (Entry & { verb: string; after: object })[]
  total_minutes: number
  clock: { number: string; started_at: string } | null
  errors: { path: string }[]
}
const call = async (method: string, path: string, body?: unknown, by = agent) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as Spent }
}
const opens = async () => {
  const body = { kind: 'request', title: 'x', team_id: team, requester_id: asker.id }
  return (await call('POST', '/tickets', body)).body.number
}
const book = (number: string, body: unknown, by = agent) => call('POST', `/tickets/${number}/time`, body, by)
const start = (number: string, by = agent) => call('POST', `/tickets/${number}/start-clock`, {}, by)
const stop = (number: string, body: unknown = {}, by = agent) =>
  call('POST', `/tickets/${number}/stop-clock`, body, by)

describe('time spent', () => {
  test('is kept by whom and for what, adds up, and is corrected by whoever spent it alone', async () => {
    const number = await opens()
    await book(number, { minutes: 30, what: 'Looked at the log', at: '2026-01-05T10:00:00Z' })
    const { body } = await book(number, { minutes: 15 }, colleague)
    expect(body).toMatchObject({
      total_minutes: 45,
      items: [
        { minutes: 15, what: '', person: { id: colleague.id } },
        { minutes: 30, what: 'Looked at the log', person: { id: agent.id } },
      ],
    })
    const [theirs, mine] = body.items as unknown as [Entry, Entry]
    const path = (entry: Entry) => `/tickets/${number}/time/${entry.id}`
    expect((await call('PATCH', path(theirs), { minutes: 5 })).status).toBe(403)
    expect((await call('DELETE', path(theirs))).status).toBe(403)
    expect((await call('PATCH', path(mine), { minutes: 40, seen_revision: 1 })).body.total_minutes).toBe(55)
    expect((await call('PATCH', path(mine), { minutes: 41, seen_revision: 1 })).status).toBe(412)
    expect((await call('DELETE', path(mine))).body).toMatchObject({ total_minutes: 15, items: [theirs] })
    expect((await call('PATCH', path(mine), { minutes: 5 })).status).toBe(404)

    const told = (await call('GET', `/tickets/${number}/activity`)).body.items.filter(({ verb }) =>
      verb.endsWith('-time'),
    )
    expect(told.map(({ verb, after }) => [verb, after])).toMatchObject([
      ['book-time', { minutes: 30, person: agent.id }],
      ['book-time', { minutes: 15, person: colleague.id }],
      ['correct-time', { minutes: 40, entry: mine.id }],
      ['unbook-time', { minutes: 40, entry: mine.id }],
    ])
    expect(JSON.stringify(told)).not.toContain('Looked')
    expect((await call('GET', `/tickets/${number}/activity`, undefined, asker)).body.items).toHaveLength(1)
  })

  test('is never none, never negative, never more than a day, never to come', async () => {
    const number = await opens()
    for (const minutes of [0, -5, 1441, 1.5, '30', null, 1e12])
      expect((await book(number, { minutes })).status).toBe(422)
    expect(await book(number, { minutes: 5, at: '2199-01-01T00:00:00Z' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'at' }] },
    })
    expect(await book(number, { minutes: 5, at: '1800-01-01T00:00:00Z' })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'at' }] },
    })
    expect((await book(number, { minutes: 5, cost: 7 })).status).toBe(400)
    expect((await book(number, { minutes: 5 }, asker)).status).toBe(403)
    expect((await book(number, { minutes: 5 }, stranger)).status).toBe(404)
    expect((await call('GET', `/tickets/${number}/time`, undefined, asker)).status).toBe(403)
    await expect(
      base.db
        .insertInto('work_entry')
        .values({
          ticket_id: agent.id,
          person_id: agent.id,
          minutes: -1,
          at: new Date(),
          created_at: new Date(),
        })
        .execute(),
    ).rejects.toThrow(/check/)
  })

  test('is measured by a clock that runs on one ticket, whatever page is open, and is stopped once', async () => {
    const [one, two] = [await opens(), await opens()]
    await Promise.all([start(one), start(one)])
    expect((await call('GET', `/tickets/${two}/time`)).body.clock).toMatchObject({ number: one })
    expect((await call('GET', `/tickets/${one}/time`, undefined, colleague)).body.clock).toBeNull()
    try {
      await setClockOffset(base.ownerUrl, '25 minutes')
      await start(two)
      expect((await call('GET', `/tickets/${one}/time`)).body).toMatchObject({
        items: [{ person: { id: agent.id } }],
        clock: { number: two },
      })
      expect([25, 26]).toContain((await call('GET', `/tickets/${one}/time`)).body.total_minutes)
      expect((await stop(one)).status).toBe(409)

      await setClockOffset(base.ownerUrl, '60 hours')
      const answers = await Promise.all([stop(two, { what: 'All night' }), stop(two)])
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
      expect((await call('GET', `/tickets/${two}/time`)).body).toMatchObject({
        total_minutes: 1440,
        clock: null,
      })
      await start(two)
      expect((await stop(two, { forget: true })).body.total_minutes).toBe(1440)
    } finally {
      await setClockOffset(base.ownerUrl, '0 seconds')
    }
  })

  test('is listed and exported for those who work on the tickets, inert in a spreadsheet', async () => {
    const number = await opens()
    await book(number, { minutes: 7, what: '=cmd()', at: '2026-02-03T10:00:00Z' }, colleague)
    await book(number, { minutes: 8, at: '2026-02-04T10:00:00Z' })
    const period = 'from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z'
    const minutes = async (query: string, by = agent) =>
      (await call('GET', `/time-entries?${query}`, undefined, by)).body.items.map((item) => item.minutes)
    expect(await minutes(period)).toEqual([8, 7])
    expect(await minutes(`${period}&person=me`)).toEqual([8])
    expect(await minutes(`${period}&team=${team}&person=${colleague.id}`)).toEqual([7])
    expect(await minutes(period, stranger)).toEqual([])
    const first = (await call('GET', `/time-entries?${period}&limit=1`)).body as Spent & { next: string }
    expect(await minutes(`${period}&limit=1&cursor=${first.next}`)).toEqual([7])

    const file = await api.call(agent.key, 'GET', `/api/v1/time-entries.csv?${period}`)
    expect(await file.text()).toContain(`${number},`)
    const text = await (await api.call(agent.key, 'GET', `/api/v1/time-entries.csv?${period}`)).text()
    expect(text.split('\n')[2]).toMatch(/,7,'=cmd\(\)$/)
    expect((await call('GET', '/time-entries', undefined, asker)).status).toBe(403)
  })
})
