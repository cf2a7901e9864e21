import { createService, sweepMarks, sweepRecomputations, SYSTEM, transact } from '@tocsin/desk'
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

/**
 * Lives of tickets that were worked out on paper. Rome is an hour ahead of UTC in winter, two in summer; its office is open
 * from Monday to Friday, 9 to 13 and 14 to 18, and closed at Epiphany. A P3 is promised an answer in 1 h, an end in 8 h.
 */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
let record: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let team: string
const made: Record<string, { service: string; policy: string; calendar: string }> = {}

const every = (days: number[], ...spans: [string, string][]) =>
  days.flatMap((day) => spans.map(([from, to]) => ({ day, from, to })))
const OFFICE = {
  zone: 'Europe/Rome',
  weekly: every([1, 2, 3, 4, 5], ['09:00', '13:00'], ['14:00', '18:00']),
  holidays: [{ date: '2027-01-06', name: 'Epifania' }],
}
const NIGHTS = {
  zone: 'Europe/Rome',
  weekly: every([1, 2, 3, 4, 5, 6, 7], ['22:00', '24:00'], ['00:00', '06:00']),
}
const EARLY = { zone: 'Australia/Lord_Howe', weekly: every([1, 2, 3, 4, 5, 6, 7], ['00:00', '06:00']) }

beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  team = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }])
  await clockAt('2027-01-01T00:00Z')
  const { id: always } = await call<{ id: string }>('POST', '/calendars', {
    name: 'A',
    zone: 'UTC',
    always: true,
  })
  // Each has a policy and a calendar of its own, so that what one changes is no matter to another.
  for (const [position, [key, hours]] of Object.entries({
    office: OFFICE,
    calendar: OFFICE,
    policy: OFFICE,
    nights: NIGHTS,
    early: EARLY,
  }).entries()) {
    const service = await transact(record.db, SYSTEM, (tx) => createService(tx, { key, name: { en: key } }))
    const { id: calendar } = await call<{ id: string }>('POST', '/calendars', { name: key, ...hours })
    const { id: policy } = await call<{ id: string }>('POST', '/sla-policies', {
      name: key,
      position,
      kinds: ['incident'],
      service_ids: [service],
      calendar_id: calendar,
      targets: {
        P1: { response_ms: 15 * MINUTE, resolution_ms: 4 * HOUR, calendar_id: always },
        P3: { response_ms: HOUR, resolution_ms: 8 * HOUR },
      },
    })
    made[key] = { service, policy, calendar }
  }
})
afterAll(() => record.drop())

const clockAt = (instant: string) =>
  setClockOffset(record.ownerUrl, `${Date.parse(instant) - Date.now()} milliseconds`)

