import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aTeam,
  database,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

let base: TestDatabase
let api: TestApi
let agent: Someone
let stranger: Someone
let asker: Someone
let team: string
let service: string
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  team = await aTeam(base.db)
  const other = await aTeam(base.db)
  const admin = await someone(base.db, [{ role: 'administrator' }])
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  stranger = await someone(base.db, [{ role: 'agent', teamId: other }])
  asker = await someone(base.db)
  const made = await call('POST', '/services', { key: 'files', name: { en: 'Files' }, team_id: team }, admin)
  service = (made.body as unknown as { id: string }).id
})
afterAll(() => base.drop())

interface Similar {
  number: string
  why: { symptom: boolean; service: boolean; words: string[] }
  solution: { text: string; kind: string } | null
}
interface Answered {
  number: string
  items: Similar[]
}
const call = async (method: string, path: string, body?: unknown, by = agent) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as Answered }
}
const opens = async (title: string, input: Record<string, unknown> = {}, by = agent) => {
  const body = { kind: 'incident', title, team_id: team, requester_id: asker.id, ...input }
  return (await call('POST', '/tickets', body, by)).body.number
}
const like = async (number: string, by = agent) =>
  (await call('GET', `/tickets/${number}/similar`, undefined, by)).body.items
const numbers = (items: Similar[]) => items.map(({ number }) => number)

describe('tickets like one', () => {
  test('are those of its symptom, then those with rare words in common, with why and what solved them', async () => {
    const solved = await opens('Toner empty in printer prn-lyon-07', { service_id: service })
    await call('POST', `/tickets/${solved}/reply`, { body: 'Which floor?' })
    await call('POST', `/tickets/${solved}/resolve`, { reply: 'A new cartridge is in. Shake it first.' })
    await call('POST', `/tickets/${solved}/reply`, { body: 'Thanks for your patience.' })
    const symptom = await opens('Something else entirely', {
      service_id: service,
      symptom_key: 'PrinterDown',
    })
    await opens('Coffee machine broken')
    const number = await opens('Printer prn-lyon-07 has no toner', {
      service_id: service,
      symptom_key: 'PrinterDown',
    })

    const found = await like(number)
    expect(numbers(found).toSorted()).toEqual([solved, symptom].toSorted())
    expect(found.find((one) => one.number === symptom)?.why).toMatchObject({ symptom: true, service: true })
    const words = found.find((one) => one.number === solved)!
    expect(words.why.words).toEqual(expect.arrayContaining(['lyon', 'prn', 'toner', 'printer']))
    expect(words.why).toMatchObject({ symptom: false, service: true })
    expect(words.solution).toMatchObject({ kind: 'reply', text: 'A new cartridge is in. Shake it first.' })
    const written = await call('GET', '/similar-tickets?title=toner%20of%20the%20printer%20in%20Lyon')
    expect(numbers(written.body.items)).toContain(solved)
  })

  test('are only those that the reader works on; a requester is told nothing', async () => {
    const theirs = await opens('Badge reader zx81 blinks', { team_id: null }, stranger)
    await sql`update ticket set team_id = ${await aTeam(base.db)} where number = ${theirs}`.execute(base.db)
    const asked = await opens('Badge reader zx81 blinks', { requester_id: agent.id })
    await sql`update ticket set team_id = ${await aTeam(base.db)}, reporter_id = null where number = ${asked}`.execute(
      base.db,
    )
    const number = await opens('Badge reader zx81 blinks')
    expect(await like(number)).toEqual([])
    expect((await call('GET', `/tickets/${number}/similar`, undefined, asker)).status).toBe(403)
    expect((await call('GET', `/tickets/${number}/similar`, undefined, stranger)).status).toBe(404)
    expect((await call('GET', '/similar-tickets?title=badge%20reader', undefined, asker)).status).toBe(403)
  })

  test('is asked with any words', async () => {
    for (const title of [
      "'; drop table ticket; --",
      '!!! & | <-> :*',
      '日本語のタイトル',
      '   ab   ',
      '\\\\\'"',
    ])
      expect([200, 422]).toContain(
        (await call('GET', `/similar-tickets?title=${encodeURIComponent(title)}`)).status,
      )
    expect((await call('GET', '/similar-tickets?title=ab')).status).toBe(422)
    const number = await opens("O'Brien's “quoted” \\ title & more")
    expect(await like(number)).toEqual([])
  })

  test('leaves out itself, what was cancelled and what was merged', async () => {
    const [one, two, number] = [
      await opens('Scanner qx9 jams'),
      await opens('Scanner qx9 jams'),
      await opens('Scanner qx9 jams'),
    ]
    await call('POST', `/tickets/${one}/cancel`, {})
    await call('POST', `/tickets/${two}/merge`, { into: number })
    expect(await like(number)).toEqual([])
  })
})
