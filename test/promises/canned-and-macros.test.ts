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
  priority: string
  revision: number
  tags: string[]
  assignee: { id: string } | null
  team: { id: string } | null
}
interface Line {
  verb: string
  cause: { kind: string; id: string } | null
  names: Record<string, string>
  message: { body: string } | null
}
interface Preview {
  revision: number
  refused: string | null
  changes: { field: string; before: unknown; after: unknown }[]
  says: { kind: string; body: string }[]
}
interface Undone {
  id: string
  changed: { number: string }[]
  refused: { status: number; errors?: { path: string }[] }[]
}
type Answer<T> = T & {
  code: number
  detail?: string
  errors?: { path: string; message: string }[]
  items?: unknown[]
}

let record: TestDatabase
let api: TestApi
let admin: Someone
let agent: Someone
let stranger: Someone
let onCall: Someone
let employee: Someone
let team: string
let other: string
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  other = await aTeam(record.db)
  admin = await someone(record.db, [{ role: 'administrator' }])
  agent = await someone(record.db, [{ role: 'agent', teamId: team }], 'Ada Lovelace')
  onCall = await someone(record.db, [{ role: 'on_call', teamId: team }])
  stranger = await someone(record.db, [{ role: 'agent', teamId: other }])
  employee = await someone(record.db, [], 'Emil *Bold* Stone')
})
afterAll(() => record.drop())

const call = async <T>(
  by: Someone,
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body, headers)
  return { ...((await answer.json()) as T), code: answer.status } as Answer<T>
}
const open = (more: Record<string, unknown> = {}) =>
  call<Ticket>(agent, 'POST', '/tickets', { kind: 'incident', title: 'No ink', team_id: team, ...more })
const prepare = (by: Someone, path: string, terms: Record<string, unknown>) =>
  call<{ id: string }>(by, 'POST', path, { title: 'x', scope: 'own', ...terms })
const titles = async (by: Someone, path: string) =>
  (await call<{ items: { title: string }[] }>(by, 'GET', path)).items.map(({ title }) => title)
const macro = async (does: Record<string, unknown>, by = agent, more: Record<string, unknown> = {}) =>
  (await prepare(by, '/macros', { does, ...more })).id
const apply = (number: string, id: string, headers?: Record<string, string>, by = agent) =>
  call<Ticket & { edit: string }>(by, 'POST', `/tickets/${number}/macro`, { macro_id: id }, headers)
const preview = (number: string, id: string, by = agent) =>
  call<Preview>(by, 'POST', `/tickets/${number}/macros/${id}/preview`)
const story = async (number: string) =>
  (await call<{ items: Line[] }>(agent, 'GET', `/tickets/${number}/activity`)).items

