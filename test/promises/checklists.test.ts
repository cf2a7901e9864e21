import { resolveTicket, SYSTEM, transact } from '@tocsin/desk'
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
let admin: Someone
let agent: Someone
let stranger: Someone
let asker: Someone
let team: string
let hardware: string
let laptop: string
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  team = await aTeam(base.db)
  admin = await someone(base.db, [{ role: 'administrator' }])
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  stranger = await someone(base.db, [{ role: 'agent', teamId: await aTeam(base.db) }])
  asker = await someone(base.db)
  hardware = await made('/categories', { key: 'hardware', name: { en: 'Hardware' } })
  laptop = await made('/categories', { key: 'laptop', name: { en: 'Laptop' }, parent_id: hardware })
  await made('/catalogue', {
    key: 'starter',
    kind: 'request',
    name: { en: 'Starter' },
    description: { en: 'Joins' },
    category_id: laptop,
    team_id: team,
  })
})
afterAll(() => base.drop())

interface Point {
  id: string
  text: string
  required: boolean
  done_at: string | null
  done_by: { id: string } | null
  revision: number
}
interface Answered {
  id: string
  number: string
  state: string
  detail: string
  checklist: { done: number; total: number } | null
  errors: { path: string }[]
  items: (Point & {
    number: string
    checklist: unknown
    verb: string
    after: Record<string, unknown>
    names: object
  })[]
}
const call = async (method: string, path: string, body?: unknown, by = agent) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as Answered }
}
async function made(path: string, body: unknown) {
  const answer = await call('POST', path, body, admin)
  expect(answer).toMatchObject({ status: 201 })
  return answer.body.id
}
const opens = async (input: Record<string, unknown> = {}, kind = 'request') => {
  const body = { kind, title: 'New laptop', team_id: team, requester_id: asker.id, ...input }
  return (await call('POST', '/tickets', body)).body.number
}
const points = async (number: string) => (await call('GET', `/tickets/${number}/checklist`)).body.items
const texts = async (number: string) => (await points(number)).map(({ text }) => text)
const add = async (number: string, text: string, required = false) =>
  (await call('POST', `/tickets/${number}/checklist`, { text, required })).body.items.at(-1)!
const edit = (number: string, id: string, body: unknown, by = agent) =>
  call('PATCH', `/tickets/${number}/checklist/${id}`, body, by)

