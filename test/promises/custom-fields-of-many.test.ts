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

type Ticket = {
  number: string
  revision: number
  category: { id: string } | null
  fields: Record<string, unknown>
}
type Problem = { errors: { path: string; message: string }[] }

let record: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let team: string
let laptop: string
const label = { en: 'x' }
const options = [
  { value: 'mac', label },
  { value: 'pc', label },
]
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  laptop = await post('/categories', { key: 'laptop', name: { en: 'Laptop' } })
  for (const field of [
    { key: 'system', type: 'select', options, required: true },
    { key: 'serial', type: 'text', visible_when: { field: 'system', is: ['mac'] } },
    { key: 'price', type: 'number' },
    { key: 'parts', type: 'multiselect', options },
    { key: 'due_on', type: 'date' },
    { key: 'remark', type: 'textarea' },
  ])
    await post('/fields', { label, category_ids: [laptop], ...field })
})
afterAll(() => record.drop())

const call = (by: Someone, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  api.call(by.key, method, `/api/v1${path}`, body, headers)
const post = async (path: string, body: unknown) => {
  const answer = await call(admin, 'POST', path, body)
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { id: string }).id
}
const open = async (more: Record<string, unknown>) => {
  const body = { kind: 'incident', title: 'It fails', team_id: team, ...more }
  const answer = await call(agent, 'POST', '/tickets', body)
  expect(answer.status).toBe(201)
  return (await answer.json()) as Ticket
}
const edit = async ({ number, revision }: Ticket, body: Record<string, unknown>) => {
  const answer = await call(agent, 'PATCH', `/tickets/${number}`, body, { 'if-match': `"${revision}"` })
  expect(answer.status).toBe(200)
}
const found = async (field: string) => {
  const answer = await call(agent, 'GET', `/tickets?field=${encodeURIComponent(field)}`)
  return ((await answer.json()) as { items: Ticket[] }).items.map(({ number }) => number)
}

describe('custom fields of many tickets', () => {
  interface Result {
    id: string
    changed: { number: string }[]
    unchanged: string[]
    refused: { number: string; status: number; errors?: { path: string }[] }[]
  }
  const bulk = async (path: string, body: unknown, by = agent) => {
    const answer = await call(by, 'POST', `/tickets/bulk${path}`, body)
    return { status: answer.status, body: (await answer.json()) as Result }
  }
  const shown = async (number: string) =>
    (await (await call(agent, 'GET', `/tickets/${number}`)).json()) as Ticket

  it('are changed at once, each as it alone would be, and taken back', async () => {
    const one = await open({ category_id: laptop, fields: { system: 'pc', price: 5 } })
    const two = await open({ category_id: laptop, fields: { system: 'pc' } })
    const three = await open({})
    const tickets = [one, two, three].map(({ number, revision }) => ({ number, revision }))
    const done = await bulk('', { tickets, fields: { price: '9.5', parts: ['pc'] } })
    expect(done).toMatchObject({
      status: 200,
      body: {
        changed: [{ number: one.number }, { number: two.number }],
        refused: [
          { number: three.number, status: 400, errors: [{ path: 'fields.price' }, { path: 'fields.parts' }] },
        ],
      },
    })
    expect((await shown(one.number)).fields).toEqual({ system: 'pc', price: 9.5, parts: ['pc'] })
    expect(await found('price=9.5')).toEqual([two.number, one.number])
    // Whoever saw the ticket before is told of the field that changed, and of no other.
    expect(
      (await bulk('', { tickets, fields: { price: 1 } })).body.refused.map(({ status }) => status),
    ).toEqual([412, 412, 400])
    expect((await bulk('', { tickets: [tickets[0]], fields: { serial: null } })).body.unchanged).toEqual([
      one.number,
    ])
    await edit(await shown(two.number), { fields: { price: 7 } })
    const back = await bulk(`/${done.body.id}/undo`, { tickets: [one.number, two.number] })
    expect(back.body.changed).toMatchObject([{ number: one.number }])
    expect(back.body.refused).toMatchObject([
      { number: two.number, status: 412, errors: [{ path: 'fields.price' }] },
    ])
    expect((await shown(one.number)).fields).toEqual({ system: 'pc', price: 5 })
  })

  it('come with the category that asks them; wrong answers come back ticket by ticket', async () => {
    const ticket = await open({})
    const which = { tickets: [{ number: ticket.number }] }
    const wrong = await bulk('', { ...which, category_id: laptop, fields: { system: 'amiga' } })
    expect(wrong.body.refused).toMatchObject([{ status: 422, errors: [{ path: 'fields.system' }] }])
    expect((await shown(ticket.number)).category).toBeNull()
    expect(
      (await bulk('', { ...which, category_id: laptop, fields: { system: 'pc' } })).body.changed,
    ).toHaveLength(1)
    expect((await shown(ticket.number)).fields).toEqual({ system: 'pc' })
    expect((await bulk('', { ...which, fields: {} })).status).toBe(422)
    expect((await bulk('', { ...which, fields: { system: { x: 1 } } })).status).toBe(422)
  })
})

