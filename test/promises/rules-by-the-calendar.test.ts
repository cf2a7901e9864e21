import { randomUUID } from 'node:crypto'
import {
  type AutomationRule,
  createDefaultSla,
  createGroup,
  editTicket,
  MOST_AT_A_TIME,
  openTickets,
  placeActivity,
  readAutomationLines,
  resolveTicket,
  sweepDates,
  sweepFirings,
  sweepQuiet,
  sweepRetention,
  sweepSchedules,
  sweepTrials,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  aTeam,
  database,
  setClockOffset,
  type Someone,
  someone,
  TEST_PUBLIC_URL,
  TEST_SECRET,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

let base: TestDatabase
let api: TestApi
let administrator: Someone
let network: string
let day = 0

beforeAll(async () => {
  base = await database()
  api = testApi(base.db, { databaseUrl: base.url, secret: TEST_SECRET })
  network = await aTeam(base.db, 'Network')
  administrator = await someone(base.db, [{ role: 'administrator' }])
  await transact(base.db, SYSTEM, (tx) => createDefaultSla(tx))
})
// Each begins at eight in the morning of a day of its own, a year apart: what was before is over.
beforeEach(async () => {
  day++
  await at('08:00')
})
afterAll(() => base.drop())

/** The time of a day, some days after the first of this test. */
async function at(time: string, days = 0): Promise<Date> {
  const { rows } = await sql<{ shift: string }>`
    select ((date '2030-01-07' + ${day * 364 + days}::int) + ${time}::time at time zone 'UTC' - now())::text as shift`.execute(
    base.db,
  )
  await setClockOffset(base.ownerUrl, rows[0]!.shift)
  const now = await sql<{ now: Date }>`select tocsin_now() as now`.execute(base.db)
  return now.rows[0]!.now
}
const dayOf = (days = 0) => new Date(Date.UTC(2030, 0, 7 + day * 364 + days)).toISOString().slice(0, 10)

async function call<T = Record<string, unknown>>(method: string, path: string, body?: unknown) {
  const answer = await api.call(administrator.key, method, `/api/v1${path}`, body)
  return { status: answer.status, body: (await answer.json()) as T }
}
const get = async <T>(path: string) => (await call<T>('GET', path)).body
const post = <T = { id: string }>(path: string, body?: unknown) => call<T>('POST', path, body)

const rule = (over: Partial<AutomationRule>): AutomationRule => ({
  id: randomUUID(),
  name: 'A rule',
  enabled: true,
  on: daily(),
  when: `title == "Mine ${day}"`,
  actions: [{ do: 'note', text: 'seen' }],
  last: false,
  ...over,
})
const daily = (over: Partial<Extract<AutomationRule['on'], { kind: 'schedule' }>> = {}) => ({
  kind: 'schedule' as const,
  starts_at: '2026-01-05T09:00:00Z',
  zone: 'UTC',
  rrule: 'FREQ=DAILY',
  opens: null,
  ...over,
})
const before = (over: Partial<Extract<AutomationRule['on'], { kind: 'before' }>>) => ({
  kind: 'before' as const,
  date: 'planned_start' as const,
  field: null,
  minutes: 60,
  ...over,
})
async function publish(rules: AutomationRule[]) {
  const { version } = await get<{ version: number }>('/automation-rules')
  const { status, body } = await call('PUT', '/automation-rules', { base: version, rules })
  expect({ status, body }).toMatchObject({ status: 200 })
}
const open = async (over: Partial<Parameters<typeof openTickets>[1][number]> = {}) => {
  const [ticket] = await transact(base.db, SYSTEM, (tx) =>
    openTickets(tx, [
      {
        kind: 'incident',
        title: `Mine ${day}`,
        impact: 'low',
        urgency: 'low',
        channel: 'desk',
        teamId: network,
        ...over,
      },
    ]),
  )
  return ticket!
}
const edit = (id: string, over: Omit<Parameters<typeof editTicket>[1], 'id'>) =>
  transact(base.db, SYSTEM, (tx) => editTicket(tx, { id, ...over }))

/** As two engines would, until nothing is left to do. */
async function swept(sweep: (db: TestDatabase['db']) => Promise<number>) {
  while ((await Promise.all([sweep(base.db), sweep(base.db)])).some((count) => count > 0));
}
const carriedOut = () => swept((db) => sweepFirings(db, TEST_PUBLIC_URL))
const fired = async ({ id }: AutomationRule) => {
  const { rows } = await sql<{ number: string; state: string; occasion: string }>`
    select t.number, f.state, f.occasion from automation_firing f join ticket t on t.id = f.ticket_id
    where f.rule = ${id} order by f.id`.execute(base.db)
  return rows
}
const numbers = async (one: AutomationRule) => (await fired(one)).map(({ number }) => number)
interface Occurrence {
  at: string
  missed: number
  state: string
  looked: number
  acted: number
  capped: boolean
  opened: { number: string; title: string } | null
}
const occurrences = async ({ id }: AutomationRule) =>
  (await get<{ items: Occurrence[] }>(`/automation-rules/occurrences?rule=${id}`)).items

describe('a schedule', () => {
  test('comes at its time, and acts once on each open ticket that its condition selects', async () => {
    const [mine, ended] = [await open(), await open()]
    const others = await open({ title: 'Another' })
    await transact(base.db, SYSTEM, (tx) => resolveTicket(tx, { id: ended.id }))
    const own = rule({})
    await publish([own])
    const { next } = await get<{ next: { rule: string; at: string }[] }>('/automation-rules')
    expect(next).toEqual([{ rule: own.id, at: `${dayOf()}T09:00:00.000Z` }])
    await at('08:59')
    await swept(sweepSchedules)
    expect(await fired(own)).toEqual([])
    await at('09:01')
    await swept(sweepSchedules)
    await carriedOut()
    expect(await fired(own)).toEqual([
      { number: mine.number, state: 'done', occasion: `${mine.id} ${dayOf()}T09:00:00.000Z` },
    ])
    const [occurrence] = await occurrences(own)
    expect(occurrence).toMatchObject({ missed: 0, state: 'done', acted: 1, capped: false, opened: null })
    expect(occurrence!.looked).toBeGreaterThanOrEqual(2)
    const { items } = await get<{ items: { of: string; kind: string }[] }>(
      `/automation-rules/firings?rule=${own.id}`,
    )
    expect(items).toMatchObject([{ kind: 'schedule', of: `${dayOf()}T09:00:00.000Z` }])
    expect(await numbers(own)).not.toContain(others.number)
  })

  test('fires once for the latest of the times that nobody was there for', async () => {
    const mine = await open()
    const own = rule({})
    await publish([own])
    await at('12:00', 3)
    await swept(sweepSchedules)
    expect(await occurrences(own)).toMatchObject([{ at: `${dayOf(3)}T09:00:00.000Z`, missed: 3 }])
    expect(await numbers(own)).toEqual([mine.number])
    await at('09:00', 4)
    await swept(sweepSchedules)
    expect(await occurrences(own)).toMatchObject([{ missed: 0 }, { missed: 3 }])
  })

  test('acts on a thousand at a time, and says that there were more', async () => {
    await transact(base.db, SYSTEM, (tx) =>
      openTickets(
        tx,
        Array.from({ length: MOST_AT_A_TIME + 1 }, () => ({
          kind: 'request' as const,
          title: `Mine ${day}`,
          impact: 'low' as const,
          urgency: 'low' as const,
          channel: 'desk' as const,
        })),
      ),
    )
    const own = rule({})
    await publish([own])
    await at('09:00')
    await swept(sweepSchedules)
    expect(await occurrences(own)).toMatchObject([{ acted: MOST_AT_A_TIME, capped: true, state: 'done' }])
    expect(await fired(own)).toHaveLength(MOST_AT_A_TIME)
    await sql`delete from automation_firing where rule = ${own.id}`.execute(base.db)
    await sql`update ticket set state = 'closed' where title = ${`Mine ${day}`}`.execute(base.db)
  })

  test('opens a ticket each time, once, and does the rest to it', async () => {
    const own = rule({
      name: 'Backups are checked',
      on: daily({
        rrule: 'FREQ=WEEKLY',
        opens: {
          kind: 'request',
          title: 'Check the backups of {{date}}',
          text: '',
          impact: 'low',
          urgency: 'medium',
          service_id: null,
          category_id: null,
          team_id: network,
          requester_id: administrator.id,
        },
      }),
      when: 'true',
      actions: [{ do: 'tag', names: ['backup'] }],
    })
    const answering = rule({
      on: { kind: 'activity', verbs: ['open'] },
      when: 'by == "rule"',
      actions: [{ do: 'note', text: 'Welcome' }],
    })
    await publish([own, answering])
    await at('09:00')
    await Promise.all(Array.from({ length: 4 }, () => sweepSchedules(base.db)))
    await swept(placeActivity)
    await swept(readAutomationLines)
    await carriedOut()
    const [occurrence] = await occurrences(own)
    expect(occurrence).toMatchObject({
      acted: 1,
      opened: { title: `Check the backups of ${dayOf()}` },
    })
    const { number } = occurrence!.opened!
    expect(await get(`/tickets/${number}`)).toMatchObject({ kind: 'request', tags: ['backup'] })
    const { items } = await get<{ items: { verb: string; actor: { name: string } }[] }>(
      `/tickets/${number}/activity`,
    )
    expect(items[0]).toMatchObject({ verb: 'open', actor: { name: 'Backups are checked' } })
    expect(await numbers(answering)).toEqual([number])
    await at('09:00', 7)
    await swept(sweepSchedules)
    expect(await occurrences(own)).toHaveLength(2)
  })

  test('never feeds itself: what it opened is its own effect, and what comes back by another rule is cut', async () => {
    const opens = { do: 'open' as const, kind: 'incident' as const, text: '', link: 'relates' as const }
    const own = rule({ actions: [{ ...opens, title: `Mine ${day}` }] })
    const [here, there] = [randomUUID(), randomUUID()]
    const other = `Yours ${day}`
    await publish([
      own,
      rule({ id: here, when: `title == "${other}"`, actions: [{ ...opens, title: `Theirs ${day}` }] }),
      rule({
        id: there,
        name: 'And back',
        when: `title == "Theirs ${day}"`,
        actions: [{ ...opens, title: other }],
      }),
    ])
    await open()
    await open({ title: other })
    const opened = async (title: string) => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from ticket where title = ${title}`.execute(base.db)
      return rows[0]!.n
    }
    const comes = async (days: number) => {
      await at('09:00', days)
      await swept(sweepSchedules)
      await carriedOut()
    }
    await comes(0)
    await comes(1)
    await comes(2)
    // One a day for the one that people filed; twice as many each day, were it to feed itself.
    expect(await opened(`Mine ${day}`)).toBe(4)
    const cuts = await sql<{ reason: string }>`
      select distinct reason from automation_firing where rule = ${here} and state = 'cut'`.execute(base.db)
    expect(cuts.rows).toEqual([{ reason: 'loop' }])
    expect(await opened(`Theirs ${day}`)).toBe(3)
  })

  test('opens a ticket that other rules may find left alone, as any other', async () => {
    const title = `Weekly ${day}`
    const opens = {
      kind: 'request' as const,
      title,
      text: '',
      impact: 'low' as const,
      urgency: 'low' as const,
      service_id: null,
      category_id: null,
      team_id: network,
      requester_id: null,
    }
    const own = rule({ on: daily({ opens }), when: 'true', actions: [] })
    const quiet = rule({
      on: { kind: 'unchanged', minutes: 60, states: ['new'] },
      when: `title == "${title}"`,
      actions: [{ do: 'note', text: 'Who takes it?' }],
    })
    await publish([own, quiet])
    await swept(sweepQuiet)
    await at('09:00')
    await swept(sweepSchedules)
    await swept(placeActivity)
    await swept(readAutomationLines)
    await at('10:01')
    await swept(sweepQuiet)
    const [occurrence] = await occurrences(own)
    expect(await numbers(quiet)).toEqual([occurrence!.opened!.number])
  })

  test('begins anew when it was off or has other times, and goes on when something else changed', async () => {
    const own = rule({})
    const nextOf = async () => (await get<{ next: { at: string }[] }>('/automation-rules')).next[0]?.at
    await publish([own])
    await at('12:00', 2)
    await publish([{ ...own, name: 'Renamed' }])
    expect(await nextOf()).toBe(`${dayOf()}T09:00:00.000Z`)
    await publish([{ ...own, on: daily({ starts_at: '2026-01-05T10:00:00Z' }) }])
    expect(await nextOf()).toBe(`${dayOf(3)}T10:00:00.000Z`)
    await publish([{ ...own, enabled: false }])
    expect(await nextOf()).toBeUndefined()
  })
})

describe('before a date', () => {
  const plan = (id: string, start: string, days = 0) =>
    edit(id, {
      change: {
        planned_start: new Date(`${dayOf(days)}T${start}:00Z`),
        planned_end: new Date(`${dayOf(days)}T23:00:00Z`),
      },
    })

  test('a rule acts once, and again where the date moves', async () => {
    const change = await open({ kind: 'change' })
    const near = await open({ kind: 'change' })
    await plan(near.id, '08:30')
    const own = rule({ on: before({}) })
    await publish([own])
    await plan(change.id, '12:00')
    await at('10:59')
    await swept(sweepDates)
    // What was near before the rule was there is not taken up.
    expect(await fired(own)).toEqual([])
    await at('11:00')
    await swept(sweepDates)
    await carriedOut()
    expect(await fired(own)).toMatchObject([{ number: change.number, state: 'done' }])
    await at('11:10')
    await swept(sweepDates)
    expect(await fired(own)).toHaveLength(1)
    await plan(change.id, '15:00')
    await swept(sweepDates)
    expect(await fired(own)).toHaveLength(1)
    await at('14:30')
    await swept(sweepDates)
    expect(await fired(own)).toHaveLength(2)
    // Back to where it was: that date had its turn.
    await at('11:30')
    await plan(change.id, '12:00')
    await swept(sweepDates)
    expect(await fired(own)).toHaveLength(2)
  })

  test('counts at once where it is nearer than that, and where it came while nobody was there', async () => {
    const own = rule({ on: before({ date: 'planned_start' }) })
    await publish([own])
    const [soon, passed] = [await open({ kind: 'change' }), await open({ kind: 'change' })]
    await plan(soon.id, '08:05')
    await plan(passed.id, '11:00')
    await swept(sweepDates)
    expect(await numbers(own)).toEqual([soon.number])
    await at('12:00')
    await swept(sweepDates)
    expect(await numbers(own)).toEqual([soon.number, passed.number])
  })

  test('is a promise of the SLA, or the end of a wait', async () => {
    const due = rule({ on: before({ date: 'resolution', minutes: 30 }) })
    const wait = rule({ on: before({ date: 'pending_until', minutes: 0 }) })
    await publish([due, wait])
    const ticket = await open({ impact: 'high', urgency: 'high' })
    await sql`update ticket set state = 'pending', pending_reason = 'requester', pending_until = ${`${dayOf()}T09:00:00Z`}::timestamptz
      where id = ${ticket.id}`.execute(base.db)
    const { rows } = await sql<{ due_at: Date }>`
      select due_at from sla_clock where ticket_id = ${ticket.id} and target = 'resolution'`.execute(base.db)
    await at(new Date(rows[0]!.due_at.getTime() - 31 * 60_000).toISOString().slice(11, 19))
    await swept(sweepDates)
    const early = await numbers(due)
    await at(new Date(rows[0]!.due_at.getTime() - 29 * 60_000).toISOString().slice(11, 19))
    await swept(sweepDates)
    expect([early, await numbers(due), await numbers(wait)]).toEqual([[], [ticket.number], [ticket.number]])
  })

  test('is a custom field, from the morning of its day, whatever else stands in it', async () => {
    const key = `ends_${day}`
    await post('/fields', { key, label: { en: 'Ends' }, type: 'date', kinds: ['request'] })
    const own = rule({ on: before({ date: 'field', field: key, minutes: 2 * 24 * 60 }) })
    await publish([own])
    const [ticket, odd] = [await open({ kind: 'request' }), await open({ kind: 'request' })]
    await edit(ticket.id, { fields: { [key]: dayOf(3) } })
    await sql`update ticket set fields = ${JSON.stringify({ [key]: '2026-02-30' })}::jsonb where id = ${odd.id}`.execute(
      base.db,
    )
    await at('23:59')
    await swept(sweepDates)
    expect(await fired(own)).toEqual([])
    await at('00:01', 1)
    await swept(sweepDates)
    expect(await numbers(own)).toEqual([ticket.number])
    await edit(ticket.id, { fields: { [key]: dayOf(2) } })
    await swept(sweepDates)
    expect(await numbers(own)).toEqual([ticket.number, ticket.number])
  })
})

describe('what a rule does', () => {
  test('sets custom fields as people may, and what the ticket is not asked is refused and noted', async () => {
    const [size, other] = [`size_${day}`, `other_${day}`]
    await post('/fields', { key: size, label: { en: 'Size' }, type: 'number', kinds: ['incident'] })
    await post('/fields', { key: other, label: { en: 'Other' }, type: 'text', kinds: ['request'] })
    const checklist = (
      await post('/checklist-templates', { name: `List ${day}`, points: [{ text: 'Look' }] })
    ).body.id
    const status = (
      await post('/statuses', { kind: 'incident', key: `s_${day}`, name: { en: 'Seen' }, state: 'new' })
    ).body.id
    const own = rule({
      actions: [
        { do: 'set', fields: { [size]: 4 }, confidential: true },
        { do: 'set', fields: { [other]: 'x' } },
        { do: 'checklist', template_id: checklist },
        { do: 'status', status_id: status },
        { do: 'watch', person_ids: [administrator.id] },
      ],
    })
    const ticket = await open()
    await publish([own])
    await at('09:00')
    await swept(sweepSchedules)
    await carriedOut()
    const { rows } = await sql<{ outcome: { do: string; error?: string }[] }>`
      select outcome from automation_firing where rule = ${own.id}`.execute(base.db)
    expect(rows[0]!.outcome.map(({ error }) => error)).toEqual([
      undefined,
      'invalid',
      undefined,
      undefined,
      undefined,
    ])
    expect(await get(`/tickets/${ticket.number}`)).toMatchObject({
      fields: { [size]: 4 },
      confidential: true,
      status: { id: status },
    })
    const { rows: beside } = await sql`
      select from watcher w join checklist_item c on c.ticket_id = w.ticket_id
      where w.ticket_id = ${ticket.id} and w.person_id = ${administrator.id}`.execute(base.db)
    expect(beside).toHaveLength(1)
  })

  test('may depend on the groups that the requester is in', async () => {
    await transact(base.db, SYSTEM, (tx) =>
      createGroup(tx, { name: `VIP ${day}`, memberIds: [administrator.id] }),
    )
    const [vip] = [await open({ requesterId: administrator.id }), await open()]
    const own = rule({ when: `"VIP ${day}" in groups && title == "Mine ${day}"` })
    await publish([own])
    await at('09:00')
    await swept(sweepSchedules)
    expect(await numbers(own)).toEqual([vip.number])
  })
})

test('a trial tells what schedules and dates would have done', async () => {
  await publish([])
  await at('08:00', -10)
  const ticket = await open({ kind: 'change' })
  await edit(ticket.id, {
    change: {
      planned_start: new Date(`${dayOf(-3)}T09:00:00Z`),
      planned_end: new Date(`${dayOf()}T09:00:00Z`),
    },
  })
  await at('08:00')
  const rules = [
    rule({ name: 'daily', enabled: false }),
    rule({ name: 'before', on: before({}) }),
    rule({
      name: 'opens',
      when: 'true',
      actions: [],
      on: daily({
        opens: {
          kind: 'request',
          title: 'x',
          text: '',
          impact: 'low',
          urgency: 'low',
          service_id: null,
          category_id: null,
          team_id: null,
          requester_id: null,
        },
      }),
    }),
  ]
  const { body } = await post('/automation-rules/trials', {
    rules,
    from: `${dayOf(-12)}T08:00:00Z`,
    to: `${dayOf()}T08:00:00Z`,
  })
  await swept(sweepTrials)
  const trial = await get<{ rules: unknown[] }>(`/automation-rules/trials/${body.id}`)
  expect(trial.rules).toMatchObject([
    { name: 'daily', fired: 10, times: 12, tried: 12 },
    { name: 'before', fired: 1, times: null },
    { name: 'opens', fired: 12, times: 12 },
  ])
})

test('a key keeps each effect single: a reader that begins again, and a walk that does, find it done', async () => {
  const own = rule({ on: { kind: 'activity', verbs: ['open'] } })
  const timed = rule({})
  await publish([own, timed])
  const { rows } = await sql<{ place: number }>`
    select coalesce(max(place), 0)::int as place from activity_place`.execute(base.db)
  await swept(readAutomationLines)
  const ticket = await open()
  await at('09:00')
  await swept(placeActivity)
  await swept(readAutomationLines)
  await swept(sweepSchedules)
  await carriedOut()
  // A copy of the record that is older than its firings, and an engine that lost what it had written down.
  await sql`update feed_cursor set place = ${rows[0]!.place} where reader = 'automation'`.execute(base.db)
  await sql`update automation_occurrence set state = 'running', reached_id = null where rule = ${timed.id}`.execute(
    base.db,
  )
  await sql`update automation_schedule set next_at = ${`${dayOf()}T09:00:00Z`}::timestamptz`.execute(base.db)
  await swept(readAutomationLines)
  await swept(sweepSchedules)
  await carriedOut()
  const { items } = await get<{ items: unknown[] }>(`/tickets/${ticket.number}/messages`)
  expect([await numbers(own), await numbers(timed), items.length]).toEqual([
    [ticket.number],
    [ticket.number],
    2,
  ])
})

test('what rules acted on is forgotten after its days, and what waits is not', async () => {
  const own = rule({})
  await publish([own])
  await open()
  await at('09:00')
  await swept(sweepSchedules)
  const { rows } = await sql<{ id: string }>`select id from automation_firing where rule = ${own.id}`.execute(
    base.db,
  )
  await at('09:00', 100)
  await call('PATCH', '/settings', { keep_automation_days: 90 })
  const log = pino({ level: 'silent' })
  await sweepRetention(base.db, log)
  expect([await fired(own), await occurrences(own)].map((some) => some.length)).toEqual([1, 0])
  await carriedOut()
  await sweepRetention(base.db, log)
  expect(await fired(own)).toEqual([])
  expect(rows).toHaveLength(1)
  expect((await call('PATCH', '/settings', { keep_automation_days: 3 })).status).toBe(422)
})

describe('what is refused', () => {
  const nothing = '0199aaaa-0000-7000-8000-000000000000'
  const opens = {
    kind: 'request' as const,
    title: 'x',
    text: '',
    impact: 'low' as const,
    urgency: 'low' as const,
    service_id: null,
    category_id: null,
    team_id: null,
    requester_id: null,
  }
  test.each<[string, Partial<AutomationRule>]>([
    ['rules.0.on.zone', { on: daily({ zone: 'Mars/Olympus' }) }],
    ['rules.0.on.rrule', { on: daily({ rrule: 'every Sunday' }) }],
    ['rules.0.on.rrule', { on: daily({ rrule: 'FREQ=HOURLY' }) }],
    ['rules.0.on.starts_at', { on: daily({ starts_at: 'soon' }) }],
    ['rules.0.on.opens.team_id', { when: 'true', on: daily({ opens: { ...opens, team_id: nothing } }) }],
    ['rules.0.when', { when: 'priority == "P1"', on: daily({ opens }) }],
    ['rules.0.actions', { actions: [] }],
    ['rules.0.on.field', { on: before({ date: 'field', field: 'nowhere' }) }],
    ['rules.0.on.field', { on: before({ field: 'nowhere' }) }],
    ['rules.0.on.minutes', { on: before({ minutes: -1 }) }],
    ['rules.0.actions.0.fields.nowhere', { actions: [{ do: 'set', fields: { nowhere: 'x' } }] }],
    ['rules.0.actions.0.fields.amount', { actions: [{ do: 'set', fields: { amount: 'much' } }] }],
    ['rules.0.actions.0.fields.amount', { actions: [{ do: 'set', fields: { amount: '' } }] }],
    ['rules.0.actions.0.fields.owner', { actions: [{ do: 'set', fields: { owner: nothing } }] }],
    ['rules.0.actions.0.do', { actions: [{ do: 'set', fields: {} }] }],
    ['rules.0.actions.0.status_id', { actions: [{ do: 'status', status_id: nothing }] }],
    ['rules.0.actions.0.template_id', { actions: [{ do: 'checklist', template_id: nothing }] }],
    ['rules.0.actions.0.person_ids.0', { actions: [{ do: 'watch', person_ids: [nothing] }] }],
  ])('%s %o', async (path, over) => {
    await post('/fields', { key: 'amount', label: { en: 'Amount' }, type: 'number' })
    await post('/fields', { key: 'owner', label: { en: 'Owner' }, type: 'person' })
    const { version } = await get<{ version: number }>('/automation-rules')
    const { status, body } = await call<{ errors: { path: string }[] }>('PUT', '/automation-rules', {
      base: version,
      rules: [rule(over)],
    })
    expect([400, 422]).toContain(status)
    expect(body.errors.map((error) => error.path)).toContain(path)
  })

  test('times that cannot be, and times that can', async () => {
    const asked = { starts_at: '2026-01-05T09:00:00Z', zone: 'Europe/Rome', rrule: 'FREQ=DAILY' }
    expect((await post('/automation-rules/times', { ...asked, rrule: 'FREQ=MINUTELY' })).status).toBe(422)
    const { body } = await post<{ times: string[] }>('/automation-rules/times', asked)
    expect(body.times).toHaveLength(5)
    expect(body.times[0]).toBe(`${dayOf()}T09:00:00.000Z`)
  })
})

test('since when tickets are unchanged is forgotten once no rule may ask', async () => {
  const own = rule({ on: { kind: 'unchanged', minutes: 24 * 60, states: ['new'] } })
  await publish([own])
  await sweepQuiet(base.db)
  const [stays, ends] = [await open(), await open()]
  await post(`/tickets/${ends.number}/cancel`)
  await placeActivity(base.db)
  await swept(readAutomationLines)
  const held = async () => {
    await sweepRetention(base.db, pino({ level: 'silent' }))
    const { rows } = await sql<{ number: string }>`
      select number from automation_quiet join ticket t on t.id = ticket_id where number = any(${[stays.number, ends.number]})
      order by t.id`.execute(base.db)
    return rows.map(({ number }) => number)
  }
  expect(await held()).toEqual([stays.number, ends.number])
  await at('08:30', 3)
  expect(await held()).toEqual([stays.number])
  await publish([])
  await sweepQuiet(base.db)
  expect(await held()).toEqual([])
})
