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

/** A question that is answered with a person: their id is kept, their name is shown. */

let base: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let employee: Someone
let ada: Someone
let gone: Someone
let team: string
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  team = await aTeam(base.db)
  admin = await someone(base.db, [{ role: 'administrator' }])
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  employee = await someone(base.db)
  ada = await someone(base.db)
  gone = await someone(base.db)
  await base.db.updateTable('person').set({ name: 'Ada Lóvelace' }).where('id', '=', ada.id).execute()
  await call('POST', `/people/${gone.id}/archive`, {}, admin)
  await made('/fields', { key: 'approver', type: 'person', label: { en: 'Approver' } })
  await made('/fields', { key: 'buddy', type: 'person', names: true, asked: true, label: { en: 'Buddy' } })
  await made('/catalogue', {
    key: 'access',
    kind: 'request',
    name: { en: 'Access' },
    description: { en: 'To a folder' },
    fields: [
      { key: 'manager', type: 'person', names: true, label: { en: 'Manager' }, required: true },
      { key: 'why', type: 'text', label: { en: 'Why' }, required: false },
    ],
  })
})
afterAll(() => base.drop())

interface Answered {
  number: string
  revision: number
  detail: string
  fields: Record<string, unknown>
  people: Record<string, string>
  errors: { path: string; message: string }[]
  items: { id: string; name: string; number: string }[]
}
const call = async (method: string, path: string, body?: unknown, by = agent, headers = {}) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body, headers)
  return { status: answer.status, body: (await answer.json()) as Answered }
}
async function made(path: string, body: unknown) {
  expect(await call('POST', path, body, admin)).toMatchObject({ status: 201 })
}
const opens = (fields: Record<string, unknown>) =>
  call('POST', '/tickets', { kind: 'request', title: 'A key', team_id: team, fields })
const wrong = (path: string) => ({ status: 422, body: { errors: [{ path }] } })

describe('a person as an answer', () => {
  test('is kept by id and shown by name, of whoever is there; who leaves stays where they stand', async () => {
    const { status, body: ticket } = await opens({ approver: ada.id })
    expect(status).toBe(201)
    expect(ticket).toMatchObject({ fields: { approver: ada.id }, people: { [ada.id]: 'Ada Lóvelace' } })
    for (const nobody of ['Ada', '0198c0de-0000-7000-8000-000000000000', gone.id, 7, [ada.id]])
      expect(await opens({ approver: nobody })).toMatchObject(wrong('fields.approver'))

    const leaver = await someone(base.db)
    const { body: held } = await opens({ approver: leaver.id })
    await call('POST', `/people/${leaver.id}/archive`, {}, admin)
    const edit = (fields: unknown, revision: number) =>
      call('PATCH', `/tickets/${held.number}`, { fields }, agent, { 'if-match': `"${revision}"` })
    const kept = await edit({ buddy: ada.id }, held.revision)
    expect(kept).toMatchObject({ status: 200, body: { fields: { approver: leaver.id, buddy: ada.id } } })
    expect(await edit({ buddy: leaver.id }, kept.body.revision)).toMatchObject(wrong('fields.buddy'))
  })

  test('finds its tickets in the queue by id, name or e-mail', async () => {
    const { body: ticket } = await opens({ approver: ada.id })
    await opens({ approver: employee.id })
    const { email } = await base.db
      .selectFrom('person')
      .select('email')
      .where('id', '=', ada.id)
      .executeTakeFirstOrThrow()
    for (const said of [ada.id, 'ada lovelace', email!]) {
      const { body } = await call('GET', `/tickets?field=approver=${encodeURIComponent(said)}`)
      expect(body.items.map(({ number }) => number)).toContain(ticket.number)
      expect(body.items.length).toBeLessThan(4)
    }
    expect((await call('GET', '/tickets?field=approver=nobody')).body.items).toEqual([])
  })

  test('is looked up by employees where the question says so: names and nothing else', async () => {
    const ask = (query: string, by = employee) =>
      call('GET', `/catalogue/access/people?${query}`, undefined, by)
    expect((await ask('field=manager&q=love')).body.items).toEqual([{ id: ada.id, name: 'Ada Lóvelace' }])
    expect((await ask('field=buddy&q=ADA')).body.items).toHaveLength(1)
    expect((await ask(`field=manager&id=${ada.id}`)).body.items).toHaveLength(1)
    expect((await ask('field=manager&q=%25%25')).body.items).toEqual([])
    expect((await ask(`field=manager&id=${gone.id}`)).body.items).toEqual([])
    expect((await ask('field=manager&q=a')).status).toBe(422)
    for (const field of ['why', 'approver', 'nothing'])
      expect((await ask(`field=${field}&q=ada`)).status).toBe(404)
    expect((await call('GET', '/people?q=ada', undefined, employee)).status).toBe(403)

    const file = (fields: unknown) => call('POST', '/catalogue/access/file', { fields }, employee)
    expect(await file({ manager: ada.id, buddy: gone.id })).toMatchObject(wrong('fields.buddy'))
    expect(await file({})).toMatchObject(wrong('fields.manager'))
    const filed = await file({ manager: ada.id })
    expect(filed).toMatchObject({ status: 201, body: { people: { [ada.id]: 'Ada Lóvelace' } } })
  })

  test('is asked of employees only where they may see names', async () => {
    const field = { key: 'chief', type: 'person', label: { en: 'Chief' } }
    expect(await call('POST', '/fields', { ...field, asked: true }, admin)).toMatchObject(wrong('names'))
    expect(await call('POST', '/fields', { ...field, type: 'text', names: true }, admin)).toMatchObject(
      wrong('names'),
    )
    const { body } = await call('POST', '/fields', field, admin)
    const id = (body as unknown as { id: string }).id
    expect(await call('PATCH', `/fields/${id}`, { asked: true }, admin)).toMatchObject(wrong('names'))
    const item = { key: 'x', kind: 'request', name: { en: 'X' }, fields: [{ ...field, required: true }] }
    expect(await call('POST', '/catalogue', item, admin)).toMatchObject(wrong('fields.0.names'))
  })
})
