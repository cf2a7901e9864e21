import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  database,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

const TICKETS = 2_300

let record: TestDatabase
let api: TestApi
let admin: Someone
let employee: Someone
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  employee = await someone(record.db)
  for (const [key, asked] of [
    ['serial', true],
    ['price', false],
  ] as const) {
    const field = { key, type: 'text', label: { en: key }, asked }
    // oxlint-disable-next-line no-await-in-loop -- two
    const { status } = await api.call(admin.key, 'POST', '/api/v1/fields', field)
    if (status !== 201) throw new Error(`The field ${key} was answered ${status}.`)
  }
  // Only one behind the first thousand answers anything, also what no form asks any more.
  await sql`
    insert into ticket (number, kind, state, priority, impact, urgency, channel, title, requester_id, created_at, updated_at, fields)
    select 'INC-' || n, 'incident', 'new', 'P3', 'low', 'low', 'portal', 'Ticket ' || n, ${employee.id}, at, at,
      case when n = 500 then '{"serial": "=1+1", "price": "9", "floor": "3", "room": "12"}'::jsonb else '{}' end
    from generate_series(1, ${sql.lit(TICKETS)}) n, lateral (select now() - (${sql.lit(TICKETS)} - n / 2) * interval '1 minute' as at) x`.execute(
    record.db,
  )
  await sql`update ticket set search = search_document(title)`.execute(record.db)
})
afterAll(() => record.drop())

async function file(who: Someone, query = '') {
  const answer = await api.call(who.key, 'GET', `/api/v1/tickets.csv?${query}`)
  expect(answer.status).toBe(200)
  // None of these cells has a comma or a quote.
  const [head, ...lines] = (await answer.text()).replace('\uFEFF', '').trimEnd().split('\n')
  const columns = head!.split(',')
  const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [columns[at], cell])))
  return { columns, rows, numbers: rows.map((row) => row.number) }
}

describe('a list of any length', () => {
  it('is one file, each ticket once and in the order of the list', async () => {
    const { rows } = await sql<{ number: string }>`
      select number from ticket order by created_at desc, id desc`.execute(record.db)
    const all = rows.map(({ number }) => number)
    expect((await file(admin)).numbers).toEqual(all)
    expect((await file(admin, 'limit=1500')).numbers).toEqual(all.slice(0, 1_500))
    expect((await file(admin, 'sort=created&limit=1001')).numbers).toHaveLength(1_001)
    expect((await file(admin, 'q=ticket%20500')).numbers).toContain('INC-500')
    expect((await file(admin, 'state=closed')).numbers).toEqual([])
  })

  it('has columns for what may be answered far behind, and loses no answer that has none', async () => {
    const { columns, rows } = await file(admin)
    expect(columns.filter((column) => column.startsWith('field.'))).toEqual([
      'field.price',
      'field.serial',
      'field.*',
    ])
    expect(rows.find(({ number }) => number === 'INC-500')).toMatchObject({
      'field.serial': "'=1+1",
      'field.price': '9',
      'field.*': 'room=12; floor=3',
    })
  })

  it('tells employees neither questions nor answers that they do not see', async () => {
    const { columns, rows } = await file(employee)
    expect(rows).toHaveLength(TICKETS)
    expect(columns).not.toContain('field.price')
    expect(JSON.stringify(rows.find(({ number }) => number === 'INC-500'))).not.toContain('price')
  })

  it('begins before it is read whole', async () => {
    const answer = await api.call(admin.key, 'GET', '/api/v1/tickets.csv')
    const reader = answer.body!.getReader()
    const { value } = await reader.read()
    expect(new TextDecoder().decode(value).split('\n').length).toBeLessThan(1_100)
    await reader.cancel()
  })
})

it.each(['sort=nonsense', 'limit=0', 'limit=many', 'age=yesterday'])(
  '%s is refused in words',
  async (query) => {
    const answer = await api.call(admin.key, 'GET', `/api/v1/tickets.csv?${query}`)
    expect(answer.status).toBe(422)
  },
)
