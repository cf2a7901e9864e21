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

interface View {
  id: string
  name: string
  filter: Record<string, string>
  sort: string
  columns: string[] | null
  shared_with: string
  team: { id: string } | null
  editable: boolean
  position: number | null
  opens: boolean
  revision: number
}

let record: TestDatabase
let api: TestApi
let agent: Someone
let colleague: Someone
let manager: Someone
let stranger: Someone
let admin: Someone
let employee: Someone
let team: string
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  const foreign = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  colleague = await someone(record.db, [{ role: 'agent', teamId: team }])
  manager = await someone(record.db, [{ role: 'manager', teamId: team }])
  stranger = await someone(record.db, [{ role: 'agent', teamId: foreign }])
  admin = await someone(record.db, [{ role: 'administrator' }])
  employee = await someone(record.db)
})
afterAll(() => record.drop())

const call = (by: Someone, method: string, path: string, body?: unknown) =>
  api.call(by.key, method, `/api/v1${path}`, body)
const status = async (by: Someone, method: string, path: string, body?: unknown) =>
  (await call(by, method, path, body)).status
const create = async (by: Someone, body: object) => {
  const answer = await call(by, 'POST', '/ticket-views', { filter: { state: 'open' }, name: 'v', ...body })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { id: string }).id
}
const views = async (by: Someone) =>
  ((await (await call(by, 'GET', '/ticket-views')).json()) as { items: View[] }).items
const seen = async (by: Someone, id: string) => (await views(by)).find((view) => view.id === id)
const counts = async (by: Someone) =>
  (await (await call(by, 'GET', '/ticket-views/counts')).json()) as Record<
    string,
    { count: number; capped: boolean } | null
  >
const open = async (more: object = {}) =>
  expect(
    await status(agent, 'POST', '/tickets', { kind: 'incident', title: 'x', team_id: team, ...more }),
  ).toBe(201)

