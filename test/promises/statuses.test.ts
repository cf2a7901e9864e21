import { archiveStatus, SYSTEM, transact } from '@tocsin/desk'
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
  until,
} from '../harness/index.ts'

type Ticket = {
  number: string
  state: string
  pending_reason: string | null
  status: { key: string; color: string | null } | null
  statuses: { key: string; move: string | null }[]
}

let record: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let employee: Someone
let team: string
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  employee = await someone(record.db, [])
})
afterAll(() => record.drop())

const call = (by: Someone, method: string, path: string, body?: unknown) =>
  api.call(by.key, method, `/api/v1${path}`, body)
const add = async (key: string, state: string, more: Record<string, unknown> = {}) => {
  const answer = await call(admin, 'POST', '/statuses', {
    kind: 'incident',
    key,
    name: { en: key, fr: key, it: key },
    state,
    ...more,
  })
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { id: string }).id
}
const open = async (more: Record<string, unknown> = {}) =>
  (await (
    await call(agent, 'POST', '/tickets', { kind: 'incident', title: 'It fails', team_id: team, ...more })
  ).json()) as Ticket
const step = async (number: string, name: string, body: Record<string, unknown>, by = agent) => {
  const answer = await call(by, 'POST', `/tickets/${number}/${name}`, body)
  return { code: answer.status, ...((await answer.json()) as Ticket) }
}
const historyOf = async (number: string) => {
  const { rows } = await sql<{ state: string; key: string | null }>`
    select h.state, s.key from ticket_state h join ticket t on t.id = h.ticket_id
    left join ticket_status s on s.id = h.status_id where t.number = ${number} order by h.revision`.execute(
    record.db,
  )
  return rows.map(({ state, key }) => (key ? `${state}/${key}` : state))
}

