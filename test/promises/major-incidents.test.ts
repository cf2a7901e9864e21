import {
  declareMajor,
  openTickets,
  proposeMajor,
  sweepMajors,
  sweepUpdateReminders,
  SYSTEM,
  transact,
  updateMajor,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  asOwner,
  aTeam,
  database,
  setClockOffset,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
  until,
} from '../harness/index.ts'

let record: TestDatabase
let api: TestApi
let team: string
let agent: Someone
let colleague: Someone
let onCall: Someone
let employee: Someone
let foreign: Someone & { team: string }
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  colleague = await someone(record.db, [{ role: 'agent', teamId: team }])
  onCall = await someone(record.db, [{ role: 'on_call', teamId: team }])
  const other = await aTeam(record.db)
  foreign = { ...(await someone(record.db, [{ role: 'agent', teamId: other }])), team: other }
  employee = await someone(record.db)
})
afterAll(() => record.drop())

interface Shown {
  number: string
  state: string
  may: string[]
  major: string | null
  major_incident: {
    state: string
    lead: { id: string } | null
    proposed_by: { id: string } | null
    why: unknown
  } | null
}
const ask = async (by: Someone, method: string, path: string, body?: unknown) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { status: answer.status, json: (await answer.json()) as never }
}
const told = async (by: Someone, method: string, path: string, body?: unknown): Promise<Shown> => {
  const { status, json } = await ask(by, method, path, body)
  expect({ path, status: status < 300 ? 'ok' : json }).toEqual({ path, status: 'ok' })
  return json
}
const step = (by: Someone, number: string, verb: string, body: unknown = {}) =>
  ask(by, 'POST', `/tickets/${number}/${verb}`, body)
const verbsOf = async (number: string, by = agent) => {
  const { json } = await ask(by, 'GET', `/tickets/${number}/activity`)
  return (json as { items: { verb: string }[] }).items
    .map(({ verb }) => verb)
    .filter((verb) => verb === 'note' || verb.endsWith('-major'))
}
const found = async (by: Someone, query: string) => {
  const { json } = await ask(by, 'GET', `/tickets?${query}`)
  return (json as { items: Shown[] }).items.map(({ number }) => number)
}
const open = async (
  more: {
    parentId?: string
    requesterId?: string
    grave?: boolean
    kind?: 'incident' | 'request'
    teamId?: string
  } = {},
) => {
  const { grave, kind = 'incident', ...rest } = more
  const level = grave ? 'high' : 'low'
  const [ticket] = await transact(record.db, SYSTEM, (tx) =>
    openTickets(tx, [
      { kind, title: 'Mail hangs', impact: level, urgency: level, channel: 'desk', teamId: team, ...rest },
    ]),
  )
  return ticket!
}