describe('a canned reply', () => {
  it('is seen by whom it is for, found by its words, and changed by those whose it is', async () => {
    const made = [
      await prepare(agent, '/canned-replies', { title: 'Mine', body: 'Réponse one' }),
      await prepare(agent, '/canned-replies', { title: 'Ours', body: 'two', scope: 'team', team_id: team }),
      await prepare(admin, '/canned-replies', { title: 'Everybody’s', body: 'three', scope: 'all' }),
    ]
    expect(made.map(({ code }) => code)).toEqual([201, 201, 201])
    expect(await titles(agent, '/canned-replies')).toEqual(['Everybody’s', 'Mine', 'Ours'])
    expect(await titles(onCall, '/canned-replies')).toEqual(['Everybody’s', 'Ours'])
    expect(await titles(stranger, '/canned-replies')).toEqual(['Everybody’s'])
    expect(await titles(admin, '/canned-replies')).toEqual(['Everybody’s', 'Ours'])
    expect(await titles(agent, '/canned-replies?q=ONE%20mine')).toEqual(['Mine'])
    expect(await titles(agent, '/canned-replies?q=%25')).toEqual([])
    const [mine, ours, all] = made.map(({ id }) => `/canned-replies/${id}`) as [string, string, string]
    expect((await call(admin, 'GET', mine)).code).toBe(404)
    expect((await call(onCall, 'PATCH', ours, { title: 'x' })).code).toBe(403)
    expect((await call(agent, 'PATCH', all, { title: 'x' })).code).toBe(403)
    expect((await call(agent, 'PATCH', ours, { title: 'Ours too', seen_revision: 1 })).code).toBe(200)
    expect((await call(agent, 'PATCH', ours, { title: 'x', seen_revision: 1 })).code).toBe(412)
    expect((await call(agent, 'POST', `${ours}/archive`)).code).toBe(200)
    expect(await titles(onCall, '/canned-replies')).toEqual(['Everybody’s'])
    expect((await call(employee, 'GET', '/canned-replies')).code).toBe(403)
  })

  it('is refused with what it asks for that there is not, and where it is for others', async () => {
    const wrong = await prepare(agent, '/canned-replies', { body: 'Dear {{requester.nmae}}, {{x}}' })
    expect(wrong).toMatchObject({ code: 422, errors: [{ path: 'body' }] })
    expect(wrong.detail).toContain('{{requester.nmae}}, {{x}}')
    const refused = [
      { scope: 'all', body: 'x' },
      { scope: 'team', team_id: other, body: 'x' },
      { scope: 'team', body: 'x' },
      { body: '  ' },
      { body: 'x', does: {} },
    ]
    const codes = await Promise.all(
      refused.map(async (terms) => (await prepare(agent, '/canned-replies', terms)).code),
    )
    expect(codes).toEqual([403, 403, 422, 422, 400])
  })

  it('is filled in from the ticket, its values inert and read once', async () => {
    const { number } = await open({
      requester_id: employee.id,
      title: '[x](http://evil.test) {{agent.name}}',
    })
    const body =
      '{{requester.first_name}} {{requester.name}}: {{ticket.title}} ({{ ticket.number }}) {{assignee.name}}'
    expect(await call(agent, 'POST', `/tickets/${number}/fill`, { body })).toMatchObject({
      code: 200,
      text: String.raw`Emil Emil \*Bold\* Stone: \[x\](http://evil.test) {{agent.name}} (${number}) `,
      missing: ['assignee.name'],
    })
    expect((await call(agent, 'POST', `/tickets/${number}/fill`, { body: '{{nope}}' })).code).toBe(422)
    expect((await call(employee, 'POST', `/tickets/${number}/fill`, { body })).code).toBe(403)
    expect((await call(stranger, 'POST', `/tickets/${number}/fill`, { body })).code).toBe(404)
  })
})