describe('a view', () => {
  it('keeps what the list is asked, and is one’s own until it is shared', async () => {
    const id = await create(agent, {
      name: 'Fire',
      filter: { state: 'new,in_progress', priority: 'P1,P2', team: 'mine' },
      sort: 'next',
    })
    expect(await seen(agent, id)).toMatchObject({
      name: 'Fire',
      filter: { state: 'new,in_progress', priority: 'P1,P2', team: 'mine' },
      sort: 'next',
      shared_with: 'nobody',
      editable: true,
      position: null,
    })
    expect(await seen(colleague, id)).toBeUndefined()
    expect(await status(colleague, 'PATCH', `/ticket-views/${id}`, { name: 'x' })).toBe(404)
    expect(await status(admin, 'PATCH', `/ticket-views/${id}`, { name: 'x' })).toBe(404)

    expect(await status(agent, 'PATCH', `/ticket-views/${id}`, { shared_with: 'team', team_id: team })).toBe(
      200,
    )
    expect(await seen(colleague, id)).toMatchObject({ editable: false, team: { id: team } })
    expect(await seen(stranger, id)).toBeUndefined()
    expect(await status(colleague, 'PATCH', `/ticket-views/${id}`, { name: 'x' })).toBe(403)
    expect(await status(stranger, 'POST', `/ticket-views/${id}/archive`)).toBe(404)
    expect(await status(admin, 'PATCH', `/ticket-views/${id}`, { name: 'Fires' })).toBe(200)
  })

  it('is shared with everybody by those who lead, with a team by those who work in it', async () => {
    const all = { name: 'All', filter: {}, shared_with: 'all' }
    expect(await status(agent, 'POST', '/ticket-views', all)).toBe(403)
    expect(
      await status(stranger, 'POST', '/ticket-views', { ...all, shared_with: 'team', team_id: team }),
    ).toBe(403)
    const id = await create(manager, { shared_with: 'all' })
    expect(await seen(stranger, id)).toMatchObject({ shared_with: 'all', editable: false })
    expect(await status(employee, 'GET', '/ticket-views')).toBe(403)
  })

  it('that two change at once keeps the first, and the second is told', async () => {
    const id = await create(agent, {})
    const { revision } = (await seen(agent, id))!
    const patch = { seen_revision: revision, sort: 'priority' }
    expect(await status(agent, 'PATCH', `/ticket-views/${id}`, patch)).toBe(200)
    expect(await status(agent, 'PATCH', `/ticket-views/${id}`, { ...patch, sort: 'due' })).toBe(412)
    expect((await seen(agent, id))!.sort).toBe('priority')
  })

  it('says which columns its list shows, and in which order, to all who have it', async () => {
    const columns = ['number', 'title', 'team', 'field.serial_no', 'updated']
    const id = await create(agent, { shared_with: 'team', team_id: team, columns })
    expect(await seen(colleague, id)).toMatchObject({ columns })
    for (const wrong of [[], ['number'], ['title', 'title'], ['title', 'colour'], 'title'])
      expect([wrong, await status(agent, 'PATCH', `/ticket-views/${id}`, { columns: wrong })]).toEqual([
        wrong,
        422,
      ])
    expect(await status(agent, 'PATCH', `/ticket-views/${id}`, { name: 'Told' })).toBe(200)
    expect(await seen(colleague, id)).toMatchObject({ columns })
    expect(await status(agent, 'PATCH', `/ticket-views/${id}`, { columns: null })).toBe(200)
    expect(await seen(colleague, id)).toMatchObject({ columns: null })
  })

  it('is taken away from everybody, and can come back to where each had it', async () => {
    const id = await create(agent, { shared_with: 'team', team_id: team })
    await call(colleague, 'PUT', '/ticket-views/mine', { pinned: [id], opens: null })
    expect(await status(agent, 'POST', `/ticket-views/${id}/archive`)).toBe(200)
    expect(await seen(colleague, id)).toBeUndefined()
    expect(await counts(colleague)).toEqual({})
    expect(await status(agent, 'POST', `/ticket-views/${id}/restore`)).toBe(200)
    expect(await seen(colleague, id)).toMatchObject({ position: 1 })
  })

  it('stands in each one’s queue in their own order, and opens it', async () => {
    const [a, b] = [await create(agent, { name: 'a' }), await create(agent, { name: 'b' })]
    expect(await status(agent, 'PUT', '/ticket-views/mine', { pinned: [b, a], opens: a })).toBe(200)
    expect((await views(agent)).slice(0, 2).map(({ id, opens }) => [id, opens])).toEqual([
      [b, false],
      [a, true],
    ])
    expect(await status(agent, 'PUT', '/ticket-views/mine', { pinned: [a], opens: b })).toBe(200)
    expect(await seen(agent, b)).toMatchObject({ position: null, opens: true })
    expect(await status(stranger, 'PUT', '/ticket-views/mine', { pinned: [a], opens: null })).toBe(404)
    expect(await status(stranger, 'PUT', '/ticket-views/mine', { pinned: [], opens: a })).toBe(404)
  })

  it('counts what its reader may see, whatever it asks', async () => {
    for (let n = 0; n < 3; n++) await open({ impact: 'high', urgency: 'high' })
    await open({ title: 'flugzeugträger' })
    const asked = {
      urgent: { state: 'open', priority: 'P1' },
      words: { q: 'flugzeug' },
      ended: { state: 'closed' },
      nowhere: { state: 'open', team: 'no such team' },
      stale: { age: 'nonsense' },
    }
    const ids: Record<string, string> = {}
    for (const [name, filter] of Object.entries(asked))
      ids[name] = await create(manager, { name, filter, shared_with: 'all' })
    const by = async (reader: Someone) => {
      await call(reader, 'PUT', '/ticket-views/mine', { pinned: Object.values(ids), opens: null })
      const found = await counts(reader)
      return Object.entries(ids).map(([name, id]) => [name, found[id]?.count ?? null])
    }
    expect(Object.fromEntries(await by(agent))).toEqual({
      urgent: 3,
      words: 1,
      ended: 0,
      nowhere: null,
      stale: null,
    })
    expect(Object.fromEntries(await by(stranger))).toMatchObject({ urgent: 0, words: 0 })
    const one = await call(agent, 'GET', '/tickets/count?state=open&priority=P1')
    expect(await one.json()).toEqual({ count: 3, capped: false })
  })

  it.each([
    [{ name: '', filter: {} }, 422],
    [{ name: 'x' }, 422],
    [{ name: 'x', filter: { colour: 'red' } }, 400],
    [{ name: 'x', filter: { state: 'broken' } }, 422],
    [{ name: 'x', filter: {}, sort: 'size' }, 422],
    [{ name: 'x', filter: {}, shared_with: 'team' }, 422],
    [{ name: 'x', filter: {}, team_id: '01900000-0000-7000-8000-000000000000' }, 422],
    [{ name: 'x', filter: {}, extra: 1 }, 400],
  ])('%j is answered %i', async (body, expected) => {
    expect(await status(agent, 'POST', '/ticket-views', body)).toBe(expected)
  })
})
