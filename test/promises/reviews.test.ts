import { openTickets, setSettings, sweepActions, sweepClosings, SYSTEM, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  asOwner,
  aTeam,
  database,
  setClockOffset,
  type Someone,
  someone,
  startEngine,
  type TestApi,
  testApi,
  type TestDatabase,
  until,
} from '../harness/index.ts'

let record: TestDatabase
let api: TestApi
let team: string
let agent: Someone
let lead: Someone
let owner: Someone
let employee: Someone
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  lead = await someone(record.db, [{ role: 'on_call', teamId: team }])
  owner = await someone(record.db, [{ role: 'agent', teamId: await aTeam(record.db) }])
  employee = await someone(record.db)
})
afterAll(() => record.drop())

interface Action {
  id: string
  incident: string
  title: string
  state: string
  overdue: boolean
  editable: boolean
  due_on: string
  revision: number
  owner: { id: string }
  ticket: { number: string } | null
}
interface Shown {
  state: string
  revision: number
  may: string[]
  actions: Action[]
  times: { what: string }[]
  items: Action[]
  detail: string
  errors: { path: string; message: string }[]
  major_incident: { review: string }
}
const ask = async (by: Someone, method: string, path: string, body?: unknown) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { status: answer.status, json: (await answer.json()) as Shown }
}
const open = async (kind: 'incident' | 'problem', title: string) => {
  const [ticket] = await transact(record.db, SYSTEM, (tx) =>
    openTickets(tx, [{ kind, title, impact: 'high', urgency: 'high', channel: 'desk', teamId: team }]),
  )
  return ticket!
}
async function aSolvedMajor(title = 'Mail is down') {
  const { id, number } = await open('incident', title)
  for (const [verb, body] of [
    ['propose-major', {}],
    ['declare-major', { lead_id: lead.id }],
    ['resolve', {}],
  ] as const)
    expect((await ask(agent, 'POST', `/tickets/${number}/${verb}`, body)).status).toBe(200)
  return { id, number }
}
const texts = { what_happened: '# The switch failed', impact: '400 people', root_cause: 'Firmware' }
const review = (number: string, by = agent) => ask(by, 'GET', `/tickets/${number}/review`)
const write = (number: string, body: object, by = agent) => ask(by, 'PUT', `/tickets/${number}/review`, body)
const act = (number: string, body: object, by = agent) =>
  ask(by, 'POST', `/tickets/${number}/review/actions`, body)
const listed = async (query: string, by = agent) =>
  (await ask(by, 'GET', `/review-actions?${query}`)).json.items.map(({ title }) => title)
const verbsOf = async (number: string) =>
  (
    await sql<{ verb: string }>`
    select verb from activity a join ticket t on t.id = a.ticket_id where t.number = ${number}
      and (verb like '%-review' or verb like '%-action') order by a.revision`.execute(record.db)
  ).rows.map(({ verb }) => verb)

