import { placeActivity, readWords } from '@tocsin/desk'
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

let record: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let stranger: Someone
let employee: Someone
let team: string
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db, 'Network')
  admin = await someone(record.db, [{ role: 'administrator' }])
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  stranger = await someone(record.db, [{ role: 'agent', teamId: await aTeam(record.db, 'Databases') }])
  employee = await someone(record.db)
})
afterAll(() => record.drop())

const call = (by: Someone, method: string, path: string, body?: unknown) =>
  api.call(by.key, method, `/api/v1${path}`, body)
const open = async (more: Record<string, unknown> = {}) => {
  const answer = await call(admin, 'POST', '/tickets', {
    kind: 'incident',
    title: 'Something stands still',
    team_id: team,
    requester_id: employee.id,
    ...more,
  })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { number: string }).number
}
const say = async (number: string, verb: 'reply' | 'note', body: string) =>
  expect((await call(agent, 'POST', `/tickets/${number}/${verb}`, { body })).status).toBe(200)
const edit = async (number: string, body: unknown) => {
  const etag = (await call(agent, 'GET', `/tickets/${number}`)).headers.get('etag') ?? ''
  return api.call(agent.key, 'PATCH', `/api/v1/tickets/${number}`, body, { 'if-match': etag })
}
const found = async (by: Someone, query: Record<string, string>) => {
  const answer = await call(by, 'GET', `/tickets?${new URLSearchParams(query).toString()}`)
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { items: { number: string }[] }).items
    .map(({ number }) => number)
    .toSorted()
}

describe('a ticket is found', () => {
  it('by what was said in public, by everybody who may see it', async () => {
    const number = await open()
    await say(number, 'reply', 'We reset the Dœnitz gâteway, twice.')
    for (const by of [admin, agent, employee])
      for (const q of ['gateway', 'GÂTE', 'doenitz twice still'])
        expect(await found(by, { q })).toEqual([number])
    expect(await found(stranger, { q: 'gateway' })).toEqual([])
  })

  it('by notes only by those who may read notes, even beside words of their own', async () => {
    const number = await open()
    await say(number, 'note', 'He spilt marmalade into it.')
    await say(number, 'reply', 'A new keyboard is on its way.')
    for (const by of [admin, agent])
      for (const q of ['marmalade', 'keyboard marmal', '"spilt marmalade"'])
        expect(await found(by, { q })).toEqual([number])
    for (const q of ['marmalade', 'keyboard marmal', '"spilt marmalade"'])
      expect(await found(employee, { q })).toEqual([])
    expect(await found(employee, { q: 'keyboard' })).toEqual([number])
    // A requester at another desk reads no notes either.
    const theirs = await open({ requester_id: stranger.id })
    await say(theirs, 'note', 'Quicksilver in the fan.')
    expect(await found(stranger, { q: 'quicksilver' })).toEqual([])
    expect(await found(stranger, { q: 'still' })).toEqual([theirs])
    // Once it was said in public as well, they find it.
    await say(theirs, 'reply', 'It was quicksilver.')
    expect(await found(stranger, { q: 'quicksilver' })).toEqual([theirs])
  })

  it('by words that follow one another, when they are in quotes', async () => {
    const number = await open({ title: 'The red lamp blinks' })
    expect(await found(agent, { q: '"red lamp"' })).toEqual([number])
    expect(await found(agent, { q: 'bli "red lamp' })).toEqual([number])
    for (const q of ['"lamp red"', '"red blinks"', '"red lam"']) expect(await found(agent, { q })).toEqual([])
  })

  it('where no spaces are, by any signs that follow one another', async () => {
    const number = await open({ title: '東京オフィスのプリンターが故障' })
    await say(number, 'reply', '服务器宕机，PC故障已修复')
    for (const q of ['故障', 'プリンター', 'プリン', '東京 故障', '宕机', 'PC故障', '"故障已修复"'])
      expect([q, await found(agent, { q })]).toEqual([q, [number]])
    for (const q of ['障故', '京東', '"修复故障"']) expect(await found(agent, { q })).toEqual([])
  })

  it('by all of its words and its number elsewhere after its title was edited', async () => {
    const number = await open({ title: 'Before' })
    await say(number, 'note', 'Ambergris.')
    await sql`update ticket set source = 'servicenow', external_id = 'SN0042', search = search_of_ticket(id)
      where number = ${number}`.execute(record.db)
    expect((await edit(number, { title: 'Afterwards' })).status).toBe(200)
    for (const q of ['afterwards', 'sn0042', 'ambergris']) expect(await found(agent, { q })).toEqual([number])
    expect(await found(agent, { q: 'before' })).toEqual([])
  })

  it('and what is said is kept, though a document has no more room', async () => {
    const number = await open()
    await sql`update ticket set search = array_to_tsvector(array(select 'lexeme' || n from generate_series(100000, 184000) n))
      where number = ${number}`.execute(record.db)
    await say(number, 'note', Array.from({ length: 11_000 }, (_, n) => `w${100_000 + n}`).join(' '))
    expect(await found(agent, { q: 'lexeme100077' })).toEqual([number])
  })
})

