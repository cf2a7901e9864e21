import { createItem, resolveTicket, SYSTEM, transact } from '@tocsin/desk'
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

type Ticket = { number: string; revision: number; fields: Record<string, unknown> }
type Problem = { detail: string; errors: { path: string; message: string }[] }
type Field = { id: string; key: string; revision: number; options?: { value: string; retired?: boolean }[] }

let record: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let employee: Someone
let team: string
let hardware: string
let laptop: string
const ids: Record<string, string> = {}
const yes = [
  { value: 'mac', label: { en: 'Mac' } },
  { value: 'pc', label: { en: 'PC' } },
]
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  employee = await someone(record.db)
  hardware = await post('/categories', { key: 'hardware', name: { en: 'Hardware' } })
  laptop = await post('/categories', { key: 'laptop', name: { en: 'Laptop' }, parent_id: hardware })
  for (const field of [
    { key: 'system', type: 'select', options: yes, category_ids: [hardware], asked: true, required: true },
    {
      key: 'serial',
      type: 'text',
      category_ids: [laptop],
      visible_when: { field: 'system', is: ['mac'] },
      required: true,
      asked: true,
      position: 1,
    },
    { key: 'price', type: 'number', category_ids: [laptop], position: 2 },
    { key: 'parts', type: 'multiselect', options: yes, category_ids: [laptop], position: 3 },
    { key: 'checked', type: 'checkbox', kinds: ['request'], position: 4 },
  ])
    ids[field.key] = await post('/fields', { label: { en: field.key }, ...field })
})
afterAll(() => record.drop())

const call = (by: Someone, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  api.call(by.key, method, `/api/v1${path}`, body, headers)
const post = async (path: string, body: unknown) => {
  const answer = await call(admin, 'POST', path, body)
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { id: string }).id
}
const open = async (more: Record<string, unknown>, by = agent) => {
  const answer = await call(by, 'POST', '/tickets', {
    kind: 'incident',
    title: 'It fails',
    ...(by === agent && { team_id: team }),
    ...more,
  })
  return { status: answer.status, body: (await answer.json()) as Ticket & Problem }
}
const edit = async (ticket: Ticket, body: Record<string, unknown>) => {
  const answer = await call(agent, 'PATCH', `/tickets/${ticket.number}`, body, {
    'if-match': `"${ticket.revision}"`,
  })
  return { status: answer.status, body: (await answer.json()) as Ticket & Problem }
}
const paths = (problem: Problem) => problem.errors.map(({ path }) => path)
const found = async (field: string, by = agent) =>
  (
    (await (await call(by, 'GET', `/tickets?field=${encodeURIComponent(field)}`)).json()) as {
      items: Ticket[]
    }
  ).items.map(({ number }) => number)