describe('statuses of one’s own', () => {
  it('go with a step or stay in the state; the lifecycle decides, and what is left is told', async () => {
    const parts = await add('parts', 'pending', { pending_reason: 'vendor' })
    const watched = await add('watched', 'in_progress')
    const { number, statuses } = await open()
    expect(statuses.map(({ key, move }) => [key, move])).toEqual([
      ['parts', 'pend'],
      ['watched', 'start'],
    ])
    expect((await step(number, 'status', { status_id: parts })).code).toBe(409)
    expect((await step(number, 'resume', { status_id: watched })).code).toBe(409)
    expect((await step(number, 'start', { status_id: parts })).code).toBe(409)
    expect((await step(number, 'pend', { status_id: parts, reason: 'requester' })).code).toBe(422)
    expect((await step(number, 'pend', {})).code).toBe(422)
    expect(await step(number, 'pend', { status_id: parts })).toMatchObject({
      code: 200,
      state: 'pending',
      pending_reason: 'vendor',
      status: { key: 'parts' },
    })
    expect(await step(number, 'pend', { reason: 'requester' })).toMatchObject({ status: null })
    expect(await step(number, 'status', { status_id: parts })).toMatchObject({ pending_reason: 'vendor' })
    expect(await step(number, 'resume', { status_id: watched })).toMatchObject({ status: { key: 'watched' } })
    expect(await step(number, 'resolve', {})).toMatchObject({ state: 'resolved', status: null })
    expect(await historyOf(number)).toEqual([
      'new',
      'pending/parts',
      'pending',
      'pending/parts',
      'in_progress/watched',
      'resolved',
    ])
    const { items } = (await (await call(agent, 'GET', `/tickets/${number}/activity`)).json()) as {
      items: { verb: string; before: unknown; after: unknown; names: Record<string, string> }[]
    }
    const resumed = items.find(({ verb }) => verb === 'resume')!
    expect(resumed.before).toMatchObject({ status_id: parts, state: 'pending' })
    expect(resumed.after).toMatchObject({ status_id: watched, state: 'in_progress' })
    expect(resumed.names).toMatchObject({ [parts]: 'parts', [watched]: 'watched' })
    expect(items.at(-1)).toMatchObject({ before: { status_id: watched }, after: { status_id: null } })
  })

  it('have a colour of their own, or that of their state', async () => {
    const id = await add('watched-closely', 'in_progress', { color: 'violet' })
    const { number } = await open()
    expect(await step(number, 'start', { status_id: id })).toMatchObject({ status: { color: 'violet' } })
    expect((await call(admin, 'PATCH', `/statuses/${id}`, { color: null })).status).toBe(200)
    expect(await (await call(agent, 'GET', `/tickets/${number}`)).json()).toMatchObject({
      status: { color: null },
    })
    for (const color of ['mauve', '#f00', 7])
      expect((await call(admin, 'PATCH', `/statuses/${id}`, { color })).status).toBe(422)
  })

  it('leave a ticket that its requester’s answer wakes', async () => {
    const asked = await add('asked', 'pending', { pending_reason: 'requester' })
    const { number } = await open({ requester_id: employee.id })
    expect(await step(number, 'pend', { status_id: asked })).toMatchObject({ pending_reason: 'requester' })
    expect((await call(employee, 'POST', `/tickets/${number}/reply`, { body: 'Here' })).status).toBe(200)
    expect(await (await call(agent, 'GET', `/tickets/${number}`)).json()).toMatchObject({
      state: 'in_progress',
      status: null,
    })
  })

  it('are found by, listed, and counted by their state', async () => {
    const found = await add('found', 'in_progress')
    const { number } = await open()
    await step(number, 'start', { status_id: found })
    const numbers = async (query: string) =>
      ((await (await call(agent, 'GET', `/tickets?${query}`)).json()) as { items: Ticket[] }).items.map(
        (one) => [one.number, one.status?.key],
      )
    for (const query of [
      'status=found',
      `status=${found}`,
      'status=found,nothing',
      'status=found&state=in_progress',
    ])
      expect(await numbers(query)).toEqual([[number, 'found']])
    expect(await numbers('status=found&state=pending')).toEqual([])
    expect(await numbers('status=nothing')).toEqual([])
    expect((await numbers('status=none')).map(([one]) => one)).not.toContain(number)
    expect((await numbers('state=in_progress')).map(([one]) => one)).toContain(number)
  })

  it('are archived: tickets keep them, nobody chooses them, even while they are being chosen', async () => {
    const old = await add('old', 'in_progress')
    const { number } = await open()
    await step(number, 'start', { status_id: old })
    const other = await open()
    await step(other.number, 'start', {})
    let asked: ReturnType<typeof step> | undefined
    await transact(record.db, SYSTEM, async (tx) => {
      await archiveStatus(tx, old)
      asked = step(other.number, 'status', { status_id: old })
      await until(async () => {
        const { rows } = await sql`select from pg_locks where not granted`.execute(record.db)
        return rows.length > 0
      })
    })
    expect((await asked)!.code).toBe(422)
    const kept = (await (await call(agent, 'GET', `/tickets/${number}`)).json()) as Ticket
    expect(kept.status).toMatchObject({ key: 'old' })
    expect(kept.statuses.map(({ key }) => key)).not.toContain('old')
    expect((await step(number, 'status', { status_id: null })).status).toBeNull()
    expect((await step(number, 'status', { status_id: old })).code).toBe(422)
    expect((await call(admin, 'POST', `/statuses/${old}/restore`)).status).toBe(200)
    expect((await step(number, 'status', { status_id: old })).code).toBe(200)
  })

  it('that contradict the ticket’s state or kind are refused by the database, whoever writes them', async () => {
    const closing = await add('closing', 'closed')
    const { number } = await open()
    await expect(
      sql`update ticket set status_id = ${closing} where number = ${number}`.execute(record.db),
    ).rejects.toThrow('ticket_status_fits')
    await step(number, 'resolve', {})
    expect(await step(number, 'close', { status_id: closing })).toMatchObject({ status: { key: 'closing' } })
    await expect(
      sql`update ticket set state = 'in_progress' where number = ${number}`.execute(record.db),
    ).rejects.toThrow('ticket_status_fits')
  })

  it('are the administrators’ to arrange, in words and number', async () => {
    const add = (body: Record<string, unknown>, by = admin) =>
      call(by, 'POST', '/statuses', { kind: 'incident', key: 'x', name: { en: 'x' }, state: 'new', ...body })
    const id = ((await (await add({})).json()) as { id: string }).id
    expect((await add({})).status).toBe(409)
    expect((await add({ key: 'mine' }, agent)).status).toBe(403)
    expect((await add({ key: 'y', state: 'fixing' })).status).toBe(422)
    expect((await add({ key: 'y', state: 'assess', kind: 'change' })).status).toBe(201)
    expect((await add({ key: 'y', pending_reason: 'vendor' })).status).toBe(422)
    expect((await add({ key: 'No good' })).status).toBe(422)
    expect((await add({ key: 'z', kind: 'request' })).status).toBe(201)
    const patch = (body: unknown) => call(admin, 'PATCH', `/statuses/${id}`, body)
    expect((await patch({ name: { en: 'Looked at' }, seen_revision: 1 })).status).toBe(200)
    expect((await patch({ position: 4, seen_revision: 1 })).status).toBe(412)
    expect((await patch({ state: 'pending' })).status).toBe(400)
    expect((await patch({ pending_reason: 'vendor' })).status).toBe(422)
    expect((await patch({})).status).toBe(400)
    expect((await call(admin, 'PATCH', `/statuses/${crypto.randomUUID()}`, { position: 1 })).status).toBe(404)
    await sql`insert into ticket_status (kind, key, name, state)
      select 'problem', 'p' || n, '{"en":"p"}', 'new' from generate_series(1, 49) n`.execute(record.db)
    const last = await Promise.all(['a', 'b'].map((key) => add({ kind: 'problem', key })))
    expect(last.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
  })

  it('are for those who work on the ticket', async () => {
    const ended = await add('ended', 'cancelled')
    const ticket = await open({ requester_id: employee.id })
    expect((await step(ticket.number, 'cancel', { status_id: ended }, employee)).code).toBe(403)
    const seen = (await (await call(employee, 'GET', `/tickets/${ticket.number}`)).json()) as Ticket
    expect(seen.statuses).toEqual([])
    expect((await step(ticket.number, 'cancel', { status_id: ended })).status).toMatchObject({ key: 'ended' })
    expect((await step(ticket.number, 'status', { status_id: crypto.randomUUID() })).code).toBe(422)
  })
})
