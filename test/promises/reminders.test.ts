import { sweepReminders } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  aTeam,
  database,
  setClockOffset,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

let base: TestDatabase
let api: TestApi
let agent: Someone
let asker: Someone
let team: string
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  team = await aTeam(base.db)
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  asker = await someone(base.db)
})
afterAll(() => base.drop())
beforeEach(async () => {
  await setClockOffset(base.ownerUrl, '0 seconds')
  await sql`update reminder set state = 'done'`.execute(base.db)
})

interface Reminder {
  id: string
  kind: string
  state: string
  note: string
  due_at: string | null
  ticket: { number: string } | null
}
interface Answered {
  id: string
  number: string
  errors: { path: string }[]
  items: Reminder[]
}
const call = async (method: string, path: string, body?: unknown, by = agent) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as Answered }
}
const opens = async (by = agent) => {
  const body = { kind: 'request', title: 'Secret title', team_id: team, requester_id: asker.id }
  return (await call('POST', '/tickets', body, by)).body.number
}
const remind = (number: string, body: unknown, by = agent) =>
  call('POST', `/tickets/${number}/remind`, body, by)
const mine = async (by = agent) => (await call('GET', '/reminders', undefined, by)).body.items
const after = (interval: string) => setClockOffset(base.ownerUrl, interval)
const notices = async () => {
  const { rows } = await sql<{ person_id: string; number: string }>`
    select n.person_id, t.number from notice n join ticket t on t.id = n.ticket_id
    where n.template = 'reminder' order by n.created_at, n.id`.execute(base.db)
  return rows
}
const sent = async (number: string) => (await notices()).filter((row) => row.number === number).length

describe('a reminder', () => {
  test('comes at its time, once, however many engines sweep', async () => {
    const number = await opens()
    await remind(number, { in_minutes: 30, note: 'Ask for the invoice' })
    expect(await sweepReminders(base.db)).toBe(0)
    await after('31 minutes')
    const swept = await Promise.all([1, 2, 3, 4].map(() => sweepReminders(base.db)))
    expect(swept.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(await mine()).toMatchObject([{ state: 'fired', note: 'Ask for the invoice', ticket: { number } }])
    expect(await sent(number)).toBe(1)
    expect(await sweepReminders(base.db)).toBe(0)
    const { rows } = await sql<{ after: object }>`
      select after from activity where subject_kind = 'reminder' and verb = 'remind'`.execute(base.db)
    expect(JSON.stringify(rows)).not.toContain('invoice')
  })

  test('comes when the requester answers, and not for anything else', async () => {
    const number = await opens()
    await remind(number, { kind: 'answer' })
    await call('POST', `/tickets/${number}/reply`, { body: 'Which one?' })
    await after('40 days')
    expect(await sweepReminders(base.db)).toBe(0)
    await call('POST', `/tickets/${number}/reply`, { body: 'The red one.' }, asker)
    expect(await sweepReminders(base.db)).toBe(1)
    expect(await sent(number)).toBe(1)
  })

  test('comes when nothing has changed by then, and lapses where something has', async () => {
    const [still, moved] = [await opens(), await opens()]
    for (const number of [still, moved]) await remind(number, { kind: 'unchanged', in_minutes: 60 })
    await call('POST', `/tickets/${moved}/note`, { body: 'On it.' })
    await after('61 minutes')
    expect(await sweepReminders(base.db)).toBe(2)
    expect([await sent(still), await sent(moved)]).toEqual([1, 0])
    expect(await mine()).toMatchObject([{ state: 'fired', ticket: { number: still } }])
  })

  test('says nothing of a ticket that its person may not see any more', async () => {
    const number = await opens(await someone(base.db, [{ role: 'agent', teamId: team }]))
    await remind(number, { in_minutes: 5, note: 'x' })
    await sql`update ticket set team_id = ${await aTeam(base.db)} where number = ${number}`.execute(base.db)
    const listed = await mine()
    expect(listed).toMatchObject([{ state: 'waiting', ticket: null }])
    expect(JSON.stringify(listed)).not.toContain('Secret')
    await after('6 minutes')
    expect(await sweepReminders(base.db)).toBe(1)
    expect(await sent(number)).toBe(0)
    expect(await mine()).toEqual([])
  })

  test('is put off, and seen to; it is nobody else’s', async () => {
    const number = await opens()
    const { body } = await remind(number, { in_minutes: 5 })
    await after('6 minutes')
    await sweepReminders(base.db)
    expect((await call('POST', `/reminders/${body.id}/snooze`, { in_minutes: 60 }, asker)).status).toBe(404)
    expect((await call('POST', `/reminders/${body.id}/done`, undefined, asker)).status).toBe(404)
    expect((await call('POST', `/reminders/${body.id}/snooze`, { in_minutes: 60 })).status).toBe(200)
    expect(await mine()).toMatchObject([{ state: 'waiting' }])
    await after('67 minutes')
    expect(await sweepReminders(base.db)).toBe(1)
    expect(await sent(number)).toBe(2)
    for (const _twice of [1, 2]) expect((await call('POST', `/reminders/${body.id}/done`)).status).toBe(200)
    expect(await mine()).toEqual([])
    expect((await call('POST', `/reminders/${body.id}/snooze`, { in_minutes: 60 })).status).toBe(409)
  })

  test('is refused in words where it cannot be', async () => {
    const number = await opens()
    const stranger = await someone(base.db, [{ role: 'agent', teamId: await aTeam(base.db) }])
    const wrong = { status: 422, body: { errors: [{ path: 'at' }] } }
    expect(await remind(number, {})).toMatchObject(wrong)
    expect(await remind(number, { at: '2020-01-01T00:00:00Z' })).toMatchObject(wrong)
    expect(await remind(number, { at: '2199-01-01T00:00:00Z' })).toMatchObject(wrong)
    expect(await remind(number, { at: '2199-01-01T00:00:00Z', in_minutes: 4 })).toMatchObject(wrong)
    expect(await remind(number, { kind: 'answer', in_minutes: 4 })).toMatchObject(wrong)
    expect((await remind(number, { in_minutes: -4 })).status).toBe(422)
    expect((await remind(number, { kind: 'never' })).status).toBe(422)
    expect((await remind(number, { in_minutes: 4, loud: true })).status).toBe(400)
    expect((await remind(number, { in_minutes: 4 }, stranger)).status).toBe(404)
    expect((await remind(number, { in_minutes: 4 }, asker)).status).toBe(201)
  })
})
