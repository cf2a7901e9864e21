import { createService, SYSTEM, transact } from '@tocsin/desk'
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

type Node = { id: string; key: string; path: string[]; revision: number; archived: boolean }
type Ticket = {
  number: string
  revision: number
  category: { key: string } | null
  team: { id: string } | null
}

let record: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let team: string
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
})
afterAll(() => record.drop())

const call = (by: Someone, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  api.call(by.key, method, `/api/v1${path}`, body, headers)
const add = async (key: string, parent_id: string | null = null, more: Record<string, unknown> = {}) => {
  const answer = await call(admin, 'POST', '/categories', { key, name: { en: key }, parent_id, ...more })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { id: string }).id
}
const tree = async (query = '') =>
  ((await (await call(agent, 'GET', `/categories${query}`)).json()) as { items: Node[] }).items
const open = async (more: Record<string, unknown>) =>
  (await (
    await call(agent, 'POST', '/tickets', { kind: 'incident', title: 'It fails', ...more })
  ).json()) as Ticket
const numbers = async (query: string) =>
  (
    (await (await call(agent, 'GET', `/tickets?${query}`)).json()) as { items: { number: string }[] }
  ).items.map(({ number }) => number)

describe('categories', () => {
  it('are a tree, each listed after what it stands beneath, and moved with all beneath it', async () => {
    const net = await add('net')
    const wifi = await add('net-wifi', net)
    const guests = await add('net-wifi-guests', wifi)
    const office = await add('office')
    expect((await tree()).map(({ key }) => key)).toEqual(['net', 'net-wifi', 'net-wifi-guests', 'office'])
    expect((await call(admin, 'PATCH', `/categories/${wifi}`, { parent_id: office })).status).toBe(200)
    const moved = (await tree()).find(({ id }) => id === guests)!
    expect(moved.path).toEqual([office, wifi, guests])
  })

  it('are not put beneath themselves, too deep, or under what is not there', async () => {
    const top = await add('deep-1')
    let last = top
    for (let level = 2; level <= 6; level++) last = await add(`deep-${level}`, last)
    const refused = [
      await call(admin, 'PATCH', `/categories/${top}`, { parent_id: last }),
      await call(admin, 'PATCH', `/categories/${top}`, { parent_id: top }),
      await call(admin, 'POST', '/categories', { key: 'deep-7', name: { en: 'x' }, parent_id: last }),
      await call(admin, 'POST', '/categories', {
        key: 'lost',
        name: { en: 'x' },
        parent_id: '0198c2a0-0000-7000-8000-000000000000',
      }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([422, 422, 422, 422])
    // Whoever goes past the desk is stopped by the database.
    await expect(
      sql`update category set parent_id = ${last} where id = ${top}`.execute(record.db),
    ).rejects.toThrow('beneath itself')
    expect((await call(admin, 'POST', '/categories', { key: 'deep-1', name: { en: 'x' } })).status).toBe(409)
    expect((await call(agent, 'POST', '/categories', { key: 'mine', name: { en: 'x' } })).status).toBe(403)
  })

  it('never end beneath one another, whoever moves them at once', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await add(`race-a${round}`), await add(`race-b${round}`)]
      const answers = await Promise.all([
        call(admin, 'PATCH', `/categories/${a}`, { parent_id: b }),
        call(admin, 'PATCH', `/categories/${b}`, { parent_id: a }),
      ])
      expect(answers.map(({ status }) => status).toSorted((x, y) => x - y)).toEqual([200, 422])
    }
  })

  it('stand on tickets, decide whose they are, and are found with all beneath them', async () => {
    const other = await aTeam(record.db)
    const service = await transact(record.db, SYSTEM, (tx) =>
      createService(tx, { key: 'svc', name: { en: 'Svc' }, teamId: other }),
    )
    const hardware = await add('hardware', null, { team_id: team })
    const laptop = await add('hardware-laptop', hardware)
    const ticket = await open({ category_id: laptop, service_id: service })
    expect(ticket).toMatchObject({ category: { key: 'hardware-laptop' }, team: { id: team } })
    const plain = await open({ team_id: team })
    expect(await numbers('category=hardware')).toEqual([ticket.number])
    expect(await numbers(`category=${laptop}`)).toEqual([ticket.number])
    expect(await numbers('category=none')).toContain(plain.number)
    expect(await numbers('category=no-such')).toEqual([])
    const edited = await call(
      agent,
      'PATCH',
      `/tickets/${plain.number}`,
      { category_id: laptop },
      { 'if-match': `"${plain.revision}"` },
    )
    expect(((await edited.json()) as Ticket).category).toMatchObject({ key: 'hardware-laptop' })
  })

  it('are archived once nothing stands beneath them; tickets keep them, nobody chooses them', async () => {
    const printer = await add('printer')
    const toner = await add('printer-toner', printer)
    const ticket = await open({ category_id: toner, team_id: team })
    expect((await call(admin, 'POST', `/categories/${printer}/archive`)).status).toBe(409)
    expect((await call(admin, 'POST', `/categories/${toner}/archive`)).status).toBe(200)
    expect((await tree()).some(({ id }) => id === toner)).toBe(false)
    const kept = (await (await call(agent, 'GET', `/tickets/${ticket.number}`)).json()) as Ticket
    expect(kept.category).toMatchObject({ key: 'printer-toner' })
    const refused = await call(agent, 'POST', '/tickets', {
      kind: 'incident',
      title: 'x',
      category_id: toner,
    })
    expect(refused.status).toBe(422)
    expect((await call(admin, 'POST', `/categories/${toner}/restore`)).status).toBe(200)
    expect((await tree()).some(({ id }) => id === toner)).toBe(true)
  })
})
