import { createDefaultSla, SYSTEM, transact } from '@tocsin/desk'
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

interface Ticket {
  number: string
  state: string
  pending_reason: string | null
  priority: string
  revision: number
  team: { id: string } | null
  assignee: { id: string } | null
  category: { id: string } | null
  tags: string[]
  first_response_at: string | null
  acknowledged_at: string | null
  sla: { target: string; due_at: string | null; state: string }[]
}
interface Result {
  id: string
  changed: { number: string; revision: number }[]
  unchanged: string[]
  refused: { number: string; status: number; detail: string; errors?: { path: string }[] }[]
}

let record: TestDatabase
let api: TestApi
let agent: Someone
let colleague: Someone
let onCall: Someone
let employee: Someone
let stranger: Someone
let team: string
let other: string
let foreign: string
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  ;[team, other, foreign] = [await aTeam(record.db), await aTeam(record.db), await aTeam(record.db)]
  const both = [
    { role: 'agent' as const, teamId: team },
    { role: 'agent' as const, teamId: other },
  ]
  agent = await someone(record.db, both)
  colleague = await someone(record.db, both)
  onCall = await someone(record.db, [{ role: 'on_call', teamId: team }])
  stranger = await someone(record.db, [{ role: 'agent', teamId: foreign }])
  employee = await someone(record.db)
})
afterAll(() => record.drop())

const call = (by: Someone, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  api.call(by.key, method, `/api/v1${path}`, body, headers)
const open = async (more: Record<string, unknown> = {}, by = agent) => {
  const answer = await call(by, 'POST', '/tickets', { kind: 'incident', title: 'x', team_id: team, ...more })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as Ticket).number
}
const several = (count: number, more?: Record<string, unknown>) =>
  Promise.all(Array.from({ length: count }, () => open(more)))
const read = async (number: string, by = agent) =>
  (await (await call(by, 'GET', `/tickets/${number}`)).json()) as Ticket
const verb = async (number: string, name: string, body: unknown = {}, by = agent) =>
  expect((await call(by, 'POST', `/tickets/${number}/${name}`, body)).status).toBe(200)
const named = (numbers: string[]) => numbers.map((number) => ({ number }))
const bulk = async (body: Record<string, unknown>, by = agent, headers?: Record<string, string>) => {
  const answer = await call(by, 'POST', '/tickets/bulk', body, headers)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Result
}
const undo = async (result: Result, by = agent) => {
  const answer = await call(by, 'POST', `/tickets/bulk/${result.id}/undo`, {
    tickets: result.changed.map(({ number }) => number),
  })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Result
}
const linesOf = async (number: string) => {
  const { rows } = await sql<{
    verb: string
    visibility: string
    revision: number
    cause: { id: string } | null
  }>`
    select a.verb, a.visibility, a.revision, a.cause from activity a join ticket t on t.id = a.ticket_id
    where t.number = ${number} order by a.revision`.execute(record.db)
  return rows
}
const category = async () => {
  const { rows } = await sql<{ id: string }>`
    insert into category (key, name) values (${`c${Date.now()}`}, '{"en": "Network"}') returning id`.execute(
    record.db,
  )
  return rows[0]!.id
}