describe('a macro', () => {
  const everything = {
    reply: 'We took {{ticket.number}} up, at {{ticket.priority}}.',
    note: 'By {{agent.first_name}}',
    move: { name: 'pend', reason: 'vendor' },
    impact: 'high',
    urgency: 'high',
    assignee: 'me',
    add_tags: ['Ink'],
  }

  it('shows what it would do, does exactly that, and stands in the story by its name', async () => {
    const ticket = await open({ requester_id: employee.id })
    const id = await macro(everything, agent, { title: 'Out of ink' })
    const seen = await preview(ticket.number, id)
    expect(await call<Ticket>(agent, 'GET', `/tickets/${ticket.number}`)).toMatchObject({
      revision: ticket.revision,
      state: 'new',
      tags: [],
    })
    expect(seen).toMatchObject({ refused: null, revision: ticket.revision })
    const changed = Object.fromEntries(
      seen.changes.map(({ field, before, after }) => [field, [before, after]]),
    )
    expect(changed).toMatchObject({
      state: ['new', 'pending'],
      priority: ['P4', 'P1'],
      assignee: [null, 'Ada Lovelace'],
      tags: [[], ['ink']],
    })
    expect(seen.says).toEqual([
      { kind: 'note', body: 'By Ada' },
      { kind: 'reply', body: `We took ${ticket.number} up, at P1.` },
    ])
    const now = await apply(ticket.number, id, { 'if-match': `"${seen.revision}"` })
    expect(now).toMatchObject({ code: 200, state: 'pending', priority: 'P1', tags: ['ink'] })
    const lines = (await story(ticket.number)).filter(({ cause }) => cause?.kind === 'macro')
    expect(lines.map(({ verb }) => verb)).toEqual([
      'macro',
      'edit',
      'tag',
      'assign',
      'acknowledge',
      'note',
      'reply',
      'pend',
    ])
    expect(Object.values(lines[0]!.names)).toEqual(['Out of ink'])
  })

  it('is taken back by whoever applied it while nobody went on since, but for what it said', async () => {
    const { number } = await open({ requester_id: employee.id })
    const id = await macro(everything)
    const undo = (by: Someone, edit: string) =>
      call<Undone>(by, 'POST', `/tickets/bulk/${edit}/undo`, { tickets: [number] })
    const { edit } = await apply(number, id)
    expect((await undo(admin, edit)).refused).toMatchObject([{ status: 404 }])
    const back = await undo(agent, edit)
    expect(back).toMatchObject({ code: 200, changed: [{ number }], refused: [] })
    expect(await call<Ticket>(agent, 'GET', `/tickets/${number}`)).toMatchObject({
      state: 'in_progress',
      priority: 'P4',
      assignee: null,
      tags: [],
    })
    expect((await story(number)).filter(({ message }) => message)).toHaveLength(2)
    expect((await undo(agent, edit)).refused).toMatchObject([{ status: 412 }])
    // An undo is an edit, which is taken back as any.
    expect((await undo(agent, back.id)).refused).toEqual([])
    expect(await call(agent, 'GET', `/tickets/${number}`)).toMatchObject({ state: 'pending', tags: ['ink'] })

    const again = await apply(number, await macro({ impact: 'low', urgency: 'low' }))
    await call(admin, 'POST', '/tickets/bulk', { tickets: [{ number }], urgency: 'medium' })
    expect((await undo(agent, again.edit)).refused).toMatchObject([
      { status: 412, errors: [{ path: 'urgency' }] },
    ])
  })

  it('is all or nothing, and only on what was looked at', async () => {
    const { number, revision } = await open()
    const id = await macro({ add_tags: ['half'], note: 'For {{requester.name}}' })
    const seen = await preview(number, id)
    expect(seen.refused).toContain('{{requester.name}}')
    expect(await apply(number, id)).toMatchObject({ code: 409 })
    expect(await call(agent, 'GET', `/tickets/${number}`)).toMatchObject({ tags: [], revision })
    const tag = await macro({ add_tags: ['once'] })
    await call(agent, 'POST', `/tickets/${number}/note`, { body: 'meanwhile' })
    expect((await apply(number, tag, { 'if-match': `"${revision}"` })).code).toBe(412)
    expect((await apply(number, tag, { 'if-match': 'x' })).code).toBe(400)
    const current = await call<Ticket>(agent, 'GET', `/tickets/${number}`)
    const both = await Promise.all(
      [1, 2].map(() => apply(number, tag, { 'if-match': `"${current.revision}"` })),
    )
    expect(both.map(({ code }) => code).toSorted((a, b) => a - b)).toEqual([200, 412])
  })

  it('says why the ticket’s life does not allow it, in the list as when it is applied', async () => {
    const { number } = await open()
    const id = await macro({ move: { name: 'close' } }, agent, { title: 'Close it' })
    const offered = await call<{ items: { id: string; refused: string | null }[] }>(
      agent,
      'GET',
      `/tickets/${number}/macros`,
    )
    const why = offered.items.find((one) => one.id === id)!.refused
    expect(why).toContain('while the ticket is new')
    expect((await preview(number, id)).refused).toBe(why)
    expect(await apply(number, id)).toMatchObject({ code: 409, detail: why })
    const unsaved = await call<Preview>(agent, 'POST', `/tickets/${number}/macros/preview`, {
      does: { add_tags: ['tried'] },
    })
    expect(unsaved.changes).toEqual([{ field: 'tags', before: [], after: ['tried'] }])
    expect(
      (await call(agent, 'POST', `/tickets/${number}/macros/preview`, { does: { note: '{{x}}' } })).code,
    ).toBe(422)
    expect((await preview(number, await macro({ assignee: 'me' }, onCall), onCall)).refused).toContain(
      'roles',
    )
    expect((await apply(number, id, {}, stranger)).code).toBe(404)
    expect((await apply(number, await macro({ note: 'x' }, stranger))).code).toBe(404)
  })

  it.each([
    ['nothing', {}, 'does'],
    ['an unknown variable', { reply: '{{x}}' }, 'does.reply'],
    ['waiting for nothing', { move: { name: 'pend' } }, 'does.move.reason'],
    ['a tag that is none', { add_tags: ['ok', '!!!'] }, 'does.add_tags.1'],
    ['a team that there is not', { team_id: '0198c0de-0000-7000-8000-000000000000' }, 'does.team_id'],
    ['a step that there is not', { move: { name: 'explode' } }, 'does.move.name'],
  ])('is refused that does %s', async (_, does, path) => {
    expect(await prepare(agent, '/macros', { does })).toMatchObject({ code: 422, errors: [{ path }] })
  })
})
