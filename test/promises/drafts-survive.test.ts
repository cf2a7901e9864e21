import { openTickets, SYSTEM, transact } from '@tocsin/desk'
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

type Draft = { box: string; body: string; version: string; kept_at: string }

let record: TestDatabase
let api: TestApi
let agent: Someone
let colleague: Someone
let admin: Someone
let employee: Someone
let team: string
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  colleague = await someone(record.db, [{ role: 'agent', teamId: team }])
  admin = await someone(record.db, [{ role: 'administrator' }])
  employee = await someone(record.db)
})
afterAll(() => record.drop())

const call = async <T>(by: Someone, method: string, path: string, body?: unknown) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { ...((await answer.json()) as T), status: answer.status }
}
const open = async () => {
  const ticket = { kind: 'request', title: 'A chair', team_id: team, requester_id: employee.id }
  return (await call<{ number: string }>(agent, 'POST', '/tickets', ticket)).number
}
const keep = (by: Someone, number: string, box: string, body: string, seen?: string) =>
  call<Draft & { current: Draft }>(by, 'PUT', `/tickets/${number}/drafts/${box}`, {
    body,
    ...(seen && { seen_version: seen }),
  })
const drafts = async (by: Someone, number: string) =>
  (await call<{ items: Draft[] }>(by, 'GET', `/tickets/${number}/drafts`)).items
const marked = async (by: Someone, number: string) => {
  const { items } = await call<{ items: { number: string; draft: boolean }[] }>(by, 'GET', '/tickets')
  return items.find((ticket) => ticket.number === number)?.draft
}

describe('what somebody begins to write', () => {
  it('is kept box by box, marks the ticket for them, and nobody else can read or see it', async () => {
    const number = await open()
    await keep(agent, number, 'reply', 'Dear')
    await keep(agent, number, 'note', 'He shouts')
    expect((await drafts(agent, number)).map(({ box, body }) => [box, body])).toEqual([
      ['note', 'He shouts'],
      ['reply', 'Dear'],
    ])
    for (const other of [colleague, admin, employee]) {
      expect(await drafts(other, number)).toEqual([])
      expect(await marked(other, number)).toBe(false)
    }
    expect(await marked(agent, number)).toBe(true)
    const told = JSON.stringify(await call(admin, 'GET', `/tickets/${number}/activity`))
    expect(told).not.toContain('shouts')
  })

  it('is not overwritten from a second window: that is shown what stands there', async () => {
    const number = await open()
    const first = await keep(agent, number, 'note', 'one')
    const second = await keep(agent, number, 'note', 'one two', first.version)
    expect(second).toMatchObject({ status: 200 })
    const stale = await keep(agent, number, 'note', 'one three', first.version)
    expect(stale).toMatchObject({ status: 412, current: { body: 'one two', version: second.version } })
    expect(await keep(agent, number, 'note', 'anything')).toMatchObject({ status: 412 })
    expect(await keep(agent, number, 'note', 'one three', second.version)).toMatchObject({ status: 200 })
    const race = await Promise.all(['a', 'b', 'c', 'd'].map((body) => keep(agent, number, 'solution', body)))
    expect(race.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412])
  })

  it('goes with what is sent and with nothing else, in one transaction', async () => {
    const number = await open()
    const say = (verb: string, body: Record<string, unknown>) =>
      call(agent, 'POST', `/tickets/${number}/${verb}`, body)
    for (const box of ['reply', 'note', 'solution']) await keep(agent, number, box, `my ${box}`)
    await say('note', { body: 'by a program' })
    await say('note', { body: 'my note', discard_draft: true })
    expect((await drafts(agent, number)).map(({ box }) => box)).toEqual(['reply', 'solution'])
    expect((await say('pend', { reason: 'vendor' })).status).toBe(200)
    expect(
      (await say('reply', { body: 'x', attachment_ids: [employee.id], discard_draft: true })).status,
    ).toBe(422)
    expect((await drafts(agent, number)).map(({ box }) => box)).toEqual(['reply', 'solution'])
    await say('resolve', { note: 'my solution', discard_draft: true })
    expect((await drafts(agent, number)).map(({ box }) => box)).toEqual(['reply'])
    await call(agent, 'DELETE', `/tickets/${number}/drafts/reply`)
    expect(await drafts(agent, number)).toEqual([])
    expect(await marked(agent, number)).toBe(false)
  })

  it('is refused where one may not write, when it is too long, or when there are too many', async () => {
    const number = await open()
    expect((await keep(employee, number, 'reply', 'mine too')).status).toBe(200)
    expect((await keep(employee, number, 'note', 'x')).status).toBe(403)
    const stranger = await someone(record.db)
    expect((await keep(stranger, number, 'reply', 'x')).status).toBe(404)
    expect((await keep(agent, number, 'reply', 'x'.repeat(100_001))).status).toBe(422)
    expect((await keep(agent, number, 'letter', 'x')).status).toBe(422)
    await transact(record.db, SYSTEM, (tx) =>
      openTickets(
        tx,
        Array.from({ length: 200 }, (_, n) => ({
          kind: 'incident' as const,
          title: `many ${n}`,
          impact: 'low' as const,
          urgency: 'low' as const,
          channel: 'desk' as const,
          teamId: team,
        })),
      ),
    )
    await sql`
      insert into draft (person_id, ticket_id, box, body, kept_at)
      select ${colleague.id}, id, 'note', 'x', tocsin_now() from ticket where title like 'many %'`.execute(
      record.db,
    )
    expect((await keep(colleague, number, 'note', 'one too many')).status).toBe(409)
  })
})