describe('custom fields', () => {
  it('are asked of tickets of their category, and of those beneath it, and of no others', async () => {
    const missing = await open({ category_id: laptop })
    expect({ status: missing.status, paths: paths(missing.body) }).toEqual({
      status: 422,
      paths: ['fields.system'],
    })
    const foreign = await open({ fields: { system: 'pc', no_such: 1 } })
    expect({ status: foreign.status, paths: paths(foreign.body) }).toEqual({
      status: 400,
      paths: ['fields.system', 'fields.no_such'],
    })
    const good = await open({
      category_id: laptop,
      fields: { system: 'pc', price: '1200.5', parts: ['pc', 'mac'] },
    })
    expect(good.body.fields).toEqual({ system: 'pc', price: 1200.5, parts: ['mac', 'pc'] })
    expect((await open({ category_id: hardware, fields: { system: 'pc', price: 1 } })).status).toBe(400)
    expect((await open({ kind: 'request', fields: { checked: true } })).body.fields).toEqual({
      checked: true,
    })
  })

  it('that another answer shows must be answered then, and cannot be otherwise', async () => {
    const shown = await open({ category_id: laptop, fields: { system: 'mac' } })
    expect(paths(shown.body)).toEqual(['fields.serial'])
    const hidden = await open({ category_id: laptop, fields: { system: 'pc', serial: 'C02' } })
    expect(paths(hidden.body)).toEqual(['fields.serial'])
    const { body: ticket } = await open({ category_id: laptop, fields: { system: 'mac', serial: 'C02' } })
    // What stood stays with the ticket when it is asked no more.
    const { body: now } = await edit(ticket, { fields: { system: 'pc' } })
    expect(now.fields).toEqual({ system: 'pc', serial: 'C02' })
    const { body: cleared } = await edit(now, { fields: { system: 'mac', serial: null } })
    expect(paths(cleared)).toEqual(['fields.serial'])
  })

  it('changed by two at once show both sides, unless they changed different ones', async () => {
    const { body: ticket } = await open({ category_id: laptop, fields: { system: 'pc' } })
    expect((await edit(ticket, { fields: { price: 1 } })).status).toBe(200)
    expect((await edit(ticket, { fields: { parts: ['mac'] } })).status).toBe(200)
    const late = await edit(ticket, { fields: { price: 2 } })
    expect({ status: late.status, paths: paths(late.body) }).toEqual({ status: 412, paths: ['fields.price'] })
  })

  it('are found by their values, of every type, and hidden ones by nobody else', async () => {
    const { body: ticket } = await open({
      category_id: laptop,
      fields: { system: 'mac', serial: 'A,B=C', price: 42, parts: ['pc'] },
    })
    for (const asked of ['serial=A\\,B=C', 'price=42', 'parts=pc,price=42', 'price=41,price=42'])
      expect(await found(asked)).toEqual([ticket.number])
    expect(await found('price=42,system=pc')).toEqual([])
    expect((await call(agent, 'GET', '/tickets?field=nonsense')).status).toBe(422)
    const own = (await open({ category_id: laptop, fields: { system: 'pc' } }, employee)).body
    await edit(own, { fields: { price: 77 } })
    expect(await found('price=77')).toEqual([own.number])
    expect(await found('price=77', employee)).toEqual([])
    const seen = (await (await call(employee, 'GET', `/tickets/${own.number}`)).json()) as Ticket
    expect(seen.fields).toEqual({ system: 'pc' })
    expect((await open({ category_id: laptop, fields: { system: 'pc', price: 1 } }, employee)).status).toBe(
      400,
    )
  })

  it('that must be answered in the end are asked of whoever resolves, and of nothing that recovers', async () => {
    const network = await post('/categories', { key: 'network', name: { en: 'Network' } })
    const field = await post('/fields', {
      key: 'cause',
      type: 'text',
      label: { en: 'Cause' },
      required_at_end: true,
      category_ids: [network],
    })
    const resolve = async ({ number }: Ticket, body: Record<string, unknown> = {}) => {
      const answer = await call(agent, 'POST', `/tickets/${number}/resolve`, body)
      return { status: answer.status, body: (await answer.json()) as Ticket & Problem }
    }
    const { body: ticket } = await open({ category_id: network })
    const refused = await resolve(ticket, { reply: 'Done.' })
    expect({ status: refused.status, paths: paths(refused.body) }).toEqual({
      status: 422,
      paths: ['fields.cause'],
    })
    const many = await call(agent, 'POST', '/tickets/bulk', {
      tickets: [{ number: ticket.number }],
      step: { name: 'resolve' },
    })
    expect(await many.json()).toMatchObject({ refused: [{ number: ticket.number, status: 422 }] })
    expect((await resolve(ticket, { fields: { no_such: 1 } })).status).toBe(400)
    expect((await resolve(ticket, { fields: { cause: '' } })).status).toBe(422)
    expect(await resolve(ticket, { fields: { cause: 'Rust' } })).toMatchObject({
      status: 200,
      body: { state: 'resolved', fields: { cause: 'Rust' } },
    })
    expect((await resolve((await open({})).body)).status).toBe(200)
    const { body: other } = await open({ category_id: network })
    const byItself = await record.db
      .selectFrom('ticket')
      .select('id')
      .where('number', '=', other.number)
      .executeTakeFirstOrThrow()
    await transact(record.db, SYSTEM, (tx) => resolveTicket(tx, { id: byItself.id, code: 'recovered' }))
    expect((await call(admin, 'PATCH', `/fields/${field}`, { required_at_end: false })).status).toBe(200)
    expect((await resolve((await open({ category_id: network })).body)).status).toBe(200)
  })

  it('stand in the list and in its file, to each reader as the ticket shows them', async () => {
    const { body: ticket } = await open(
      { title: '=1+1', category_id: laptop, fields: { system: 'mac', serial: '@SUM(A1)' } },
      employee,
    )
    await edit(ticket, { fields: { price: 9 } })
    await call(agent, 'POST', `/tickets/${ticket.number}/tag`, { names: ['vpn'] })
    const rowOf = async (by: Someone) => {
      const answer = await call(by, 'GET', '/tickets.csv?field=serial=@SUM(A1)')
      expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
      // None of these cells has a comma or a quote.
      const [head, row] = (await answer.text()).replace('\uFEFF', '').split('\n')
      const cells = row!.split(',')
      return Object.fromEntries(head!.split(',').map((column, place) => [column, cells[place]]))
    }
    expect(await rowOf(agent)).toMatchObject({
      number: ticket.number,
      title: "'=1+1",
      category: 'laptop',
      tags: 'vpn',
      'field.system': 'mac',
      'field.serial': "'@SUM(A1)",
      'field.price': '9',
    })
    expect(await rowOf(employee)).toMatchObject({ number: ticket.number, tags: '', 'field.system': 'mac' })
    expect(await rowOf(employee)).not.toHaveProperty('field.price')
    expect((await call(agent, 'GET', '/tickets.csv?sort=nonsense')).status).toBe(422)
    const lineOf = async (by: Someone) => {
      const answer = await call(by, 'GET', '/tickets?fields=price,serial,none&field=serial=@SUM(A1)')
      return ((await answer.json()) as { items: { answers: Ticket }[] }).items[0]!.answers.fields
    }
    expect(await lineOf(agent)).toEqual({ price: 9, serial: '@SUM(A1)' })
    expect(await lineOf(employee)).toEqual({ serial: '@SUM(A1)' })
  })

  it('join the questions of the catalogue, one form for the employee', async () => {
    await transact(record.db, SYSTEM, (tx) =>
      createItem(tx, {
        key: 'new-laptop',
        kind: 'request',
        name: { en: 'Laptop' },
        categoryId: laptop,
        fields: [
          { key: 'urgent', label: { en: 'Urgent?' }, type: 'checkbox', required: false },
          {
            key: 'until',
            label: { en: 'Until' },
            type: 'date',
            required: true,
            visible_when: { field: 'urgent', is: ['true'] },
          },
        ],
      }),
    )
    const file = (fields: unknown) => call(employee, 'POST', '/catalogue/new-laptop/file', { fields })
    const refused = (await (await file({ urgent: true })).json()) as Problem
    expect(paths(refused)).toEqual(['fields.until', 'fields.system'])
    expect((await file({ system: 'pc', price: 3 })).status).toBe(400)
    const filed = (await (await file({ system: 'pc' })).json()) as Ticket
    expect(filed.fields).toEqual({ urgent: false, system: 'pc' })
  })

  it('are never lost: choices retire, definitions are kept, what others lean on stays', async () => {
    const list = async (query = '') =>
      ((await (await call(agent, 'GET', `/fields${query}`)).json()) as { items: Field[] }).items
    const { body: ticket } = await open({
      category_id: laptop,
      fields: { system: 'pc', parts: ['mac', 'pc'] },
    })
    expect((await call(admin, 'PATCH', `/fields/${ids.parts}`, { options: yes.slice(1) })).status).toBe(200)
    expect((await list()).find(({ key }) => key === 'parts')?.options).toMatchObject([
      { value: 'pc' },
      { value: 'mac', retired: true },
    ])
    const kept = await edit(ticket, { fields: { price: 5 } })
    expect(kept.body.fields).toMatchObject({ parts: ['pc', 'mac'], price: 5 })
    expect(
      paths((await open({ category_id: laptop, fields: { system: 'pc', parts: ['mac'] } })).body),
    ).toEqual(['fields.parts'])
    expect((await call(admin, 'POST', `/fields/${ids.system}/archive`)).status).toBe(409)
    expect((await call(admin, 'POST', `/fields/${ids.price}/archive`)).status).toBe(200)
    expect((await list()).some(({ key }) => key === 'price')).toBe(false)
    expect((await list('?archived=true')).some(({ key }) => key === 'price')).toBe(true)
    const versions = (await (await call(admin, 'GET', `/fields/${ids.price}/versions`)).json()) as {
      items: unknown[]
    }
    expect(versions.items).toHaveLength(2)
    const after = (await (await call(agent, 'GET', `/tickets/${ticket.number}`)).json()) as Ticket
    expect(after.fields).toMatchObject({ price: 5 })
  })

  it('cannot be defined so that they make no sense', async () => {
    const refused = async (body: unknown) => {
      const answer = await call(admin, 'POST', '/fields', body)
      return { status: answer.status, paths: paths((await answer.json()) as Problem) }
    }
    const label = { en: 'x' }
    expect(await refused({ key: 'Bad Key', type: 'text', label })).toEqual({ status: 422, paths: ['key'] })
    expect(await refused({ key: 'choice', type: 'select', label })).toEqual({
      status: 422,
      paths: ['options'],
    })
    expect(
      await refused({ key: 'lean', type: 'text', label, visible_when: { field: 'serial', is: ['x'] } }),
    ).toEqual({ status: 422, paths: ['visible_when'] })
    expect((await call(admin, 'POST', '/fields', { key: 'serial', type: 'text', label })).status).toBe(409)
    const one = await post('/fields', { key: 'one', type: 'checkbox', label })
    await post('/fields', {
      key: 'two',
      type: 'checkbox',
      label,
      visible_when: { field: 'one', is: ['true'] },
    })
    const circle = await call(admin, 'PATCH', `/fields/${one}`, {
      visible_when: { field: 'two', is: ['true'] },
    })
    expect(circle.status).toBe(422)
    expect((await call(agent, 'POST', '/fields', { key: 'mine', type: 'text', label })).status).toBe(403)
  })
})
