import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  database,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

interface Line {
  verb: string
  subject: { kind: string; name: string | null }
}

let record: TestDatabase
let api: TestApi
let admin: Someone
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
})
afterAll(() => record.drop())

const newest = async (kind: string): Promise<Line | undefined> => {
  const answer = await api.call(admin.key, 'GET', `/api/v1/audit?only=configuration&subject_kind=${kind}`)
  return ((await answer.json()) as { items: Line[] }).items[0]
}

it('calls things by their present name, in the language of whoever reads', async () => {
  const team = await api.call(admin.key, 'POST', '/api/v1/teams', { name: 'Telephones' })
  const { id } = (await team.json()) as { id: string }
  expect(await newest('team')).toMatchObject({ verb: 'create', subject: { name: 'Telephones' } })
  await api.call(admin.key, 'PATCH', `/api/v1/teams/${id}`, { name: 'Voice' })
  expect(await newest('team')).toMatchObject({ verb: 'edit', subject: { name: 'Voice' } })

  const service = { key: 'voice', name: { en: 'Telephony', it: 'Telefonia' }, team_id: id }
  expect((await api.call(admin.key, 'POST', '/api/v1/services', service)).status).toBe(201)
  expect(await newest('service')).toMatchObject({ subject: { name: 'Telephony' } })
  await record.db.updateTable('person').set({ locale: 'it' }).where('id', '=', admin.id).execute()
  expect(await newest('service')).toMatchObject({ subject: { name: 'Telefonia' } })
})

it('finds a verb of all that it was said of, page by page, and nothing of what it never was', async () => {
  for (const name of ['One', 'Two', 'Three']) {
    // oxlint-disable-next-line no-await-in-loop -- their order is what is read
    await api.call(admin.key, 'POST', '/api/v1/teams', { name })
    // oxlint-disable-next-line no-await-in-loop -- as above
    await api.call(admin.key, 'POST', '/api/v1/services', { key: name.toLowerCase(), name: { en: name } })
  }
  const read = async (query: string) => {
    const answer = await api.call(admin.key, 'GET', `/api/v1/audit?${query}`)
    expect(answer.status).toBe(200)
    return (await answer.json()) as { items: (Line & { id: string })[]; next: string | null }
  }
  const { items: all } = await read('limit=200')
  const created = all.filter(({ verb }) => verb === 'create').map(({ id }) => id)
  expect(new Set(all.map(({ subject }) => subject.kind)).size).toBeGreaterThan(2)
  const found: string[] = []
  for (let cursor = ''; ;) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const { items, next } = await read(`verb=create&limit=2${cursor}`)
    found.push(...items.map(({ id }) => id))
    if (next === null) break
    cursor = `&cursor=${next}`
  }
  expect(found).toEqual(created)
  expect((await read('verb=create&only=configuration&limit=200')).items.map(({ id }) => id)).toEqual(created)
  expect((await read('verb=create&subject_kind=setting')).items).toEqual([])
  expect((await read('verb=never')).items).toEqual([])
})