describe('a word that is typed wrong', () => {
  const asked = async (by: Someone, q: string) => {
    const answer = await call(by, 'GET', `/tickets?q=${encodeURIComponent(q)}`)
    return (await answer.json()) as { items: { number: string }[]; instead?: string[] }
  }

  it('finds what has the word that was meant, and says which', async () => {
    const number = await open({ title: 'Thermometer überhitzt, Axis' })
    await placeActivity(record.db)
    while ((await readWords(record.db)) > 0);
    for (const [q, instead] of [
      ['termometer', ['thermometer']],
      ['aixs thermometer', ['axis']],
      ['UBERHITZZT', ['uberhitzt']],
      ['thermometre uberhitst', ['thermometer', 'uberhitzt']],
    ] as const) {
      const answer = await asked(agent, q)
      expect(answer.items.map((one) => one.number)).toEqual([number])
      expect(answer.instead).toEqual(instead)
    }
    expect((await asked(agent, 'thermo')).instead).toBeUndefined()
    expect(await asked(agent, 'qqqqxxxx')).toEqual({ items: [], next: null })
  })

  it('tells nobody a word that they could not have found', async () => {
    const number = await open()
    await say(number, 'note', 'Redundancy')
    await placeActivity(record.db)
    while ((await readWords(record.db)) > 0);
    expect((await asked(agent, 'redundanzy')).instead).toEqual(['redundancy'])
    for (const by of [employee, stranger])
      expect(await asked(by, 'redundanzy')).toEqual({ items: [], next: null })
    // Beside a word like it that they may read, it stays unsaid.
    const theirs = await open({ title: 'redundanty' })
    await placeActivity(record.db)
    while ((await readWords(record.db)) > 0);
    const answer = await asked(employee, 'redundanzy')
    expect(answer.items.map((one) => one.number)).toEqual([theirs])
    expect(answer.instead).toEqual(['redundanty'])
  })

  it('is not kept from what somebody may read by a nearer word that they may not', async () => {
    const number = await open()
    await say(number, 'note', 'Kaleidoscopes')
    const theirs = await open({ title: 'kaleidoskop' })
    await placeActivity(record.db)
    while ((await readWords(record.db)) > 0);
    const answer = await asked(employee, 'kaleidoscope')
    expect(answer.items.map((one) => one.number)).toEqual([theirs])
    expect(answer.instead).toEqual(['kaleidoskop'])
  })
})

describe('time in a filter', () => {
  it('is an age, or days of the reader’s own zone', async () => {
    const young = await open({ title: 'chronos' })
    const old = await open({ title: 'chronos' })
    await sql`update ticket set created_at = '2026-03-01T23:30:00Z', updated_at = '2026-03-10T00:00:00Z' where number = ${old}`.execute(
      record.db,
    )
    await sql`update person set zone = 'Europe/Rome' where id = ${agent.id}`.execute(record.db)
    const chronos = (query: Record<string, string>, by = agent) => found(by, { q: 'chronos', ...query })
    expect(await chronos({ age: '>3d' })).toEqual([old])
    expect(await chronos({ age: '<2h' })).toEqual([young])
    expect(await chronos({ age: '>3d,<2h' })).toEqual([])
    expect(await chronos({ created: '2026-03-02' })).toEqual([old])
    expect(await chronos({ created: '2026-03-02' }, admin)).toEqual([])
    expect(await chronos({ created: '2026-02-01..2026-03-02' })).toEqual([old])
    expect(await chronos({ created: '>2026-03-02' })).toEqual([young])
    expect(await chronos({ created: '<2026-03-02' })).toEqual([])
    expect(await chronos({ created: '..2026-03-02' })).toEqual([old])
    expect(await chronos({ updated: '>1w', sort: '-updated' })).toEqual([old])
    expect(await found(agent, { updated: '2026-03-10' })).toEqual([old])
  })

  it.each([
    'age=3d',
    'age=>3y',
    'age=2026-03-01',
    'created=2026-02-30',
    'created=..',
    'updated=2026-01-012026-01-02',
    'created=>',
  ])('is refused in words: %s', async (query) => {
    const [name, value] = [query.slice(0, query.indexOf('=')), query.slice(query.indexOf('=') + 1)]
    const answer = await call(agent, 'GET', `/tickets?${name}=${encodeURIComponent(value)}`)
    expect(answer.status).toBe(422)
    expect(((await answer.json()) as { errors: { path: string }[] }).errors[0]!.path).toBe(name)
  })
})

