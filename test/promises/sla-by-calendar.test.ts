import { SYSTEM, createDefaultSla, transact } from '@tocsin/desk'
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

/** What an administrator promises by calendar is what every ticket shows, to the millisecond. */

let record: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let employee: Someone
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  agent = await someone(record.db, [{ role: 'agent', teamId: await aTeam(record.db) }])
  employee = await someone(record.db)
  await transact(record.db, SYSTEM, (tx) => createDefaultSla(tx, { zone: 'Europe/Rome' }))
})
afterAll(() => record.drop())

const json = async <T>(answer: Response | Promise<Response>): Promise<T & { status: number }> => {
  const response = await answer
  return { ...((await response.json()) as T), status: response.status }
}
type Problem = { errors: { path: string }[]; detail: string }

describe('calendars and policies', () => {
  it('are made, given new versions and refused field by field', async () => {
    const made = await json<{ id: string }>(
      api.call(admin.key, 'POST', '/api/v1/calendars', {
        name: 'Rome with lunch',
        zone: 'Europe/Rome',
        weekly: [
          { day: 1, from: '09:00', to: '13:00' },
          { day: 1, from: '14:00', to: '18:00' },
        ],
      }),
    )
    expect(made.status).toBe(201)
    const path = `/api/v1/calendars/${made.id}`
    const edit = { seen_version: 1, holidays: [{ date: '2030-01-07', name: 'A Monday off' }] }
    expect((await api.call(admin.key, 'PATCH', path, edit)).status).toBe(200)
    expect((await api.call(admin.key, 'PATCH', path, edit)).status).toBe(412)
    const shown = await json<{ version: number; versions: { version: number; holidays: unknown[] }[] }>(
      api.call(agent.key, 'GET', path),
    )
    expect(shown.version).toBe(2)
    expect(shown.versions.map((one) => one.holidays.length)).toEqual([1, 0])

    const wrong = await json<Problem>(
      api.call(admin.key, 'PATCH', path, {
        zone: 'Nowhere',
        weekly: [{ day: 2, from: '18:00', to: '09:00' }],
      }),
    )
    expect([wrong.status, wrong.errors.map((one) => one.path)]).toEqual([422, ['zone', 'weekly.0.to']])
    const sneaky = await json<Problem>(api.call(admin.key, 'PATCH', path, { sla_due: 1 }))
    expect([sneaky.status, sneaky.errors[0]?.path]).toEqual([400, 'sla_due'])
  })

  it('are read by the desk, changed by administrators, and none of an employee’s business', async () => {
    for (const path of ['/api/v1/calendars', '/api/v1/sla-policies']) {
      expect((await api.call(agent.key, 'GET', path)).status).toBe(200)
      expect((await api.call(agent.key, 'POST', path, {})).status).toBe(403)
      expect((await api.call(employee.key, 'GET', path)).status).toBe(403)
    }
  })

  it('show when a ticket would be due before they are saved', async () => {
    const { items } = await json<{ items: { id: string; calendar_id: string; targets: object }[] }>(
      api.call(agent.key, 'GET', '/api/v1/sla-policies'),
    )
    const { calendar_id, targets, id } = items[0]!
    const { due } = await json<{
      due: { priority: string; response_due_at: string; resolution_due_at: string }[]
    }>(
      api.call(agent.key, 'POST', '/api/v1/sla-policies/preview', {
        calendar_id,
        targets,
        // A Friday at half past four in the afternoon, an hour of work before the weekend.
        opened_at: '2026-11-20T15:30:00.000Z',
      }),
    )
    expect(due.map((one) => one.response_due_at)).toEqual([
      '2026-11-20T15:45:00.000Z',
      '2026-11-20T16:00:00.000Z',
      '2026-11-23T11:00:00.000Z',
      '2026-11-23T15:30:00.000Z',
      '2026-11-24T15:30:00.000Z',
    ])
    // In use, so neither the policy's calendar nor a policy that is not there can go.
    expect((await api.call(admin.key, 'POST', `/api/v1/calendars/${calendar_id}/archive`)).status).toBe(409)
    expect((await api.call(admin.key, 'POST', `/api/v1/sla-policies/${calendar_id}/archive`)).status).toBe(
      404,
    )
    expect(
      (await json<{ versions: object[] }>(api.call(agent.key, 'GET', `/api/v1/sla-policies/${id}`))).versions,
    ).toHaveLength(1)
  })
})

