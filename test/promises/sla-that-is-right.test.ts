import {
  createDefaultSla,
  readNotices,
  placeActivity,
  sweepMarks,
  sweepRecomputations,
  sweepSlaEscalations,
  sweepSteps,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

/** Policies by conditions, news, teams' own time, pauses by reason, escalating marks and recomputation. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
let record: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let boss: Someone
let team: string
let other: string
let always: string
let elapsed = 0

beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  team = await aTeam(record.db)
  other = await aTeam(record.db)
  agent = await someone(record.db, [
    { role: 'agent', teamId: team },
    { role: 'agent', teamId: other },
  ])
  boss = await someone(record.db, [{ role: 'manager', teamId: team }])
  always = (await transact(record.db, SYSTEM, (tx) => createDefaultSla(tx))).alwaysId
  // Eight in the morning: what is asked of hours by day must not hang on the hour of the run.
  await later((32 * 60 - new Date().getUTCHours() * 60 - new Date().getUTCMinutes()) % (24 * 60))
})
afterAll(() => record.drop())

const later = (minutes: number) => setClockOffset(record.ownerUrl, `${(elapsed += minutes)} minutes`)
async function call<T>(by: Someone, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  const json = (await answer.json()) as T
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`)
  return json
}
interface Clock {
  target: string
  team: { id: string } | null
  state: string
  due_at: string | null
  elapsed_ms: number
  target_ms: number
  breached_at: string | null
  missed: number
  started_at: string
  set_at: string | null
  stopped_at: string | null
  policy: { name: string; version: number }
  segments: { from: string; to: string; kind: string; counts: boolean; why: string }[]
  marks: { percent: number; reached_at: string | null; told: { outcome: object | null }[] }[]
  why: { passed: number; matched: { by: string; value: string; name: string | null }[] }
}
const clocksOf = async (number: string) =>
  Object.fromEntries(
    (await call<{ items: Clock[] }>(agent, 'GET', `/tickets/${number}/sla`)).items.map((one) => [
      one.target,
      one,
    ]),
  )
const open = async (more: object = {}) =>
  (
    await call<{ number: string }>(admin, 'POST', '/tickets', {
      kind: 'incident',
      title: 'Mail is down',
      impact: 'high',
      urgency: 'high',
      team_id: team,
      ...more,
    })
  ).number
const does = (number: string, verb: string, body: object = {}) =>
  call(agent, 'POST', `/tickets/${number}/${verb}`, body)
const policy = (name: string, terms: object) =>
  call<{ id: string }>(admin, 'POST', '/sla-policies', {
    name,
    position: 1,
    kinds: ['incident'],
    calendar_id: always,
    recompute: false,
    ...terms,
  })
const archive = (id: string) => call(admin, 'POST', `/sla-policies/${id}/archive`)
type Due = { sla: Record<string, { target_ms: number; due_at: string | null }> }
interface Line {
  before: Due
  after: Due & { people: string[] }
  cause: object
}
const linesOf = async (number: string, verb: string) => {
  const { rows } = await sql<Line>`
    select a.before, a.after, a.cause from activity a join ticket t on t.id = a.ticket_id
    where t.number = ${number} and a.verb = ${verb} order by a.revision, a.at`.execute(record.db)
  return rows
}
const minutesTo = (to: string | null | undefined, from: string) =>
  to && Math.round((Date.parse(to) - Date.parse(from)) / MINUTE)

describe('a policy', () => {
  it('is chosen by all its conditions, trees and groups among them, and the clock keeps why', async () => {
    const vip = await someone(record.db)
    const group = await call<{ id: string }>(admin, 'POST', '/people-groups', {
      name: 'VIP',
      member_ids: [vip.id],
    })
    const { rows } = await sql<{ id: string; below: string }>`
      with top as (insert into category (key, name) values ('net', '{"en":"Network"}') returning id)
      insert into category (key, name, parent_id) select 'net-wifi', '{"en":"Wi-Fi"}', id from top
      returning parent_id as id, id as below`.execute(record.db)
    const { id: above, below } = rows[0]!
    const made = await policy('VIP network', {
      conditions: { priorities: ['P1'], group_ids: [group.id], category_ids: [above] },
      targets: { P1: { response_ms: 5 * MINUTE, resolution_ms: HOUR } },
    })
    const categorise = async (number: string, category: string) =>
      sql`update ticket set category_id = ${category} where number = ${number}`.execute(record.db)
    const plain = await open({ requester_id: vip.id })
    expect((await clocksOf(plain)).resolution!.policy.name).toBe('Standard')
    expect((await clocksOf(plain)).resolution!.why).toMatchObject({
      passed: 1,
      matched: [{ by: 'kind', value: 'incident' }],
    })
    await categorise(plain, below)
    // The category came past the desk: what asks anew finds it.
    await call(admin, 'POST', '/sla-recomputations')
    await sweepRecomputations(record.db)
    const covered = await clocksOf(plain)
    expect(covered.resolution).toMatchObject({ target_ms: HOUR, policy: { name: 'VIP network', version: 1 } })
    expect(covered.resolution!.why).toMatchObject({
      passed: 0,
      matched: [
        { by: 'kind' },
        { by: 'priority', value: 'P1' },
        { by: 'group', value: group.id, name: 'VIP' },
        { by: 'category', value: above, name: 'Network' },
      ],
    })
    const [line] = await linesOf(plain, 'recompute')
    expect(line).toMatchObject({
      before: { sla: { resolution: { target_ms: 4 * HOUR } } },
      after: { sla: { resolution: { target_ms: HOUR } } },
      cause: { kind: 'person', id: admin.id },
    })
    const refused = await api.call(admin.key, 'POST', `/api/v1/people-groups/${group.id}/archive`)
    expect(refused.status).toBe(409)
    await archive(made.id)
  })

  it('refuses what names nothing, field by field', async () => {
    const answer = await api.call(admin.key, 'POST', '/api/v1/sla-policies', {
      name: 'Wrong',
      kinds: ['incident'],
      calendar_id: always,
      conditions: { group_ids: [always] },
      targets: { P1: { response_ms: MINUTE, resolution_ms: HOUR, update_ms: 5 } },
      olas: [{ team_id: team, calendar_id: null, targets_ms: {} }],
      escalations: [{ target: 'ola', percent: 75, escalation_policy_id: null, person_ids: [], team_ids: [] }],
    })
    const problem = (await answer.json()) as { errors: { path: string }[] }
    expect([answer.status, problem.errors.map((one) => one.path)]).toEqual([
      422,
      ['targets.P1.update_ms', 'olas.0.targets_ms', 'escalations.0'],
    ])
  })

  it('pauses only for the reasons it names', async () => {
    const made = await policy('Vendors are ours', {
      targets: { P1: { response_ms: null, resolution_ms: 2 * HOUR } },
      pause_reasons: ['requester'],
    })
    const number = await open()
    await does(number, 'pend', { reason: 'vendor' })
    await later(30)
    expect((await clocksOf(number)).resolution).toMatchObject({ state: 'running' })
    await does(number, 'pend', { reason: 'requester' })
    await later(60)
    const { resolution } = await clocksOf(number)
    expect(resolution).toMatchObject({ state: 'paused', due_at: null })
    expect(Math.round(resolution!.elapsed_ms / MINUTE)).toBe(30)
    expect(resolution!.segments.map((one) => [one.kind, one.counts])).toEqual(
      expect.arrayContaining([
        ['vendor', true],
        ['requester', false],
      ]),
    )
    const wall = resolution!.segments.reduce((sum, one) => sum + Date.parse(one.to) - Date.parse(one.from), 0)
    expect(wall).toBe(Date.parse(resolution!.segments.at(-1)!.to) - Date.parse(resolution!.started_at))
    await archive(made.id)
  })
})

describe('the clocks beside response and resolution', () => {
  it('owe the requester news, again after each, and keep the periods that came late', async () => {
    const made = await policy('News', {
      targets: { P1: { response_ms: null, resolution_ms: 8 * HOUR, update_ms: HOUR } },
      pause_reasons: null,
    })
    const number = await open()
    await does(number, 'pend', { reason: 'vendor' })
    await later(50)
    await does(number, 'reply', { body: 'Still with the vendor.' })
    const first = (await clocksOf(number)).update!
    expect(first).toMatchObject({ state: 'running', missed: 0, breached_at: null })
    expect(minutesTo(first.due_at, first.started_at)).toBe(60)
    await does(number, 'note', { body: 'To us.' })
    expect((await clocksOf(number)).update!.due_at).toBe(first.due_at)
    await later(61)
    await Promise.all([sweepMarks(record.db), sweepMarks(record.db)])
    expect((await clocksOf(number)).update).toMatchObject({ state: 'breached', breached_at: first.due_at })
    await does(number, 'reply', { body: 'Sorry.' })
    expect((await clocksOf(number)).update).toMatchObject({ state: 'running', missed: 1, breached_at: null })
    expect(await linesOf(number, 'breach')).toHaveLength(1)
    // Late again, and told before any sweep came by.
    await later(70)
    await does(number, 'reply', { body: 'Sorry again.' })
    expect((await clocksOf(number)).update).toMatchObject({ state: 'running', missed: 2 })
    expect(await linesOf(number, 'breach')).toHaveLength(2)
    await does(number, 'resolve')
    expect((await clocksOf(number)).update).toMatchObject({ state: 'met', due_at: null })
    await archive(made.id)
  })

  // What the requester hears of the desk starts the next period; what they say themselves, and what stays inside, does not.
  it.each<[string, boolean, (number: string, requester: Someone) => Promise<unknown>]>([
    ['a public reply', true, (number) => does(number, 'reply', { body: 'We are on it.' })],
    [
      'an update to stakeholders',
      true,
      async (number) => {
        await does(number, 'propose-major')
        await does(number, 'declare-major', { lead_id: agent.id })
        await later(1)
        return does(number, 'update-major', { title: 'Mail', affected: 'All', body: 'We are on it.' })
      },
    ],
    [
      'an answer as it is solved, heard once it is open again',
      true,
      async (number) => {
        await does(number, 'resolve', { reply: 'It works.' })
        return does(number, 'reopen')
      },
    ],
    ['a note', false, (number) => does(number, 'note', { body: 'To us.' })],
    ['an edit', false, (number) => does(number, 'acknowledge')],
    [
      'the requester’s own words',
      false,
      (number, requester) => call(requester, 'POST', `/tickets/${number}/reply`, { body: 'And?' }),
    ],
  ])('take %s as news: %s', async (_what, isNews, tell) => {
    const made = await policy(`News by ${_what}`, {
      targets: { P1: { response_ms: null, resolution_ms: 8 * HOUR, update_ms: HOUR } },
    })
    const requester = await someone(record.db)
    const number = await open({ requester_id: requester.id })
    const first = (await clocksOf(number)).update!
    expect(minutesTo(first.due_at, first.started_at)).toBe(60)
    await later(40)
    await tell(number, requester)
    const { update } = await clocksOf(number)
    expect(update).toMatchObject({ state: 'running', missed: 0 })
    expect(minutesTo(update!.due_at, first.due_at!)).toBeGreaterThanOrEqual(isNews ? 40 : 0)
    if (!isNews) expect(update!.due_at).toBe(first.due_at)
    await does(number, 'cancel')
    await archive(made.id)
  })

  it('count what each team used, and go on where they stood when the ticket comes back', async () => {
    const made = await policy('Teams', {
      targets: { P1: { response_ms: null, resolution_ms: 8 * HOUR } },
      olas: [
        { team_id: team, calendar_id: null, targets_ms: { P1: HOUR } },
        { team_id: other, calendar_id: null, targets_ms: { P1: 2 * HOUR } },
      ],
    })
    const number = await open()
    const ola = async (id: string) =>
      (await call<{ items: Clock[] }>(agent, 'GET', `/tickets/${number}/sla`)).items.find(
        (one) => one.team?.id === id,
      )
    expect(await ola(team)).toMatchObject({ target: 'ola', state: 'running', target_ms: HOUR })
    expect(await ola(other)).toBeUndefined()
    await later(40)
    await does(number, 'assign', { team_id: other })
    expect(await ola(team)).toMatchObject({ state: 'paused', due_at: null })
    expect(await ola(other)).toMatchObject({ state: 'running', target_ms: 2 * HOUR })
    await later(30)
    await does(number, 'assign', { team_id: team })
    await later(10)
    const back = (await ola(team))!
    expect(Math.round(back.elapsed_ms / MINUTE)).toBe(50)
    expect(back.segments.map((one) => one.kind)).toEqual(['queue', 'elsewhere', 'queue'])
    expect(Math.round((await ola(other))!.elapsed_ms / MINUTE)).toBe(30)
    await does(number, 'resolve')
    expect([(await ola(team))?.state, (await ola(other))?.state]).toEqual(['met', 'met'])
    // A requester is shown what they are promised, and nothing of what teams owe each other.
    const employee = await someone(record.db)
    await sql`update ticket set requester_id = ${employee.id} where number = ${number}`.execute(record.db)
    const seen = await call<{ sla: Clock[] }>(employee, 'GET', `/tickets/${number}`)
    expect(seen.sla.map((one) => one.target)).toEqual(['resolution'])
    await archive(made.id)
  })
})

describe('a mark', () => {
  it('pages and tells whom the policy names, once however many engines race, and says why', async () => {
    const escalation = await call<{ id: string }>(admin, 'POST', '/escalation-policies', {
      name: 'SLA duty',
      steps: [{ wait_ms: 0, targets: [{ kind: 'person', id: boss.id }] }],
      repeats: 0,
    })
    const made = await policy('Watched', {
      targets: { P1: { response_ms: null, resolution_ms: HOUR } },
      escalations: [
        {
          target: 'resolution',
          percent: 75,
          escalation_policy_id: null,
          person_ids: [admin.id],
          team_ids: [team],
        },
        {
          target: 'resolution',
          percent: 100,
          escalation_policy_id: escalation.id,
          person_ids: [],
          team_ids: [],
        },
      ],
    })
    const number = await open()
    const race = async (sweep: () => Promise<unknown>) => Promise.all([sweep(), sweep(), sweep()])
    await later(46)
    await race(() => sweepMarks(record.db))
    await race(() => sweepSlaEscalations(record.db))
    const told = await linesOf(number, 'sla-tell')
    expect(told).toHaveLength(1)
    expect(told[0]!.after).toMatchObject({ target: 'resolution', percent: 75 })
    expect(told[0]!.after.people.toSorted()).toEqual([admin.id, boss.id].toSorted())
    await placeActivity(record.db)
    await readNotices(record.db)
    const { rows: notices } = await sql<{ person_id: string }>`
      select n.person_id from notice n join ticket t on t.id = n.ticket_id
      where t.number = ${number} and n.template = 'sla-mark'`.execute(record.db)
    expect(notices).toHaveLength(2)

    await later(20)
    await race(() => sweepMarks(record.db))
    await race(() => sweepSlaEscalations(record.db))
    await race(() => sweepSteps(record.db))
    const page = await call<{ pages: { recipient: { id: string }; why: { sla: object } }[] }>(
      agent,
      'GET',
      `/tickets/${number}`,
    )
    expect(page.pages.filter((one) => one.recipient.id === boss.id)).toHaveLength(1)
    expect(page.pages[0]!.why.sla).toMatchObject({
      target: 'resolution',
      percent: 100,
      policy: { name: 'Watched' },
    })
    const { resolution } = await clocksOf(number)
    expect(resolution!.marks.map((mark) => [mark.percent, mark.told.map((one) => one.outcome)])).toEqual([
      [50, []],
      [75, [{ told: 2 }]],
      [90, []],
      [100, [{ paged: true, told: 0 }]],
    ])
    await archive(made.id)
  })

  it('keeps the policy that it pages by in use, and says when it could page and tell nobody', async () => {
    const escalation = await call<{ id: string }>(admin, 'POST', '/escalation-policies', {
      name: 'Passing duty',
      steps: [{ wait_ms: 0, targets: [{ kind: 'person', id: boss.id }] }],
      repeats: 0,
    })
    const empty = await aTeam(record.db)
    const mark = { target: 'resolution', person_ids: [], team_ids: [] }
    const made = await policy('Unreachable', {
      targets: { P1: { response_ms: null, resolution_ms: HOUR } },
      escalations: [
        { ...mark, percent: 50, escalation_policy_id: null, team_ids: [empty] },
        { ...mark, percent: 75, escalation_policy_id: escalation.id },
      ],
    })
    const gone = await api.call(admin.key, 'POST', `/api/v1/escalation-policies/${escalation.id}/archive`)
    expect([gone.status, ((await gone.json()) as { detail: string }).detail]).toEqual([
      409,
      expect.stringContaining('Unreachable'),
    ])
    // As it would be had it gone in the very moment in which the other was saved.
    await sql`update escalation_policy set archived_at = tocsin_now() where id = ${escalation.id}`.execute(
      record.db,
    )
    const number = await open()
    await later(46)
    await sweepMarks(record.db)
    await sweepSlaEscalations(record.db)
    const { resolution } = await clocksOf(number)
    expect(resolution!.marks.slice(0, 2).map((one) => one.told.map(({ outcome }) => outcome))).toEqual([
      [{ told: 0, reason: 'nobody' }],
      [{ paged: false, told: 0, reason: 'policy-archived' }],
    ])
    await archive(made.id)
  })

  it('asks for nobody once the ticket has ended', async () => {
    const made = await policy('Late', {
      targets: { P1: { response_ms: null, resolution_ms: HOUR } },
      escalations: [
        {
          target: 'resolution',
          percent: 50,
          escalation_policy_id: null,
          person_ids: [boss.id],
          team_ids: [],
        },
      ],
    })
    const number = await open()
    await later(40)
    await sweepMarks(record.db)
    await does(number, 'resolve')
    await sweepSlaEscalations(record.db)
    expect(await linesOf(number, 'sla-tell')).toHaveLength(0)
    expect((await clocksOf(number)).resolution!.marks[0]!.told).toMatchObject([
      { outcome: { reason: 'over' } },
    ])
    await archive(made.id)
  })
})

interface Progress {
  id: string
  done: number
  total: number
  changed: number
  finished_at: string | null
}

describe('a change of what is promised', () => {
  const calendar = (hours: object) =>
    call<{ id: string }>(admin, 'POST', '/calendars', { zone: 'UTC', always: true, ...hours })

  it('reaches open tickets in the background, told with due before and after, and forgives no breach', async () => {
    const hours = await calendar({ name: 'Changing' })
    const made = await policy('Changing', {
      calendar_id: hours.id,
      targets: { P1: { response_ms: 30 * MINUTE, resolution_ms: 10 * HOUR } },
    })
    const late = await open()
    await later(31)
    await sweepMarks(record.db)
    const ended = await open()
    await does(ended, 'resolve')
    const was = await clocksOf(late)
    const endedWas = await clocksOf(ended)

    await call(admin, 'PATCH', `/calendars/${hours.id}`, {
      always: false,
      weekly: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', to: '12:00' })),
    })
    const progress = async () =>
      (await call<{ items: Progress[] }>(agent, 'GET', '/sla-recomputations')).items[0]!
    expect(await progress()).toMatchObject({
      cause: { kind: 'calendar', id: hours.id, name: 'Changing', version: 2 },
      finished_at: null,
      done: 0,
    })
    const swept = await Promise.all([sweepRecomputations(record.db), sweepRecomputations(record.db)])
    expect(swept.filter((rows) => rows > 0)).toHaveLength(1)
    const done = await progress()
    expect(done.done).toBe(done.total)
    expect(done.changed).toBeGreaterThan(0)
    expect(done.changed).toBe(
      (
        await sql`select from activity where verb = 'recompute' and why ->> 'recomputation' = ${done.id}`.execute(
          record.db,
        )
      ).rows.length,
    )
    expect(done.finished_at).not.toBeNull()

    const now = await clocksOf(late)
    expect(now.response).toMatchObject({ state: 'breached', breached_at: was.response!.breached_at })
    expect(now.resolution!.due_at).not.toBe(was.resolution!.due_at)
    // The target is another one, and says since when; the clock runs on from where it began.
    expect(was.resolution!.set_at).toBe(was.resolution!.started_at)
    expect(Date.parse(now.resolution!.set_at!) - Date.parse(was.resolution!.set_at!)).toBeGreaterThan(
      30 * MINUTE,
    )
    expect(now.resolution!.started_at).toBe(was.resolution!.started_at)
    const [line] = await linesOf(late, 'recompute')
    expect(line).toMatchObject({
      before: { sla: { resolution: { due_at: was.resolution!.due_at } } },
      after: { sla: { resolution: { due_at: now.resolution!.due_at } } },
      cause: { kind: 'calendar', id: hours.id },
    })
    expect(await linesOf(late, 'breach')).toHaveLength(1)
    // What has ended keeps its versions; nothing is left for a second time.
    expect(await clocksOf(ended)).toEqual(endedWas)
    expect(await sweepRecomputations(record.db)).toBe(0)
    await archive(made.id)
  })

  it('of holidays that an iCalendar file brought moves what was due on them', async () => {
    const hours = await calendar({ name: 'Holidays' })
    const made = await policy('On holidays', {
      calendar_id: hours.id,
      targets: { P1: { response_ms: null, resolution_ms: HOUR } },
    })
    const week = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', to: '24:00' }))
    await call(admin, 'PATCH', `/calendars/${hours.id}`, { always: false, weekly: week, recompute: false })
    const number = await open()
    const was = (await clocksOf(number)).resolution!
    const days = [0, 1].map((ahead) => new Date(Date.parse(was.started_at) + ahead * 24 * HOUR))
    const [first, after] = days.map((day) => day.toISOString().slice(0, 10).replaceAll('-', ''))
    const asks = { holidays: [], from_year: days[0]!.getUTCFullYear(), to_year: days[1]!.getUTCFullYear() }
    const end = new Date(days[1]!.getTime() + 24 * HOUR).toISOString().slice(0, 10).replaceAll('-', '')
    const text = `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:${first}\r\nDTEND;VALUE=DATE:${end}\r\nSUMMARY:Feast\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`
    const path = '/calendars/holidays-from-ical'
    const read = await call<{ holidays: object[]; added: object[] }>(admin, 'POST', path, { ...asks, text })
    expect(read.added).toEqual(
      [first, after].map((day) => ({
        date: day!.replace(/^(....)(..)(..)$/, '$1-$2-$3'),
        name: 'Feast',
      })),
    )
    expect((await clocksOf(number)).resolution!.due_at).toBe(was.due_at)
    await call(admin, 'PATCH', `/calendars/${hours.id}`, { holidays: read.holidays })
    await sweepRecomputations(record.db)
    const now = (await clocksOf(number)).resolution!
    expect(Date.parse(now.due_at!)).toBe(Date.parse(`${end.replace(/^(....)(..)(..)$/, '$1-$2-$3')}T01:00Z`))
    // Nobody but who may change calendars; bad files by their line, large ones at once.
    expect((await api.call(agent.key, 'POST', `/api/v1${path}`, { text })).status).toBe(403)
    const refused = async (body: object) => {
      const answer = await api.call(admin.key, 'POST', `/api/v1${path}`, body)
      const { errors } = (await answer.json()) as { errors?: { message: string }[] }
      return [answer.status, errors?.[0]?.message]
    }
    expect(await refused({ text: 'BEGIN:VCARD' })).toEqual([422, 'Line 1: expected BEGIN:VCALENDAR.'])
    expect((await refused({ text: 'x'.repeat(600_000) }))[0]).toBe(413)
    expect((await refused({ text, from_year: 2000, to_year: 2100 }))[0]).toBe(422)
    expect((await refused({ text, years: 3 }))[0]).toBe(400)
    await archive(made.id)
  })

  it('leaves what another desk decided as it stands', async () => {
    const hours = await calendar({ name: 'Imported' })
    const made = await policy('Imported', {
      calendar_id: hours.id,
      targets: { P1: { response_ms: null, resolution_ms: HOUR } },
    })
    const number = await open()
    await sql`update sla_clock set imported = true where ticket_id = (select id from ticket where number = ${number})`.execute(
      record.db,
    )
    const was = (await clocksOf(number)).resolution!
    await call(admin, 'PATCH', `/sla-policies/${made.id}`, {
      targets: { P1: { response_ms: null, resolution_ms: 2 * HOUR } },
    })
    await sweepRecomputations(record.db)
    await does(number, 'resolve')
    expect((await clocksOf(number)).resolution).toMatchObject({
      target_ms: HOUR,
      due_at: was.due_at,
      stopped_at: null,
      policy: { version: 1 },
    })
    await archive(made.id)
  })

  it('is told when a ticket is reopened, and waits for the instant from which it holds', async () => {
    const made = await policy('Reopened', { targets: { P1: { response_ms: null, resolution_ms: 5 * HOUR } } })
    const number = await open()
    await does(number, 'resolve')
    await later(60)
    await does(number, 'reopen')
    const [line] = await linesOf(number, 'reopen')
    expect(line!.before.sla.resolution!.due_at).toBeNull()
    expect(line!.after.sla.resolution!.due_at).toBe((await clocksOf(number)).resolution!.due_at)

    const from = new Date(Date.now() + (elapsed + 30) * MINUTE).toISOString()
    await call(admin, 'PATCH', `/sla-policies/${made.id}`, {
      effective_from: from,
      targets: { P1: { response_ms: null, resolution_ms: 6 * HOUR } },
    })
    expect(await sweepRecomputations(record.db)).toBe(0)
    await later(31)
    expect(await sweepRecomputations(record.db)).toBeGreaterThan(0)
    expect((await clocksOf(number)).resolution).toMatchObject({ target_ms: 6 * HOUR, policy: { version: 2 } })
    await archive(made.id)
  })
})