describe('a checklist', () => {
  test('is kept in order, ticked by whom and when, and every change is in the story', async () => {
    const number = await opens()
    const [one, two, three] = [
      await add(number, 'Order'),
      await add(number, 'Pack'),
      await add(number, 'Send'),
    ]
    await edit(number, three.id, { place: 0 })
    expect(await texts(number)).toEqual(['Send', 'Order', 'Pack'])
    await edit(number, three.id, { place: 1 })
    expect(await texts(number)).toEqual(['Order', 'Send', 'Pack'])
    await edit(number, one.id, { place: 99 })
    expect(await texts(number)).toEqual(['Send', 'Pack', 'Order'])

    const ticked = (await edit(number, two.id, { done: true })).body.items.find(({ id }) => id === two.id)!
    expect(ticked).toMatchObject({ done_by: { id: agent.id }, done_at: expect.any(String) })
    expect((await call('GET', `/tickets/${number}`)).body.checklist).toEqual({ done: 1, total: 3 })
    expect(
      (await call('GET', '/tickets?kind=request')).body.items.find((item) => item.number === number)
        ?.checklist,
    ).toEqual({ done: 1, total: 3 })
    expect((await edit(number, two.id, { done: true })).body.items).toContainEqual(ticked)
    await edit(number, two.id, { done: false, text: 'Wrap' })
    await call('DELETE', `/tickets/${number}/checklist/${two.id}`)
    expect(await texts(number)).toEqual(['Send', 'Order'])

    const { items } = (await call('GET', `/tickets/${number}/activity`)).body
    const told = items.filter(({ verb }) => verb === 'checklist')
    expect(told.map(({ after }) => after.did)).toEqual([
      'add',
      'add',
      'add',
      'move',
      'move',
      'move',
      'tick',
      'untick',
      'remove',
    ])
    expect(told.at(-1)!.names).toEqual({ [two.id]: 'Wrap' })
    expect(JSON.stringify(told.map(({ after }) => after))).not.toContain('Wrap')
  })

  test('comes with what is opened in a category or filed by an item, and from a template by hand', async () => {
    const build = await made('/checklist-templates', {
      name: 'Build',
      points: [{ text: 'Image it', required: true }, { text: 'Label it' }],
      category_ids: [hardware],
    })
    const welcome = await made('/checklist-templates', {
      name: 'Welcome',
      points: [{ text: 'Say hello' }],
      items: ['starter'],
    })
    const number = await opens({ category_id: laptop })
    expect(await points(number)).toMatchObject([
      { text: 'Image it', required: true, done_at: null },
      { text: 'Label it', required: false },
    ])
    const filed = await call('POST', '/catalogue/starter/file', { title: 'Kim joins' }, asker)
    expect(await texts(filed.body.number)).toEqual(['Image it', 'Label it', 'Say hello'])
    expect(filed.body.checklist).toBeNull()
    await call('POST', `/checklist-templates/${build}/archive`, undefined, admin)
    expect(await texts(await opens({ category_id: laptop }))).toEqual([])
    await call('POST', `/tickets/${number}/checklist`, { template_id: welcome })
    expect(await texts(number)).toEqual(['Image it', 'Label it', 'Say hello'])
    expect((await call('POST', `/tickets/${number}/checklist`, { template_id: build })).status).toBe(422)
  })

  test('holds back the end of the work by people, in words, and nothing that recovers by itself', async () => {
    const number = await opens({}, 'incident')
    const { id } = await add(number, 'Tell the users', true)
    await add(number, 'Tidy up')
    const held = await call('POST', `/tickets/${number}/resolve`, {})
    expect(held).toMatchObject({
      status: 422,
      body: { detail: 'One point of the checklist must be done first.', errors: [{ path: 'checklist' }] },
    })
    await edit(number, id, { done: true })
    expect((await call('POST', `/tickets/${number}/resolve`, {})).body.state).toBe('resolved')

    const other = await opens({}, 'incident')
    await add(other, 'Tell the users', true)
    const row = await base.db
      .selectFrom('ticket')
      .select('id')
      .where('number', '=', other)
      .executeTakeFirstOrThrow()
    await transact(base.db, SYSTEM, (tx) => resolveTicket(tx, { id: row.id, code: 'recovered' }))
    expect((await call('GET', `/tickets/${other}`)).body.state).toBe('resolved')
  })

  test('is the desk’s alone, and refuses in words what cannot be', async () => {
    const number = await opens()
    const point = await add(number, 'Order')
    const path = `/tickets/${number}/checklist`
    expect((await call('GET', path, undefined, asker)).status).toBe(403)
    expect((await call('GET', path, undefined, stranger)).status).toBe(404)
    expect((await edit(number, point.id, { done: true }, stranger)).status).toBe(404)
    expect((await call('POST', path, { text: ' ' })).status).toBe(422)
    expect((await call('POST', path, { text: 'x'.repeat(501) })).status).toBe(422)
    expect((await edit(number, point.id, {})).status).toBe(400)
    expect((await edit(number, point.id, { done: true, who: 1 })).status).toBe(400)
    expect((await edit(number, number, { done: true })).status).toBe(422)
    const other = await opens()
    expect((await edit(other, point.id, { done: true })).status).toBe(404)
    await edit(number, point.id, { text: 'Order two' })
    expect((await edit(number, point.id, { text: 'Mine', seen_revision: point.revision })).status).toBe(412)
    await call('POST', `/tickets/${number}/cancel`, {})
    expect((await call('POST', path, { text: 'Late' })).status).toBe(409)
    const template = { name: 'x', points: [{ text: 'y' }] }
    expect((await call('POST', '/checklist-templates', template)).status).toBe(403)
    for (const wrong of [{ category_ids: [point.id] }, { items: ['nothing'] }, { points: [] }])
      expect((await call('POST', '/checklist-templates', { ...template, ...wrong }, admin)).status).toBe(422)
  })

  test('keeps every point, whoever adds and moves at once', async () => {
    const number = await opens()
    await Promise.all(Array.from({ length: 8 }, (_, n) => add(number, `Point ${n}`)))
    const before = await points(number)
    await Promise.all(before.map(({ id }, n) => edit(number, id, { place: (n * 5) % 8 })))
    const after = await points(number)
    expect(after.map(({ id }) => id).toSorted()).toEqual(before.map(({ id }) => id).toSorted())
    const { rows } = await base.db
      .selectFrom('checklist_item as c')
      .innerJoin('ticket as t', 't.id', 'c.ticket_id')
      .select('c.position')
      .where('t.number', '=', number)
      .orderBy('c.position')
      .execute()
      .then((rows) => ({ rows }))
    expect(rows.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })
})