describe('the review of a major incident', () => {
  it('is written once it is solved, and finished when it says what was learnt', async () => {
    const { number } = await aSolvedMajor()
    expect((await review(number)).json).toMatchObject({ state: 'none', revision: 0, may: ['write'] })
    const begun = await write(number, { what_happened: '# The switch failed' })
    expect(begun.json).toMatchObject({ state: 'draft', revision: 1, may: ['write', 'act', 'finish'] })
    expect(begun.json.times.map(({ what }) => what)).toEqual(['opened', 'declared', 'resolved'])
    const early = await ask(agent, 'POST', `/tickets/${number}/review/finish`, {})
    expect([early.status, early.json.errors.map(({ path }) => path)]).toEqual([422, ['impact', 'root_cause']])
    expect((await write(number, texts, lead)).json.revision).toBe(2)
    const late = await write(number, { impact: 'None', seen_revision: 1 })
    expect(late.status).toBe(412)
    const finished = await ask(agent, 'POST', `/tickets/${number}/review/finish`, {})
    expect(finished.json).toMatchObject({ state: 'finished', may: ['act', 'reopen'] })
    expect((await write(number, { impact: 'None' })).status).toBe(409)
    expect((await ask(agent, 'POST', `/tickets/${number}/review/reopen`, {})).json.state).toBe('draft')
    await write(number, { impact: '500 people' })
    expect(await verbsOf(number)).toEqual([
      'start-review',
      'write-review',
      'finish-review',
      'reopen-review',
      'write-review',
    ])
    const { rows } = await sql<{ body: string; line: string }>`
      select w.body, a.after::text as line from wording w join activity a on a.after ->> 'review.impact_was' = w.id::text`.execute(
      record.db,
    )
    expect(rows.map(({ body }) => body)).toEqual(['400 people'])
    expect(rows[0]!.line).not.toContain('people')
  })

  it('is refused with words to whoever may not, and of what is no solved major incident', async () => {
    const { number } = await aSolvedMajor()
    const plain = await open('incident', 'One printer')
    expect((await review(plain.number)).status).toBe(404)
    expect((await write(plain.number, texts)).status).toBe(409)
    expect((await review(number, owner)).status).toBe(404)
    expect((await write(number, texts, employee)).status).toBe(403)
    expect((await ask(agent, 'POST', `/tickets/${number}/review/finish`, {})).status).toBe(409)
    expect((await act(number, { title: 'x', owner_id: owner.id, due_on: '2030-01-01' })).status).toBe(409)
    await ask(agent, 'POST', `/tickets/${number}/reopen`, {})
    const again = await write(number, texts)
    expect([again.status, again.json.detail]).toEqual([409, 'The incident is reviewed once it is solved.'])
  })

  it('comes before the end, if the setting says so', async () => {
    const { number } = await aSolvedMajor()
    const free = await aSolvedMajor()
    const close = (of: string) => ask(agent, 'POST', `/tickets/${of}/close`, {})
    expect((await close(free.number)).status).toBe(200)
    await transact(record.db, SYSTEM, (tx) => setSettings(tx, { review_before_close: true }))
    try {
      const early = await close(number)
      expect([early.status, early.json.detail, early.json.errors]).toEqual([
        422,
        'This step needs first: review.',
        [{ path: 'review', message: 'has not been finished yet' }],
      ])
      await setClockOffset(record.ownerUrl, '6 days')
      await sweepClosings(record.db)
      expect((await ask(agent, 'GET', `/tickets/${number}`)).json.state).toBe('resolved')
      await write(number, texts)
      await ask(agent, 'POST', `/tickets/${number}/review/finish`, {})
      expect((await ask(agent, 'GET', `/tickets/${number}`)).json.major_incident.review).toBe('finished')
      expect((await close(number)).json.state).toBe('closed')
    } finally {
      await setClockOffset(record.ownerUrl, '0')
      await transact(record.db, SYSTEM, (tx) => setSettings(tx, { review_before_close: false }))
    }
  })
})

