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

type Ticket = { number: string; tags: string[] }
type Tag = { id: string; name: string; tickets: { count: number } }

let record: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let employee: Someone
let team: string
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  employee = await someone(record.db)
})
afterAll(() => record.drop())

const call = (by: Someone, method: string, path: string, body?: unknown) =>
  api.call(by.key, method, `/api/v1${path}`, body)
const open = async (more: Record<string, unknown> = {}) => {
  const answer = await call(agent, 'POST', '/tickets', {
    kind: 'incident',
    title: 'x',
    team_id: team,
    ...more,
  })
  return ((await answer.json()) as Ticket).number
}
const tag = async (number: string, ...names: string[]) => {
  const answer = await call(agent, 'POST', `/tickets/${number}/tag`, { names })
  return { status: answer.status, tags: ((await answer.json()) as Ticket).tags }
}
const listed = async (q = '') =>
  ((await (await call(agent, 'GET', `/tags?q=${encodeURIComponent(q)}`)).json()) as { items: Tag[] }).items
const found = async (query: string, by = agent) =>
  (
    (await (await call(by, 'GET', `/tickets?tag=${encodeURIComponent(query)}`)).json()) as { items: Ticket[] }
  ).items
    .map(({ number }) => number)
    .toSorted()

describe('tags', () => {
  it('are kept alike however they are typed, told in the story by name, and taken away again', async () => {
    const number = await open()
    expect((await tag(number, ' Black  Friday', '#VPN')).tags).toEqual(['black-friday', 'vpn'])
    expect((await tag(number, 'BLACK-friday')).tags).toEqual(['black-friday', 'vpn'])
    const less = await call(agent, 'POST', `/tickets/${number}/untag`, { name: 'VPN' })
    expect(((await less.json()) as Ticket).tags).toEqual(['black-friday'])
    const story = (await (await call(agent, 'GET', `/tickets/${number}/activity`)).json()) as {
      items: { verb: string; names: Record<string, string> }[]
    }
    const lines = story.items.filter(({ verb }) => verb === 'tag' || verb === 'untag')
    expect(lines.map(({ verb, names }) => [verb, Object.values(names).toSorted()])).toEqual([
      ['tag', ['black-friday', 'vpn']],
      ['untag', ['vpn']],
    ])
  })

  it('find tickets, any of several, and are counted; requesters neither see nor find by them', async () => {
    const [one, two] = [await open({ requester_id: employee.id }), await open()]
    await tag(one, 'ssd')
    await tag(two, 'ssd', 'fan')
    expect(await found('SSD')).toEqual([one, two].toSorted())
    expect(await found('fan,nothing')).toEqual([two])
    expect((await listed('ss')).map(({ name, tickets }) => [name, tickets.count])).toEqual([['ssd', 2]])
    expect(await found('ssd', employee)).toEqual([])
    const seen = (await (await call(employee, 'GET', `/tickets/${one}`)).json()) as Ticket
    expect(seen.tags).toEqual([])
    expect((await call(employee, 'POST', `/tickets/${one}/tag`, { names: ['x'] })).status).toBe(403)
  })

  it('are refused when they are no word, or too many', async () => {
    const number = await open()
    expect((await tag(number, '!!!')).status).toBe(422)
    expect((await tag(number, 'x'.repeat(41))).status).toBe(422)
    expect((await tag(number, ...Array.from({ length: 20 }, (_, index) => `many${index}`))).status).toBe(200)
    expect((await tag(number, 'one-more')).status).toBe(409)
  })

  it('are renamed at once everywhere, and merged; the old name stands for the new', async () => {
    const [one, two] = [await open(), await open()]
    await tag(one, 'wlan')
    await tag(two, 'wifi', 'wlan')
    const [wifi, wlan] = [(await listed('wifi'))[0]!, (await listed('wlan'))[0]!]
    expect((await call(admin, 'PATCH', `/tags/${wlan.id}`, { name: 'WiFi' })).status).toBe(409)
    expect((await call(admin, 'PATCH', `/tags/${wlan.id}`, { name: 'W-LAN' })).status).toBe(200)
    expect(await found('w-lan')).toEqual([one, two].toSorted())
    expect((await call(agent, 'POST', `/tags/${wlan.id}/merge`, { into: wifi.id })).status).toBe(403)
    expect((await call(admin, 'POST', `/tags/${wlan.id}/merge`, { into: wifi.id })).status).toBe(200)
    expect(await found('wifi')).toEqual([one, two].toSorted())
    expect(await found('w-lan')).toEqual([one, two].toSorted())
    expect((await tag(await open(), 'w-lan')).tags).toEqual(['wifi'])
    expect((await call(admin, 'POST', `/tags/${wlan.id}/merge`, { into: wifi.id })).status).toBe(404)
  })

  it('put on by many while they are merged all end as the one', async () => {
    const numbers = await Promise.all(Array.from({ length: 8 }, () => open()))
    await tag(numbers[0]!, 'from')
    await tag(numbers[1]!, 'into')
    const [from, into] = [(await listed('from'))[0]!, (await listed('into'))[0]!]
    await Promise.all([
      ...numbers.slice(2).map((number) => tag(number, 'from')),
      call(admin, 'POST', `/tags/${from.id}/merge`, { into: into.id }),
    ])
    expect(await found('into')).toEqual(numbers.toSorted())
    expect(await listed('from')).toEqual([])
  })
})