describe('many tickets at once', () => {
  it('become what is wished of them, each with its lines, its history and one revision a line', async () => {
    const [one, two] = (await several(2)) as [string, string]
    await verb(two, 'tag', { names: ['old', 'kept'] })
    const network = await category()
    const result = await bulk({
      tickets: named([one, two]),
      team_id: other,
      assignee_id: colleague.id,
      priority: 'P1',
      category_id: network,
      tag: ['Black Friday'],
      untag: ['old', 'never'],
      note: 'all of these',
      step: { name: 'pend', reason: 'vendor' },
    })
    expect(result.refused).toEqual([])
    expect(result.changed.map(({ number }) => number)).toEqual([one, two].toSorted())
    for (const number of [one, two]) {
      const ticket = await read(number)
      expect(ticket).toMatchObject({
        state: 'pending',
        pending_reason: 'vendor',
        priority: 'P1',
        team: { id: other },
        assignee: { id: colleague.id },
        category: { id: network },
      })
      expect(result.changed).toContainEqual({ number, revision: ticket.revision })
      const lines = await linesOf(number)
      expect(lines.map(({ revision }) => revision)).toEqual(lines.map((_, index) => index + 1))
      const mine = lines.filter(({ cause }) => cause?.id === result.id)
      expect(mine.map((line) => line.verb)).toEqual([
        'assign',
        'edit',
        ...(number === two ? ['untag'] : []),
        'tag',
        'note',
        'pend',
      ])
      expect(mine.at(-2)!.visibility).toBe('internal')
      expect(mine.at(-1)!.visibility).toBe('public')
    }
    expect((await read(two)).tags).toEqual(['black-friday', 'kept'])
    const found = await call(agent, 'GET', '/tickets?q=all%20of%20these')
    expect(((await found.json()) as { items: Ticket[] }).items).toHaveLength(2)
    expect((await bulk({ tickets: named([one]), team_id: other, priority: 'P1' })).unchanged).toEqual([one])
  })

  it('end with the lines, history and clocks that each alone would have', async () => {
    await transact(record.db, SYSTEM, createDefaultSla)
    const urgent = { impact: 'high', urgency: 'high', requester_id: employee.id }
    const [together, alone] = (await several(2, urgent)) as [string, string]
    const wish = { code: 'workaround', reply: 'It is over.' }
    await bulk({
      tickets: named([together]),
      reply: wish.reply,
      step: { name: 'resolve', code: 'workaround' },
    })
    await verb(alone, 'resolve', wish)
    const shapeOf = async (number: string) => {
      const { sla, ...ticket } = await read(number)
      const { rows } = await sql<{ state: string; priority: string }>`
        select s.state, s.priority from ticket_state s join ticket t on t.id = s.ticket_id
        where t.number = ${number} order by s.revision`.execute(record.db)
      const clocks = await sql<{ target: string; state: string; exact: boolean; due: string | null }>`
        select c.target, c.state, c.due_at as due,
               c.elapsed_ms = round(extract(epoch from c.stopped_at - c.started_at) * 1000) as exact
        from sla_clock c join ticket t on t.id = c.ticket_id where t.number = ${number} order by 1`.execute(
        record.db,
      )
      return {
        state: ticket.state,
        answered: ticket.first_response_at !== null,
        sla: sla.map(({ target, state }) => [target, state]),
        lines: (await linesOf(number)).map((line) => [line.verb, line.visibility, line.revision]),
        history: rows,
        clocks: clocks.rows,
      }
    }
    const shape = await shapeOf(together)
    expect(shape).toEqual(await shapeOf(alone))
    expect(shape).toMatchObject({ state: 'resolved', answered: true })
    expect(shape.clocks.map(({ target, state, exact }) => [target, state, exact])).toEqual([
      ['resolution', 'met', true],
      ['response', 'met', true],
    ])
    const messages = await call(employee, 'GET', `/tickets/${together}/messages`)
    const said = ((await messages.json()) as { items: { body: string }[] }).items
    expect(said.map(({ body }) => body)).toEqual(['It is over.'])
  })

  it('are acknowledged by whoever takes them, and their pages end', async () => {
    const numbers = await several(2)
    await bulk({ tickets: named(numbers), assignee_id: agent.id })
    for (const number of numbers) {
      const ticket = await read(number)
      expect(ticket).toMatchObject({ state: 'in_progress', assignee: { id: agent.id } })
      expect(ticket.acknowledged_at).not.toBeNull()
    }
  })

  it('that cannot be changed come back with the reason, and the others are changed', async () => {
    const [good, ended, hidden, seen] = (await several(4)) as [string, string, string, string]
    await verb(ended, 'cancel')
    const theirs = await open({ team_id: foreign }, stranger)
    await verb(hidden, 'assign', { team_id: foreign })
    const stale = (await read(seen)).revision
    await verb(seen, 'assign', { assignee_id: colleague.id })
    const result = await bulk({
      tickets: [...named([good, ended, hidden, theirs, 'INC-99999999']), { number: seen, revision: stale }],
      assignee_id: agent.id,
    })
    expect(result.changed.map(({ number }) => number)).toEqual([good])
    expect(Object.fromEntries(result.refused.map(({ number, status }) => [number, status]))).toEqual({
      [ended]: 409,
      [hidden]: 403,
      [theirs]: 404,
      'INC-99999999': 404,
      [seen]: 412,
    })
    expect(result.refused.find(({ number }) => number === seen)!.errors).toEqual([
      { path: 'assignee_id', message: 'was changed meanwhile' },
    ])
    expect((await read(seen)).assignee!.id).toBe(colleague.id)
    // What nobody changed is no conflict, however far the ticket has gone on.
    const category_id = await category()
    expect((await bulk({ tickets: [{ number: seen, revision: stale }], category_id })).refused).toEqual([])
  })

  it('are found by a filter, and no more than were seen', async () => {
    const numbers = await several(3)
    await bulk({ tickets: named(numbers), tag: ['by-filter'] })
    const filter = { tag: 'by-filter', state: 'open' }
    const other_number = await call(agent, 'POST', '/tickets/bulk', { filter, seen: 2, priority: 'P2' })
    expect(other_number.status).toBe(412)
    const result = await bulk({ filter, seen: 3, priority: 'P2' })
    expect(result.changed.map(({ number }) => number)).toEqual(numbers.toSorted())
    expect((await read(numbers[0]!)).priority).toBe('P2')
    expect((await bulk({ filter: { team: 'no such team' }, priority: 'P1' })).changed).toEqual([])
  })

  it('are changed once for a key, however often it is sent', async () => {
    const [number] = (await several(1)) as [string]
    const body = { tickets: named([number]), note: 'once' }
    const key = { 'idempotency-key': `k${number}` }
    const [first, second] = await Promise.all([bulk(body, agent, key), bulk(body, agent, key)])
    expect(second).toEqual(first)
    expect((await linesOf(number)).filter((line) => line.verb === 'note')).toHaveLength(1)
  })

  it('are taken in turns by two who change the same at once', async () => {
    const numbers = await several(6)
    await Promise.all([
      bulk({ tickets: named(numbers), tag: ['left'] }),
      bulk({ tickets: named(numbers.toReversed()), tag: ['right'] }, colleague),
    ])
    for (const number of numbers) {
      expect((await read(number)).tags).toEqual(['left', 'right'])
      const revisions = (await linesOf(number)).map(({ revision }) => revision)
      expect(revisions).toEqual(revisions.map((_, index) => index + 1))
    }
  })
})

