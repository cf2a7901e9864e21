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

interface Shown {
  number: string
  links: { kind: string; outward: boolean; number: string }[]
  errors?: { path: string }[]
}

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

const call = async (method: string, path: string, body?: unknown) => {
  const answer = await api.call(agent.key, method, `/api/v1/tickets${path}`, body)
  return { status: answer.status, body: (await answer.json()) as Shown }
}
const open = async () => (await call('POST', '', { kind: 'incident', title: 'x', team_id: team })).body.number
const some = (count: number) => Promise.all(Array.from({ length: count }, open))
const link = (from: string, kind: string, number: string) => call('POST', `/${from}/link`, { kind, number })
const linksOf = async (number: string) => (await call('GET', `/${number}`)).body.links

describe('links', () => {
  it.each(['blocks', 'caused_by', 'duplicates', 'recurs'])(
    '%s: not the other way round too, nor by way of others',
    async (kind) => {
      const [a, b, c] = (await some(3)) as [string, string, string]
      expect((await link(a, kind, b)).status).toBe(200)
      const mirrored = await link(b, kind, a)
      expect(mirrored).toMatchObject({ status: 422, body: { errors: [{ path: 'number' }] } })
      expect(await linksOf(b)).toMatchObject([{ kind, outward: false, number: a }])
      expect((await link(b, kind, c)).status).toBe(200)
      expect((await link(c, kind, a)).status).toBe(422)
      // Another kind is another matter, and what was taken away stands in nobody's way.
      expect((await link(b, 'relates', a)).status).toBe(200)
      expect((await call('POST', `/${a}/unlink`, { kind, number: b })).status).toBe(200)
      expect((await link(c, kind, a)).status).toBe(200)
    },
  )

  it('related is one link, whichever of the two says so', async () => {
    const [a, b] = (await some(2)) as [string, string]
    for (const [from, to] of [
      [a, b],
      [b, a],
      [a, b],
    ] as const)
      expect((await link(from, 'relates', to)).status).toBe(200)
    expect(await linksOf(a)).toHaveLength(1)
    expect(await linksOf(b)).toHaveLength(1)
  })

  it('whoever links at once, in a circle of four one is refused', async () => {
    const ring = await some(4)
    const answers = await Promise.all(ring.map((from, at) => link(from, 'blocks', ring[(at + 1) % 4]!)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(1)
  })
})