describe('a calendar that somebody counts by', () => {
  const weekly = [1, 2, 3, 4, 5].map((day) => ({ day, from: '09:00', to: '17:00' }))
  const post = (path: string, body?: unknown, method = 'POST') =>
    api.call(admin.key, method, `/api/v1${path}`, body)
  const made = async (name: string) =>
    (await json<{ id: string }>(post('/calendars', { name, zone: 'UTC', weekly }))).id
  const promise = { P1: { response_ms: null, resolution_ms: 3_600_000 } }

  it('stays until nobody does: a team’s own time, terms that come later, a team, a person', async () => {
    const team = await aTeam(record.db)
    const [later, own, shift] = [await made('Later'), await made('Own'), await made('Shift')]
    const policy = await json<{ id: string }>(
      post('/sla-policies', {
        name: 'By another calendar',
        position: 90_000,
        kinds: ['problem'],
        calendar_id: await made('First'),
        targets: promise,
        olas: [{ team_id: team, calendar_id: own, targets_ms: { P1: 60_000 } }],
      }),
    )
    await post(
      `/sla-policies/${policy.id}`,
      { calendar_id: later, effective_from: '2999-01-01T00:00:00Z' },
      'PATCH',
    )
    const terms = { mode: 'off', works_by: 'calendar', calendar_id: shift, schedule_id: null, cap: null }
    await post(`/teams/${team}/assignment`, { ...terms, hand_back: false }, 'PUT')
    const archive = async (id: string) => {
      const { status, detail } = await json<Problem>(post(`/calendars/${id}/archive`))
      return status === 200 ? 'archived' : `${status} ${detail}`
    }
    expect(await archive(own)).toMatch(/^409 .*By another calendar/)
    expect(await archive(later)).toMatch(/^409 .*By another calendar/)
    expect(await archive(shift)).toMatch(/^409 The team/)
    await post(`/people/${agent.id}/hours`, { calendar_id: shift }, 'PUT')
    await post(
      `/teams/${team}/assignment`,
      { ...terms, works_by: 'always', calendar_id: null, hand_back: false },
      'PUT',
    )
    expect(await archive(shift)).toMatch(/^409 .*works by it/)
    await post(`/people/${agent.id}/hours`, { calendar_id: null }, 'PUT')
    await post(`/sla-policies/${policy.id}/archive`)
    expect([await archive(shift), await archive(own), await archive(later)]).toEqual(
      Array(3).fill('archived'),
    )
    // Its name is still told by what was counted by it.
    expect(await json<Problem>(post('/calendars', { name: 'Own', zone: 'UTC', weekly }))).toMatchObject({
      status: 409,
      detail: expect.stringContaining('archived') as string,
    })
  })

  it('is not tried with targets that could not be kept, nor with pauses that there are not', async () => {
    const calendar_id = await made('Tried')
    const ask = async (path: string, body: object) => {
      const { status, errors } = await json<Problem>(post(path, body))
      return [status, ...(errors ?? []).map((one) => one.path)]
    }
    for (const resolution_ms of [0, -1, 1.5, 100 * 366 * 86_400_000]) {
      const targets = { P1: { response_ms: null, resolution_ms } }
      const [status, path] = await ask('/sla-policies/preview', { calendar_id, targets })
      expect([status, path]).toEqual([422, 'targets.P1.resolution_ms'])
    }
    const terms = { name: 'Paused', kinds: ['change'], calendar_id, targets: promise, position: 90_000 }
    expect(await ask('/sla-policies', { ...terms, pause_states: ['resolved'] })).toEqual([
      422,
      'pause_states.0',
    ])
    expect(await ask('/sla-policies', { ...terms, pause_reasons: ['lunch'] })).toEqual([
      422,
      'pause_reasons.0',
    ])
  })
})

describe('a ticket', () => {
  type Clock = {
    target: string
    state: string
    due_at: string | null
    elapsed_ms: number
    remaining_ms: number
    target_ms: number
  }
  type Shown = { number: string; created_at: string; due_at: string; sla: Clock[]; revision: number }
  it('shows due and remaining time that count up to now, and where every millisecond went', async () => {
    const opened = await json<Shown>(
      api.call(agent.key, 'POST', '/api/v1/tickets', {
        kind: 'incident',
        title: 'Down',
        impact: 'high',
        urgency: 'high',
      }),
    )
    expect(opened.sla.map((clock) => clock.target)).toEqual(['response', 'resolution'])
    expect(+new Date(opened.due_at) - +new Date(opened.created_at)).toBe(15 * 60_000)

    await setClockOffset(record.ownerUrl, '10 minutes')
    const ticket = await json<Shown>(api.call(agent.key, 'GET', `/api/v1/tickets/${opened.number}`))
    const listed = await json<{ items: Shown[] }>(api.call(agent.key, 'GET', '/api/v1/tickets'))
    for (const shown of [ticket, listed.items.find((one) => one.number === opened.number)!])
      for (const clock of shown.sla) {
        expect(Math.round(clock.elapsed_ms / 60_000)).toBe(10)
        expect(clock.elapsed_ms + clock.remaining_ms).toBe(clock.target_ms)
      }

    await api.call(agent.key, 'POST', `/api/v1/tickets/${opened.number}/pend`, { reason: 'vendor' })
    await setClockOffset(record.ownerUrl, '3 hours')
    const { items } = await json<{
      items: (Clock & { started_at: string; segments: { from: string; to: string; counts: boolean }[] })[]
    }>(api.call(agent.key, 'GET', `/api/v1/tickets/${opened.number}/sla`))
    for (const clock of items) {
      expect(clock).toMatchObject({ state: 'paused', due_at: null })
      const length = (some: typeof clock.segments) =>
        some.reduce((total, one) => total + Date.parse(one.to) - Date.parse(one.from), 0)
      expect(length(clock.segments)).toBe(
        Date.parse(clock.segments.at(-1)!.to) - Date.parse(clock.started_at),
      )
      expect(length(clock.segments.filter((one) => one.counts))).toBe(clock.elapsed_ms)
    }
    expect((await api.call(employee.key, 'GET', `/api/v1/tickets/${opened.number}/sla`)).status).toBe(404)
  })

  it('changed by two people at once keeps both: the second is shown what stands', async () => {
    const { number, revision } = await json<Shown>(
      api.call(agent.key, 'POST', '/api/v1/tickets', { kind: 'incident', title: 'Slow' }),
    )
    const edit = (by: Someone, title: string) =>
      api.call(by.key, 'PATCH', `/api/v1/tickets/${number}`, { title }, { 'if-match': `"${revision}"` })
    expect((await edit(agent, 'Slow mail')).status).toBe(200)
    const refused = await json<{ current: { title: string }; errors: { path: string }[] }>(
      edit(admin, 'Slow web'),
    )
    expect(refused).toMatchObject({
      status: 412,
      current: { title: 'Slow mail' },
      errors: [{ path: 'title' }],
    })
  })
})
