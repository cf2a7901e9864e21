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

type Link = { kind: string; outward: boolean; number: string; state: string }

let record: TestDatabase
let api: TestApi
let agent: Someone
let team: string
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
})
afterAll(() => record.drop())

const call = async <T>(method: string, path: string, body?: unknown) => {
  const answer = await api.call(agent.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}
const open = async () =>
  (await call<{ number: string }>('POST', '/tickets', { kind: 'incident', title: 'x', team_id: team })).body
    .number
const link = async (verb: 'link' | 'unlink', number: string, other: string) =>
  (await call('POST', `/tickets/${number}/${verb}`, { kind: 'parent', number: other })).status
const linksOf = async (number: string) =>
  (await call<{ links: Link[] }>('GET', `/tickets/${number}`)).body.links

describe('a ticket that is part of another', () => {
  it('is shown at both ends with its state, in both stories, and taken out from either', async () => {
    const [parent, child] = [await open(), await open()]
    expect(await link('link', child, parent)).toBe(200)
    expect(await linksOf(child)).toMatchObject([{ kind: 'parent', outward: true, number: parent }])
    await call('POST', `/tickets/${child}/resolve`, {})
    expect(await linksOf(parent)).toMatchObject([
      { kind: 'parent', outward: false, number: child, state: 'resolved' },
    ])
    for (const number of [parent, child]) {
      const story = await call<{ items: { verb: string }[] }>('GET', `/tickets/${number}/activity`)
      expect(story.body.items.map(({ verb }) => verb)).toContain('link')
    }
    expect(await link('unlink', parent, child)).toBe(200)
    expect(await linksOf(child)).toEqual([])
    expect(await link('unlink', parent, child)).toBe(404)
  })

  it('moves to another parent, and has one at a time', async () => {
    const [one, two, child] = [await open(), await open(), await open()]
    await link('link', child, one)
    await link('link', child, two)
    expect(await linksOf(one)).toEqual([])
    expect(await linksOf(child)).toMatchObject([{ number: two }])
  })

  it('is never its own parent, by way of others or at once; the database itself refuses', async () => {
    const [a, b, c] = [await open(), await open(), await open()]
    await link('link', b, a)
    await link('link', c, b)
    expect(await link('link', a, c)).toBe(422)
    expect(await link('link', a, a)).toBe(422)
    await expect(
      sql`update ticket set parent_id = (select id from ticket where number = ${c}) where number = ${a}`.execute(
        record.db,
      ),
    ).rejects.toThrow('its own parent')
    for (let round = 0; round < 5; round++) {
      const [x, y] = [await open(), await open()]
      const answers = await Promise.all([link('link', x, y), link('link', y, x)])
      expect(answers.toSorted((one, other) => one - other)).toEqual([200, 422])
    }
  })
})