describe('what stands before a colon', () => {
  interface Found {
    items: { number: string }[]
    next: string | null
    unknown?: { typed: string; why: string }[]
    detail?: string
    errors?: { path: string }[]
  }
  const typed = async (q: string, more: Record<string, string> = {}, by = agent) => {
    const answer = await call(by, 'GET', `/tickets?${new URLSearchParams({ q, ...more }).toString()}`)
    const body = (await answer.json()) as Found
    return { status: answer.status, ...body, numbers: body.items?.map(({ number }) => number).toSorted() }
  }
  let first: string
  let second: string
  let third: string
  beforeAll(async () => {
    const assignee_id = agent.id
    await sql`update person set email = 'emil@works.test' where id = ${employee.id}`.execute(record.db)
    first = await open({ title: 'Osmium lamp priority:P9', impact: 'high', urgency: 'high', assignee_id })
    second = await open({ title: 'Osmium kettle', impact: 'low', urgency: 'low' })
    const low = { impact: 'low', urgency: 'low', requester_id: stranger.id }
    third = await open({ title: 'Osmium lamp', team_id: null, ...low })
    await sql`update ticket set created_at = tocsin_now() - interval '5 days' where number = ${second}`.execute(
      record.db,
    )
  })

  it('is asked of the ticket, the rest is looked for, in any order', async () => {
    const both = [first, second].toSorted()
    for (const [q, numbers] of [
      ['osmium priority:p1', [first]],
      ['priority:P1 team:network osmium', [first]],
      ['osmium priority:P1,p5 team:NETWORK', both],
      ['osmium age:>3d', [second]],
      ['osmium team:none', [third]],
      ['osmium team:network,none lamp', [first, third].toSorted()],
      ['osmium state:open,resolved', [first, second, third].toSorted()],
      ['osmium "priority p9"', [first]],
      ['osmium "priority:P9"', [first]],
      [`osmium assignee:"${agent.name}"`, [first]],
      ['osmium assignee:me', [first]],
      [`osmium requester:"${stranger.name.toUpperCase()}"`, [third]],
      ['osmium requester:"EMIL@Works.Test" -lamp', [second]],
      ['osmium channel:api,portal -requester:none lamp', [first, third].toSorted()],
      ['osmium channel:email', []],
      [`  ${first.toLowerCase()} `, [first]],
    ] as [string, string[]][])
      expect([q, (await typed(q)).numbers]).toEqual([q, numbers])
    const counted = await call(agent, 'GET', `/tickets/count?q=${encodeURIComponent('osmium priority:P1')}`)
    expect(await counted.json()).toEqual({ count: 1, capped: false })
  })

  it('may be a number without its letters, or several numbers', async () => {
    const speaks = await open({ title: `Osmium, as in ${first.split('-')[1]}` })
    expect((await typed(first.split('-')[1]!)).items.map(({ number }) => number)).toEqual([first, speaks])
    expect((await typed(`#${second.split('-')[1]}`)).numbers).toEqual([second])
    expect((await typed(`${first}, ${second}`)).numbers).toEqual([first, second].toSorted())
    expect((await typed(first.split('-')[1]!, {}, stranger)).numbers).toEqual([])
    await call(admin, 'POST', `/tickets/${speaks}/cancel`)
    await sql`update ticket set search = '' where number = ${speaks}`.execute(record.db)
  })

  it('brings the tickets of a number first, however short a page is', async () => {
    const digits = second.split('-')[1]!
    const named = `REQ-${digits}`
    const request = await open({ kind: 'request', title: 'A stool' })
    await sql`update ticket set number = ${named} where number = ${request}`.execute(record.db)
    const speaks = [await open({ title: `Like ${digits}` }), await open({ title: `As ${digits}` })]
    const all = [named, second, ...speaks.toReversed()]
    for (const limit of [1, 2, 3]) {
      const listed: string[] = []
      for (let cursor: string | null = ''; cursor !== null;) {
        // oxlint-disable-next-line no-await-in-loop -- a page after the other
        const page = await typed(digits, { limit: String(limit), ...(cursor && { cursor }) })
        listed.push(...page.items.map(({ number }) => number))
        cursor = page.next
      }
      expect([limit, listed]).toEqual([limit, all])
    }
    await sql`update ticket set search = '' where number = any(${speaks})`.execute(record.db)
  })

  it('is left out behind a minus, and so are words and phrases', async () => {
    for (const [q, numbers] of [
      ['osmium -priority:P1', [second, third].toSorted()],
      ['osmium -team:network', [third]],
      ['osmium -assignee:me -age:>3d', [third]],
      ['osmium -kettle', [first, third].toSorted()],
      ['osmium -"lamp priority"', [second, third].toSorted()],
      ['osmium -state:open', []],
      ['osmium -state:new', []],
      ['osmium -sla:breached -lamp', [second]],
    ] as [string, string[]][])
      expect([q, (await typed(q)).numbers]).toEqual([q, numbers])
    expect((await typed('-osmium')).numbers).not.toContain(first)
  })

  it('tells nobody by a minus what is in notes that they may not read', async () => {
    await say(second, 'note', 'Ruthenium, says the vendor.')
    expect((await typed('osmium -ruthenium')).numbers).toEqual([first, third].toSorted())
    expect((await typed('osmium -ruthenium', {}, employee)).numbers).toContain(second)
  })

  it('is said where there is none such, or nothing is called so', async () => {
    expect(await typed('osmium colour:red')).toMatchObject({
      status: 200,
      items: [],
      unknown: [{ typed: 'colour:red', why: 'operator' }],
      operators: expect.arrayContaining(['priority', 'requester']),
    })
    expect(await typed('osmium team:netwrok')).toMatchObject({
      items: [],
      unknown: [{ typed: 'team:netwrok', why: 'name' }],
    })
    expect((await typed('osmium team:network,netwrok')).numbers).toEqual([first, second].toSorted())
    expect((await typed('osmium https://a.example/b')).unknown).toBeUndefined()
    for (const q of ['priority:P9', 'state:asleep', 'age:3', 'sla:breached,at_risk', '-kind:cat']) {
      const { status, errors } = await typed(q)
      expect([q, status, errors?.[0]?.path]).toEqual([q, 422, q.replace('-', '').split(':')[0]])
    }
    expect(await typed('priority:P1', { priority: 'P2' })).toMatchObject({
      status: 422,
      errors: [{ path: 'q' }],
    })
  })

  it('answers whatever is typed', async () => {
    const hostile = [
      '½ ①',
      'ŉ ʼn ˈ',
      'm² ﬁn',
      '"',
      '-',
      '--',
      '-"',
      ':',
      'a:b:c',
      '!()&|<->:*',
      "';--",
      '(a+)+$',
    ]
    for (const q of [
      ...hostile,
      '故障 プリンター',
      '🔥',
      '-🔥',
      'team:"',
      'field:x',
      'a'.repeat(300),
      '-a '.repeat(99),
    ])
      expect([q, [200, 422]]).toEqual([q, expect.arrayContaining([(await typed(q)).status])])
    expect((await typed('a'.repeat(10_000))).status).toBe(422)
  })
})

it('a search that cannot end in time says so, and the next one is answered', async () => {
  await record.db.transaction().execute(async (tx) => {
    await sql`lock table ticket in access exclusive mode`.execute(tx)
    const answer = await call(agent, 'GET', '/tickets?q=anything')
    expect(answer.status).toBe(503)
    expect(((await answer.json()) as { detail: string }).detail).toContain('longer than 3 seconds')
  })
  expect(await found(agent, { q: 'nothing of that kind' })).toEqual([])
})
