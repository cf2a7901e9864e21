import { archiveTeam, assignTicket, openTickets, SYSTEM, transact, type Tx } from '@tocsin/desk'
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

let record: TestDatabase
let api: TestApi
let administrator: Someone
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  administrator = await someone(record.db, [{ role: 'administrator' }])
})
afterAll(() => record.drop())

const ask = async <T = Record<string, unknown>>(method: 'GET' | 'POST', path: string, body: unknown = {}) => {
  const answer = await api.call(
    administrator.key,
    method,
    `/api/v1${path}`,
    method === 'GET' ? undefined : body,
  )
  return { status: answer.status, body: (await answer.json()) as T }
}
interface Shown {
  number: string
  state: string
  team: { id: string } | null
  assignee: { id: string } | null
}
const opened = async (more: Record<string, unknown> = {}) => {
  const { status, body } = await ask<Shown>('POST', '/tickets', { kind: 'incident', title: 'Down', ...more })
  expect(status).toBe(201)
  return body
}
const archive = (team: string) => ask('POST', `/teams/${team}/archive`)
const wrong = { status: 422, body: { errors: [{ path: 'team_id' }] } }

/** Begins `first` and holds it before its end, begins `second`, and lets the first end once the second waits for it. */
async function meeting<T>(first: (tx: Tx) => Promise<unknown>, second: () => Promise<T>): Promise<T> {
  const done = Promise.withResolvers<void>()
  const goes = Promise.withResolvers<void>()
  const before = transact(record.db, SYSTEM, async (tx) => {
    await first(tx)
    done.resolve()
    await goes.promise
  })
  await done.promise
  const after = second()
  await until(async () => {
    const { rows } = await sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
      record.db,
    )
    return rows.length > 0
  })
  goes.resolve()
  await before
  return after
}
const idOf = async (number: string) =>
  (await record.db.selectFrom('ticket').select('id').where('number', '=', number).executeTakeFirstOrThrow())
    .id

describe('a team that is archived', () => {
  it('in the instant in which a ticket is handed to it stays, for it has the ticket', async () => {
    const team = await aTeam(record.db)
    const id = await idOf((await opened()).number)
    const answer = await meeting(
      (tx) => assignTicket(tx, { id, teamId: team }),
      () => archive(team),
    )
    expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining('open tickets') } })
  })

  it('in the instant in which one is opened for it stays too', async () => {
    const team = await aTeam(record.db)
    const ticket = { kind: 'incident', title: 'x', impact: 'low', urgency: 'low', channel: 'desk' } as const
    const answer = await meeting(
      (tx) => openTickets(tx, [{ ...ticket, teamId: team }]),
      () => archive(team),
    )
    expect(answer.status).toBe(409)
  })

  it('is handed nothing any more, by one, by many, or at the opening, also by whoever was late', async () => {
    const team = await aTeam(record.db)
    const { number } = await opened()
    const answer = await meeting(
      (tx) => archiveTeam(tx, team),
      () => ask('POST', `/tickets/${number}/assign`, { team_id: team }),
    )
    expect(answer).toMatchObject(wrong)
    expect(await ask('POST', '/tickets/bulk', { tickets: [{ number }], team_id: team })).toMatchObject(wrong)
    expect(await ask('POST', '/tickets', { kind: 'incident', title: 'x', team_id: team })).toMatchObject(
      wrong,
    )
  })

  it('is passed over where a service or a category names it: what comes is opened all the same', async () => {
    const [gone, there] = [await aTeam(record.db), await aTeam(record.db)]
    const service = await ask<{ id: string }>('POST', '/services', {
      key: 'shop',
      name: { en: 'Shop' },
      team_id: there,
    })
    const category = await ask<{ id: string }>('POST', '/categories', {
      key: 'tills',
      name: { en: 'Tills' },
      team_id: gone,
    })
    const about = { service_id: service.body.id, category_id: category.body.id }
    expect((await opened(about)).team?.id).toBe(gone)
    await record.db.updateTable('ticket').set({ state: 'closed' }).where('team_id', '=', gone).execute()
    expect((await archive(gone)).status).toBe(200)
    expect((await opened(about)).team?.id).toBe(there)
    expect((await archive(gone)).status).toBe(404)
  })

  it('gets no ticket back: what is reopened is nobody’s', async () => {
    const team = await aTeam(record.db)
    const agent = await someone(record.db, [{ role: 'agent', teamId: team }])
    const numbers: string[] = []
    for (const one of ['by itself', 'among many']) {
      const { number } = await opened({ title: one, team_id: team, assignee_id: agent.id })
      await ask('POST', `/tickets/${number}/resolve`)
      numbers.push(number)
    }
    expect((await archive(team)).status).toBe(200)
    await ask('POST', `/tickets/${numbers[0]}/reopen`)
    await ask('POST', '/tickets/bulk', { tickets: [{ number: numbers[1] }], step: { name: 'reopen' } })
    for (const number of numbers)
      expect((await ask<Shown>('GET', `/tickets/${number}`)).body).toMatchObject({
        state: 'in_progress',
        team: null,
        assignee: null,
      })
  })
})