describe('custom fields in a search', () => {
  const search = async (q: string) => {
    const answer = await call(agent, 'GET', `/tickets?q=${encodeURIComponent(q)}`)
    const { items, errors } = (await answer.json()) as { items?: Ticket[] } & Problem
    return { status: answer.status, numbers: items?.map(({ number }) => number), errors }
  }
  it('are found in what an import brought before anybody asked for them', async () => {
    const { number } = await open({})
    await sql`update ticket set channel = 'import', fields = '{"meter": "4711", "old_note": "the cellar is wet"}'
      where number = ${number}`.execute(record.db)
    expect(await found('meter>4000')).toEqual([])
    await post('/fields', { label, key: 'meter', type: 'number' })
    await post('/fields', { label, key: 'old_note', type: 'text' })
    expect(await found('meter>4000')).toEqual([number])
    expect(await found('meter>4711')).toEqual([])
    expect(await found('old_note~cellar')).toEqual([number])
  })

  it('are found between numbers and days, by the words of what is written, and by what is chosen', async () => {
    const make = async (price: number, due_on: string, remark: string) =>
      (await open({ category_id: laptop, fields: { system: 'pc', price, due_on, remark } })).number
    const cheap = await make(10_001, '2026-11-02', 'Das rote Lämpchen blinkt, INC-1 too')
    const dear = await make(10_002.5, '2026-12-24', 'red light')
    const numbers = async (q: string) => (await search(q)).numbers
    expect(await numbers('field.price:>10001')).toEqual([dear])
    expect(await numbers('field.price:>=10001,<10002')).toEqual([cheap])
    expect(await numbers('field.price:10001..10002')).toEqual([cheap])
    expect(await numbers('field:price>10000')).toEqual([dear, cheap])
    expect(await numbers('field.due_on:<2026-12-01 field.price:>10000')).toEqual([cheap])
    expect(await numbers('field.due_on:2026-12-01..2026-12-31')).toEqual([dear])
    expect(await numbers('field.remark:lampchen')).toEqual([cheap])
    expect(await numbers('field.remark:"red light"')).toEqual([dear])
    expect(await numbers('field.remark:INC-1')).toEqual([cheap])
    expect(await numbers('field.system:pc field.price:>10000 -field.remark:light')).toEqual([cheap])
    expect(await found('price>10001')).toEqual([dear])
    expect(await found('remark~blinkt')).toEqual([cheap])
    for (const [asked, why] of [
      ['field.price:>much', 'a number'],
      ['field:price>', 'key=value'],
      ['field.price:>2026-13', 'a number'],
    ])
      expect(await search(asked!)).toMatchObject({
        status: 422,
        errors: [{ path: 'field', message: expect.stringContaining(why!) as string }],
      })
    // An answer that changes is found as it is now.
    const now = (await (await call(agent, 'GET', `/tickets/${dear}`)).json()) as Ticket
    await edit(now, { fields: { price: null, remark: 'gone' } })
    expect(await numbers('field.price:>10001')).toEqual([])
    expect(await numbers('field.remark:light')).toEqual([])
  })
})