describe('the list of reviews', () => {
  interface Listed {
    incident: string
    state: string
    lead: { id: string }
  }
  const reviews = async (query: string, by = agent) => {
    const answer = await api.call(by.key, 'GET', `/api/v1/reviews?${query}`)
    return (await answer.json()) as { items: Listed[]; next: string | null }
  }
  const incidents = async (query: string, by = agent) =>
    (await reviews(query, by)).items.map(({ incident }) => incident)

  it('shows which solved majors still lack theirs, the longest wait first, to those who work on them', async () => {
    const first = await aSolvedMajor()
    const second = await aSolvedMajor()
    const open_ = await aSolvedMajor()
    await ask(agent, 'POST', `/tickets/${open_.number}/reopen`, {})
    await ask(agent, 'POST', `/tickets/${first.number}/close`, {})
    await write(second.number, texts)
    const owed = await incidents('state=owed')
    expect(owed.slice(-2)).toEqual([first.number, second.number])
    expect(owed).not.toContain(open_.number)
    expect((await reviews('')).items.slice(-2)).toMatchObject([
      { state: 'none', lead: { id: lead.id } },
      { state: 'draft' },
    ])
    const pages: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await reviews(`limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
      pages.push(...page.items.map(({ incident }) => incident))
      cursor = page.next
    }
    expect(pages).toEqual(owed)
    await ask(agent, 'POST', `/tickets/${second.number}/review/finish`, {})
    expect(await incidents('state=owed')).not.toContain(second.number)
    expect(await incidents('state=finished')).toContain(second.number)
    expect(await incidents('state=owed', owner)).toEqual([])
    expect((await ask(employee, 'GET', '/reviews')).status).toBe(403)
    expect((await ask(agent, 'GET', '/reviews?state=lost')).status).toBe(422)
  })

  it('keeps what somebody begins to write, for them alone, until they save that text', async () => {
    const { number } = await aSolvedMajor()
    const draft = (box: string, body: string) =>
      ask(agent, 'PUT', `/tickets/${number}/drafts/${box}`, { body })
    for (const [box, body] of Object.entries(texts)) expect((await draft(box, body)).status).toBe(200)
    expect((await draft('root-cause', 'x')).status).toBe(422)
    const kept = async (by = agent) => {
      const { json } = await ask(by, 'GET', `/tickets/${number}/drafts`)
      return (json.items as unknown as { box: string }[]).map(({ box }) => box)
    }
    expect(await kept()).toEqual(['impact', 'root_cause', 'what_happened'])
    expect(await kept(lead)).toEqual([])
    expect((await write(number, { impact: 'x', seen_revision: 7 })).status).toBe(412)
    expect(await kept()).toHaveLength(3)
    await write(number, { impact: texts.impact, what_happened: texts.what_happened })
    expect(await kept()).toEqual(['root_cause'])
  })
})

describe('what a review asks for', () => {
  it('is handed out, recalled when it is overdue, once a week by any number of engines, and done', async () => {
    const engine = startEngine(record)
    try {
      const { id, number } = await aSolvedMajor()
      const problem = await open('problem', 'The firmware')
      await asOwner(record.ownerUrl, `update person set zone = 'Pacific/Auckland' where id = $1`, [owner.id])
      await write(number, texts)
      const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
      const asked = { title: '=cmd|Replace it', owner_id: owner.id, due_on: day(3), ticket: problem.number }
      const added = await act(number, asked)
      expect(added.status).toBe(201)
      const [action] = added.json.actions
      expect(action).toMatchObject({ state: 'open', overdue: false, ticket: { number: problem.number } })
      await act(number, { title: 'Watch it', owner_id: lead.id, due_on: day(30) })
      const nobody = await act(number, { ...asked, owner_id: employee.id })
      expect([nobody.status, nobody.json.errors[0]!.path]).toEqual([422, 'owner_id'])
      expect((await act(number, { ...asked, due_on: '2026-02-30' })).status).toBe(422)
      expect((await act(number, { ...asked, ticket: 'PRB-999999' })).status).toBe(404)

      // Whose it is sees it, without a part in the incident; others do not.
      expect(await listed('state=open', owner)).toEqual(['=cmd|Replace it'])
      expect(await listed('owner=me', lead)).toEqual(['Watch it'])
      expect(await listed('state=overdue')).toEqual([])
      const reminders = async () => (await verbsOf(number)).filter((verb) => verb === 'remind-action').length
      // The day is over where its owner is, while it lasts elsewhere.
      const { rows } = await sql<{ ok: boolean }>`
        select due_at = ((due_on + 1)::timestamp at time zone 'Pacific/Auckland') as ok from review_action where id = ${action!.id}`.execute(
        record.db,
      )
      expect(rows).toEqual([{ ok: true }])
      const mails = async () => {
        const sent = await sql<{ template: string }>`
          select template from notice where ticket_id = ${id} and person_id = ${owner.id} and state = 'sent'`.execute(
          record.db,
        )
        return sent.rows.map(({ template }) => template).toSorted()
      }
      for (const [shift, count] of [
        ['0', 0],
        ['1 day', 0],
        ['5 days', 1],
        ['6 days', 1],
        ['13 days', 2],
      ] as const) {
        await setClockOffset(record.ownerUrl, shift)
        await Promise.all([1, 2, 3].map(() => sweepActions(record.db)))
        await until(async () => (await reminders()) === count)
        // What is older than a day is told no more: each is told before time moves on.
        await until(async () => (await mails()).length === 1 + count)
      }
      expect(await listed('state=overdue')).toEqual(['=cmd|Replace it'])
      expect(await mails()).toEqual(['action', 'action-due', 'action-due'])

      const csv = await api.call(agent.key, 'GET', '/api/v1/review-actions?state=all&format=csv')
      expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
      const lines = (await csv.text()).split('\n')
      expect(lines[1]).toContain(`"'=cmd|Replace it"`.replaceAll('"', ''))
      expect(lines[1]).toContain(`,open,true,${problem.number},`)

      const done = await ask(owner, 'PATCH', `/review-actions/${action!.id}`, { done: true })
      expect(done.json).toMatchObject({ state: 'done', overdue: false })
      expect((await ask(owner, 'PATCH', `/review-actions/${action!.id}`, { done: true })).status).toBe(200)
      await setClockOffset(record.ownerUrl, '40 days')
      await sweepActions(record.db)
      expect(await listed('state=done')).toEqual(['=cmd|Replace it'])
      expect(
        (await ask(agent, 'PATCH', `/review-actions/${action!.id}`, { title: 'x', seen_revision: 1 })).status,
      ).toBe(412)
      const other = (await review(number)).json.actions.find(({ title }) => title === 'Watch it')!
      expect((await ask(owner, 'PATCH', `/review-actions/${other.id}`, { done: true })).status).toBe(404)
      expect((await ask(lead, 'PATCH', `/review-actions/${other.id}`, { owner_id: owner.id })).status).toBe(
        200,
      )
      expect((await verbsOf(number)).slice(-4)).toEqual([
        'remind-action',
        'finish-action',
        'remind-action',
        'edit-action',
      ])
    } finally {
      await setClockOffset(record.ownerUrl, '0')
      await engine.stop()
    }
  })
})