describe('a major incident', () => {
  it('is proposed by whoever is on call, declared with its lead by who assigns work, handed on and taken back', async () => {
    const { number } = await open({ requesterId: employee.id })
    expect((await told(onCall, 'GET', `/tickets/${number}`)).may).toContain('propose-major')
    const proposed = await told(onCall, 'POST', `/tickets/${number}/propose-major`, { note: 'All of Lyon' })
    expect(proposed).toMatchObject({ major: 'candidate', major_incident: { proposed_by: { id: onCall.id } } })
    expect(proposed.may.filter((name) => name.endsWith('-major'))).toEqual([])
    expect((await step(onCall, number, 'declare-major', { lead_id: onCall.id })).status).toBe(403)
    expect(await told(employee, 'GET', `/tickets/${number}`)).toMatchObject({
      major: null,
      major_incident: null,
    })
    expect(await found(employee, 'major=candidate')).toEqual([])

    const { status, json } = await step(agent, number, 'declare-major', { lead_id: employee.id })
    expect([status, (json as { errors: { path: string }[] }).errors[0]!.path]).toEqual([422, 'lead_id'])
    const shown = await told(agent, 'POST', `/tickets/${number}/declare-major`, { lead_id: onCall.id })
    expect(shown).toMatchObject({ major: 'declared', major_incident: { lead: { id: onCall.id } } })
    expect(await told(employee, 'GET', `/tickets/${number}`)).toMatchObject({
      major: 'declared',
      major_incident: null,
    })
    expect(await found(agent, 'major=declared')).toContain(number)
    expect(await found(employee, 'major=declared')).toEqual([number])

    const handed = await told(agent, 'POST', `/tickets/${number}/hand-major`, { lead_id: colleague.id })
    expect(handed.major_incident).toMatchObject({ lead: { id: colleague.id } })
    expect((await step(agent, number, 'reject-major')).status).toBe(422)
    expect(
      (await told(agent, 'POST', `/tickets/${number}/reject-major`, { reason: 'One printer' })).major,
    ).toBeNull()
    expect(await verbsOf(number)).toEqual([
      'note',
      'propose-major',
      'declare-major',
      'hand-major',
      'note',
      'reject-major',
    ])
    expect(await verbsOf(number, employee)).toEqual(['declare-major'])
    expect((await told(agent, 'POST', `/tickets/${number}/propose-major`, {})).major).toBe('candidate')
  })

  it('refuses with words what is no step, another kind, an ended one, a foreign one', async () => {
    const { number } = await open()
    expect((await step(foreign, number, 'propose-major')).status).toBe(404)
    const early = await step(agent, number, 'declare-major', { lead_id: agent.id })
    expect([early.status, (early.json as { detail: string }).detail]).toEqual([
      409,
      'It was not proposed as a major incident.',
    ])
    const request = await open({ kind: 'request' })
    expect((await step(agent, request.number, 'propose-major')).status).toBe(409)
    await told(agent, 'POST', `/tickets/${number}/resolve`, {})
    expect((await step(agent, number, 'propose-major')).status).toBe(409)
    expect((await ask(agent, 'GET', '/tickets?major=huge')).status).toBe(422)
  })

  it('is declared once, however many declare it at once', async () => {
    const { number } = await open()
    await told(agent, 'POST', `/tickets/${number}/propose-major`, {})
    const answers = await Promise.all(
      [agent, colleague, agent, colleague].map((one) =>
        step(one, number, 'declare-major', { lead_id: one.id }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409])
    expect((await verbsOf(number)).filter((verb) => verb === 'declare-major')).toHaveLength(1)
  })

  it('is proposed by the desk itself where a P1 has open parts, once by any number of engines, and never after a no', async () => {
    const grave = await open({ grave: true })
    const light = await open()
    for (const parentId of [grave.id, grave.id, light.id, light.id, light.id]) await open({ parentId })
    expect(await sweepMajors(record.db)).toBe(0)
    await open({ parentId: grave.id })
    const swept = await Promise.all([1, 2, 3].map(() => sweepMajors(record.db)))
    expect(swept.reduce((sum, count) => sum + count, 0)).toBe(1)
    const shown = await told(agent, 'GET', `/tickets/${grave.number}`)
    expect(shown.major_incident).toMatchObject({
      state: 'candidate',
      proposed_by: null,
      why: { rule: 'open_parts', priority: 'P1', parts: 3, at_least: 3 },
    })
    expect((await verbsOf(grave.number)).filter((verb) => verb === 'propose-major')).toHaveLength(1)
    await told(agent, 'POST', `/tickets/${grave.number}/reject-major`, { reason: 'Known' })
    expect(await sweepMajors(record.db)).toBe(0)
  })

  it('takes its open parts along when it is resolved, with one answer to all; reopened, it takes none', async () => {
    const major = await open()
    const parent = { parentId: major.id }
    const asked = await open({ ...parent, requesterId: employee.id })
    const request = await open({ ...parent, kind: 'request' })
    const ended = await open(parent)
    const elsewhere = await open({ ...parent, teamId: foreign.team })
    await told(agent, 'POST', `/tickets/${ended.number}/cancel`, {})
    const resolve = { reply: 'Mail works again.', parts: true }
    const early = await step(agent, major.number, 'resolve', resolve)
    expect([early.status, (early.json as { detail: string }).detail]).toEqual([
      409,
      'Only a declared major incident takes its parts along.',
    ])
    await told(agent, 'POST', `/tickets/${major.number}/propose-major`, {})
    await told(agent, 'POST', `/tickets/${major.number}/declare-major`, { lead_id: agent.id })
    expect((await told(agent, 'POST', `/tickets/${major.number}/resolve`, resolve)).state).toBe('resolved')

    const states = await record.db
      .selectFrom('ticket')
      .select(['number', 'state'])
      .where('parent_id', '=', major.id)
      .orderBy('created_at')
      .execute()
    expect(Object.fromEntries(states.map((one) => [one.number, one.state]))).toEqual({
      [asked.number]: 'resolved',
      [request.number]: 'resolved',
      [ended.number]: 'cancelled',
      [elsewhere.number]: 'new',
    })
    const { json } = await ask(employee, 'GET', `/tickets/${asked.number}/activity`)
    const lines = (json as { items: { verb: string; cause: unknown; message: { body: string } | null }[] })
      .items
    const cause = { kind: 'ticket', id: major.id }
    expect(lines.slice(-2)).toMatchObject([
      { verb: 'reply', cause, message: { body: 'Mail works again.' } },
      { verb: 'resolve', cause },
    ])
    await told(agent, 'POST', `/tickets/${major.number}/reopen`, {})
    expect((await told(agent, 'GET', `/tickets/${asked.number}`)).state).toBe('resolved')
  })

  it('hands out its timeline, to each reader what they may see, with hostile words inert', async () => {
    const { number } = await open({ requesterId: employee.id })
    await told(agent, 'POST', `/tickets/${number}/note`, { body: '# Boo\n<script>alert(1)</script>' })
    await told(agent, 'POST', `/tickets/${number}/reply`, { body: 'We [look](http://evil.example)' })
    const read = async (by: Someone, end: string) => {
      const answer = await api.call(by.key, 'GET', `/api/v1/tickets/${number}/timeline.${end}`)
      return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
    }
    const markdown = await read(agent, 'md')
    expect(markdown.type).toBe('text/markdown; charset=utf-8')
    expect(markdown.text).toContain(`# ${number.replace('-', String.raw`\-`)} Mail hangs`)
    expect(markdown.text).toContain(String.raw`> \# Boo  ` + '\n' + String.raw`> \<script\>alert\(1\)`)
    expect(markdown.text).toContain(String.raw`> We \[look\]\(http\://evil\.example\)`)
    const theirs = await read(employee, 'md')
    expect(theirs.text).toContain('evil')
    expect(theirs.text).not.toContain('Boo')
    const lines = JSON.parse((await read(agent, 'json')).text) as { items: { message: unknown }[] }
    expect(lines.items.filter(({ message }) => message)).toHaveLength(2)
    for (const end of ['md', 'json']) expect((await read(foreign, end)).status).toBe(404)
  })
})

describe('an update and the reminder of it', () => {
  // The clock that decides, with a gate: a look has begun, and what it looks at is settled, but it has locked nothing yet.
  const GATED = `create or replace function tocsin_now() returns timestamptz(3) language plpgsql volatile as $$ begin
    perform pg_advisory_lock_shared(4711);
    perform pg_advisory_unlock_shared(4711);
    return (clock_timestamp() + coalesce((select shift from clock_offset), interval '0'))::timestamptz(3);
  end $$`

  it('that comes while others look for what is due is not recalled after it was sent', async () => {
    const own = await database()
    const gate = new Client({ connectionString: own.ownerUrl })
    await gate.connect()
    try {
      const leads = await someone(own.db, [{ role: 'agent', teamId: await aTeam(own.db) }])
      const as = <T>(work: Parameters<typeof transact<T>>[2]) =>
        transact(own.db, { kind: 'person', id: leads.id }, work)
      const { id } = await as(async (tx) => {
        const [ticket] = await openTickets(tx, [
          { kind: 'incident', title: 'Mail hangs', impact: 'high', urgency: 'high', channel: 'desk' },
        ])
        await proposeMajor(tx, { id: ticket!.id })
        await declareMajor(tx, { id: ticket!.id, leadId: leads.id })
        return ticket!
      })
      await setClockOffset(own.ownerUrl, '25 minutes')
      await asOwner(own.ownerUrl, GATED)
      const written = Promise.withResolvers<void>()
      const sent = Promise.withResolvers<void>()
      const updating = as(async (tx) => {
        await updateMajor(tx, { id, title: 'Mail', affected: 'All', body: 'We are on it.' })
        written.resolve()
        await sent.promise
      })
      await written.promise
      await gate.query('select pg_advisory_lock(4711)')
      const looking = sweepUpdateReminders(own.db)
      await until(async () => {
        const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted`.execute(
          own.db,
        )
        return rows.length === 1
      })
      sent.resolve()
      await updating
      await gate.query('select pg_advisory_unlock(4711)')
      await looking
      const { rows } = await sql<{ verb: string }>`
        select verb from activity where ticket_id = ${id} and verb in ('update-major', 'remind-update')`.execute(
        own.db,
      )
      expect(rows).toEqual([{ verb: 'update-major' }])
      // The promise that it made is recalled in its time, once.
      await setClockOffset(own.ownerUrl, '50 minutes')
      await Promise.all([1, 2, 3].map(() => sweepUpdateReminders(own.db)))
      const { rows: later } = await sql<{ reminder: string }>`
        select after ->> 'reminder' as reminder from activity where ticket_id = ${id} and verb = 'remind-update'`.execute(
        own.db,
      )
      expect(later).toEqual([{ reminder: 'due' }])
    } finally {
      await gate.end()
      await own.drop()
    }
  })
})