describe('an undo', () => {
  it('brings back what was, where nobody has changed it since', async () => {
    const [one, two, three] = (await several(3)) as [string, string, string]
    await verb(one, 'assign', { assignee_id: colleague.id })
    await verb(one, 'pend', { reason: 'requester' })
    await verb(two, 'tag', { names: ['kept'] })
    const before = await read(one)
    const result = await bulk({
      tickets: named([one, two, three]),
      team_id: other,
      priority: 'P1',
      category_id: await category(),
      tag: ['kept', 'gone'],
      step: { name: 'resolve' },
    })
    expect(result.changed).toHaveLength(3)
    await verb(three, 'reopen')
    await verb(three, 'assign', { assignee_id: agent.id })
    await verb(two, 'note', { body: 'a word since is no change of what is taken back' })
    const back = await undo(result)
    expect(back.changed.map(({ number }) => number)).toEqual([one, two].toSorted())
    expect(back.refused).toMatchObject([{ number: three, status: 412 }])
    expect(await read(one)).toMatchObject({
      state: 'pending',
      pending_reason: 'requester',
      priority: before.priority,
      team: { id: team },
      assignee: { id: colleague.id },
      category: null,
      tags: [],
    })
    expect(await read(two)).toMatchObject({ state: 'in_progress', assignee: null, tags: ['kept'] })
    expect((await read(three)).priority).toBe('P1')
    const again = await undo(back)
    expect(again.refused).toEqual([])
    expect(await read(two)).toMatchObject({ priority: 'P1', team: { id: other }, tags: ['gone', 'kept'] })
  })

  it('is its author’s alone, and of that edit alone', async () => {
    const numbers = await several(1)
    const result = await bulk({ tickets: named(numbers), priority: 'P1' })
    expect((await undo(result, colleague)).refused).toMatchObject([{ status: 404 }])
    expect((await undo({ ...result, id: '01900000-0000-7000-8000-000000000000' })).refused).toMatchObject([
      { status: 404 },
    ])
    expect((await read(numbers[0]!)).priority).toBe('P1')
  })
})

describe('who and what may', () => {
  it('on call answers and notes; planning work is refused; an employee changes nothing', async () => {
    const numbers = await several(1)
    expect((await bulk({ tickets: named(numbers), note: 'seen' }, onCall)).changed).toHaveLength(1)
    expect(
      (await call(onCall, 'POST', '/tickets/bulk', { tickets: named(numbers), priority: 'P1' })).status,
    ).toBe(403)
    expect(
      (await call(employee, 'POST', '/tickets/bulk', { tickets: named(numbers), note: 'x' })).status,
    ).toBe(403)
  })

  it.each([
    [{ tag: ['x'] }, 422],
    [{ tickets: [{ number: 'INC-1' }] }, 400],
    [{ tickets: [], tag: ['x'] }, 422],
    [{ tickets: [{ number: 'INC-1' }], filter: { state: 'open' }, tag: ['x'] }, 422],
    [{ tickets: [{ number: 'INC-1' }], title: 'x' }, 400],
    [{ tickets: [{ number: 'INC-1', wrong: 1 }], tag: ['x'] }, 400],
    [{ filter: { colour: 'red' }, tag: ['x'] }, 400],
    [{ tickets: [{ number: 'INC-1' }], priority: 'P1', impact: 'high' }, 422],
    [{ tickets: [{ number: 'INC-1' }], tag: ['!!!'] }, 422],
    [{ tickets: [{ number: 'INC-1' }], team_id: '01900000-0000-7000-8000-000000000000' }, 422],
    [{ tickets: [{ number: 'INC-1' }], category_id: '01900000-0000-7000-8000-000000000000' }, 422],
  ])('%j is answered %i', async (body, status) => {
    const answer = await call(agent, 'POST', '/tickets/bulk', body)
    expect(answer.status).toBe(status)
  })
})