async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<T> {
  const by = path.startsWith('/tickets') ? agent : admin
  const answer = await api.call(by.key, method, `/api/v1${path}`, body, headers)
  const json = (await answer.json()) as T
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`)
  return json
}

interface Clock {
  target: string
  state: string
  due_at: string | null
  set_at: string
  breached_at: string | null
  elapsed_ms: number
  started_at: string
  calendar: { version: number }
  segments: { from: string; to: string; kind: string; counts: boolean }[]
}
/** To the minute: what is written down has no other, and a test takes its milliseconds. */
const minute = (instant: string | null) =>
  instant && `${new Date(Math.round(Date.parse(instant) / MINUTE) * MINUTE).toISOString().slice(0, 16)}Z`
const minutes = (ms: number) => Math.round(ms / MINUTE)
const length = ({ from, to }: { from: string; to: string }) => Date.parse(to) - Date.parse(from)

/** The clocks as a page shows them, once they have been held to what must be true of all. */
async function clocksOf(number: string, at: string) {
  await clockAt(at)
  await sweepMarks(record.db)
  const { items } = await call<{ items: Clock[] }>('GET', `/tickets/${number}/sla`)
  for (const { segments, started_at, elapsed_ms } of items) {
    const sum = (some: Clock['segments']) => some.reduce((total, one) => total + length(one), 0)
    expect(sum(segments)).toBe(Date.parse(segments.at(-1)!.to) - Date.parse(started_at))
    expect(sum(segments.filter(({ counts }) => counts))).toBe(elapsed_ms)
  }
  const told = items.map((clock) => ({
    target: clock.target,
    state: clock.state,
    due: minute(clock.due_at),
    broken: minute(clock.breached_at),
    set: minute(clock.set_at),
    elapsed: minutes(clock.elapsed_ms),
    version: clock.calendar.version,
    segments: clock.segments.map((one) => [one.kind, minutes(length(one))]),
  }))
  return Object.fromEntries(told.map((clock) => [clock.target, clock])) as Record<
    'response' | 'resolution',
    (typeof told)[number]
  >
}

async function open(key: string, at: string): Promise<string> {
  await clockAt(at)
  const { number } = await call<{ number: string }>('POST', '/tickets', {
    kind: 'incident',
    title: 'Mail is down',
    impact: 'medium',
    urgency: 'medium',
    service_id: made[key]!.service,
    team_id: team,
  })
  return number
}
async function act(number: string, at: string, verb: string, body: object = {}) {
  await clockAt(at)
  await call('POST', `/tickets/${number}/${verb}`, body)
}
async function grade(number: string, at: string, grades: object) {
  await clockAt(at)
  const { revision } = await call<{ revision: number }>('GET', `/tickets/${number}`)
  await call('PATCH', `/tickets/${number}`, grades, { 'if-match': `"${revision}"` })
}
/** What the story says of the end's due time, each time that it moved. */
async function movesOf(number: string) {
  const { items } = await call<{ items: { before: Told | null; after: Told | null }[] }>(
    'GET',
    `/tickets/${number}/activity`,
  )
  return items.flatMap(({ before, after }) =>
    after?.sla?.resolution
      ? [[minute(before!.sla!.resolution!.due_at), minute(after.sla.resolution.due_at)]]
      : [],
  )
}
type Told = { sla?: { resolution?: { due_at: string | null } } }

describe('a life that was worked out on paper', () => {
  it('has a lunch break in it', async () => {
    const number = await open('office', '2027-01-04T09:00Z')
    expect(await clocksOf(number, '2027-01-04T09:00Z')).toMatchObject({
      response: { due: '2027-01-04T10:00Z' },
      resolution: { due: '2027-01-05T09:00Z', set: '2027-01-04T09:00Z' },
    })
    await act(number, '2027-01-04T09:30Z', 'acknowledge')
    await act(number, '2027-01-04T15:00Z', 'resolve')
    expect(await clocksOf(number, '2027-01-08T15:00Z')).toMatchObject({
      response: { state: 'met', elapsed: 30, segments: [['queue', 30]] },
      resolution: {
        state: 'met',
        elapsed: 300,
        segments: [
          ['queue', 30],
          ['hands-on', 150],
          ['closed-hours', 60],
          ['hands-on', 120],
        ],
      },
    })
  })

  it('has a holiday in it, and an answer that never came', async () => {
    const number = await open('office', '2027-01-05T15:00Z')
    expect(await clocksOf(number, '2027-01-07T09:00Z')).toMatchObject({
      response: { state: 'breached', broken: '2027-01-05T16:00Z', elapsed: 180 },
      resolution: {
        state: 'running',
        due: '2027-01-07T15:00Z',
        elapsed: 180,
        segments: [
          ['queue', 120],
          ['closed-hours', 360],
          ['closed-hours', 1440],
          ['closed-hours', 540],
          ['queue', 60],
        ],
      },
    })
  })

  it('has a weekend in it, and waits for a vendor', async () => {
    const number = await open('office', '2027-01-08T16:00Z')
    expect((await clocksOf(number, '2027-01-08T16:00Z')).resolution.due).toBe('2027-01-11T16:00Z')
    await act(number, '2027-01-11T08:30Z', 'acknowledge')
    await act(number, '2027-01-11T09:00Z', 'pend', { reason: 'vendor' })
    expect((await clocksOf(number, '2027-01-11T12:00Z')).resolution).toMatchObject({
      state: 'paused',
      due: null,
    })
    await act(number, '2027-01-11T14:00Z', 'resume')
    expect((await clocksOf(number, '2027-01-11T15:00Z')).resolution).toMatchObject({
      due: '2027-01-12T11:00Z',
      elapsed: 180,
      segments: [
        ['queue', 60],
        ['closed-hours', 3780],
        ['queue', 30],
        ['hands-on', 30],
        ['vendor', 300],
        ['hands-on', 60],
      ],
    })
  })

  it('is more urgent for a while: broken then, it stays so beside the new due time', async () => {
    const number = await open('office', '2027-01-12T09:00Z')
    await act(number, '2027-01-12T09:30Z', 'acknowledge')
    await grade(number, '2027-01-12T11:00Z', { impact: 'high', urgency: 'high' })
    expect((await clocksOf(number, '2027-01-12T11:00Z')).resolution).toMatchObject({
      due: '2027-01-12T13:00Z',
      set: '2027-01-12T11:00Z',
    })
    expect((await clocksOf(number, '2027-01-12T13:30Z')).resolution.broken).toBe('2027-01-12T13:00Z')
    await grade(number, '2027-01-12T14:00Z', { impact: 'medium', urgency: 'medium' })
    expect((await clocksOf(number, '2027-01-12T14:00Z')).resolution).toMatchObject({
      state: 'breached',
      broken: '2027-01-12T13:00Z',
      due: '2027-01-13T09:00Z',
      set: '2027-01-12T14:00Z',
      elapsed: 240,
      segments: [
        ['queue', 30],
        ['hands-on', 90],
        ['hands-on', 60],
        ['closed-hours', 60],
        ['hands-on', 60],
      ],
    })
    expect(await movesOf(number)).toEqual([
      ['2027-01-13T09:00Z', '2027-01-12T13:00Z'],
      ['2027-01-12T13:00Z', '2027-01-13T09:00Z'],
    ])
  })

  it('sees its calendar change; what had ended keeps the version that it ended by', async () => {
    const [closed, number] = [
      await open('calendar', '2027-01-18T09:00Z'),
      await open('calendar', '2027-01-18T09:00Z'),
    ]
    await act(closed, '2027-01-18T10:00Z', 'resolve')
    await clockAt('2027-01-18T11:00Z')
    await call('PATCH', `/calendars/${made.calendar!.calendar}`, {
      weekly: every([1, 2, 3, 4, 5], ['09:00', '13:00']),
    })
    await sweepRecomputations(record.db)
    expect((await clocksOf(number, '2027-01-18T11:00Z')).resolution).toMatchObject({
      due: '2027-01-20T09:00Z',
      set: '2027-01-18T11:00Z',
      elapsed: 120,
      version: 2,
    })
    expect(await movesOf(number)).toEqual([['2027-01-19T09:00Z', '2027-01-20T09:00Z']])
    expect((await clocksOf(closed, '2027-01-18T11:00Z')).resolution).toMatchObject({
      state: 'met',
      elapsed: 60,
      version: 1,
    })
  })

  it('is promised less than it has used already: broken when that was said, not before', async () => {
    const number = await open('policy', '2027-01-25T09:00Z')
    await clockAt('2027-01-25T11:00Z')
    await call('PATCH', `/sla-policies/${made.policy!.policy}`, {
      targets: { P3: { response_ms: null, resolution_ms: HOUR } },
    })
    await sweepRecomputations(record.db)
    expect(await clocksOf(number, '2027-01-25T11:00Z')).toMatchObject({
      response: { state: 'breached', broken: '2027-01-25T10:00Z' },
      resolution: {
        state: 'breached',
        due: '2027-01-25T10:00Z',
        set: '2027-01-25T11:00Z',
        broken: '2027-01-25T11:00Z',
        elapsed: 120,
      },
    })
  })

  it('is reopened, and goes on where it stood', async () => {
    const number = await open('office', '2027-02-01T09:00Z')
    await act(number, '2027-02-01T09:30Z', 'acknowledge')
    await act(number, '2027-02-01T14:00Z', 'resolve')
    await act(number, '2027-02-02T10:00Z', 'reopen')
    expect((await clocksOf(number, '2027-02-02T11:00Z')).resolution).toMatchObject({
      state: 'running',
      due: '2027-02-02T15:00Z',
      elapsed: 300,
      segments: [
        ['queue', 30],
        ['hands-on', 150],
        ['closed-hours', 60],
        ['hands-on', 60],
        ['ended', 1200],
        ['hands-on', 60],
      ],
    })
  })

  it('waits for its requester, and then for a change', async () => {
    const number = await open('office', '2027-02-08T09:00Z')
    await act(number, '2027-02-08T09:30Z', 'acknowledge')
    await act(number, '2027-02-08T10:00Z', 'pend', { reason: 'requester' })
    await act(number, '2027-02-08T10:30Z', 'resume')
    await act(number, '2027-02-08T11:00Z', 'pend', { reason: 'change' })
    expect((await clocksOf(number, '2027-02-08T16:00Z')).resolution).toMatchObject({
      state: 'paused',
      due: null,
      elapsed: 90,
      segments: [
        ['queue', 30],
        ['hands-on', 30],
        ['requester', 30],
        ['hands-on', 30],
        ['change', 300],
      ],
    })
  })

  it.each([
    ['a spring night, an hour short', 'nights', '2027-03-27T21:00Z', '2027-03-28T21:00Z'],
    ['Lord Howe’s autumn, longer by half an hour', 'early', '2027-04-03T13:00Z', '2027-04-04T15:00Z'],
    ['an autumn night, an hour longer', 'nights', '2027-10-30T20:00Z', '2027-10-31T04:00Z'],
  ])('goes through %s', async (_, key, opened, due) => {
    const number = await open(key, opened)
    expect((await clocksOf(number, opened)).resolution.due).toBe(due)
  })

  it('goes through the day that Apia skipped', async () => {
    const { due_at, counted } = await call<{ due_at: string; counted: { from: string; to: string }[] }>(
      'POST',
      '/calendars/preview',
      {
        zone: 'Pacific/Apia',
        weekly: every([1, 2, 3, 4, 5, 6, 7], ['09:00', '17:00']),
        holidays: [],
        always: false,
        // Thursday at four in the afternoon; the next morning is a Saturday's.
        opened_at: '2011-12-30T02:00:00Z',
        working_ms: 2 * HOUR,
      },
    )
    expect(minute(due_at)).toBe('2011-12-30T20:00Z')
    expect(counted.map(({ from }) => minute(from))).toEqual(['2011-12-30T02:00Z', '2011-12-30T19:00Z'])
  })
})
