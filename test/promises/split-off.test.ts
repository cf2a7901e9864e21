import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aTeam,
  database,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'

let base: TestDatabase
let api: TestApi
let agent: Someone
let stranger: Someone
let asker: Someone
let other: Someone
let team: string
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  team = await aTeam(base.db)
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  stranger = await someone(base.db, [{ role: 'agent', teamId: await aTeam(base.db) }])
  asker = await someone(base.db, [])
  other = await someone(base.db, [])
})
afterAll(() => base.drop())

interface Item {
  id: string
  verb: string
  actor: { id: string | null }
  after: Record<string, unknown> | null
  message: { id: string; body: string } | null
  moved_to: { number: string | null } | null
  names: Record<string, string>
}
interface Shown {
  number: string
  state: string
  revision: number
  kind: string
  title: string
  detail: string
  requester: { id: string } | null
  team: { id: string } | null
  confidential: boolean
  may: string[]
  links: { kind: string; number: string }[]
  attachments: { id: string; message_id: string }[]
  items: Item[]
  current: { revision: number }
  errors: { path: string }[]
}
const call = async (method: string, path: string, body?: unknown, by = agent) => {
  const answer = await api.call(by.key, method, `/api/v1/tickets${path}`, body)
  return { status: answer.status, body: (await answer.json()) as Shown }
}
const shown = async (number: string, by = agent) => (await call('GET', `/${number}`, undefined, by)).body
const lines = async (number: string, by = agent) =>
  (await call('GET', `/${number}/activity`, undefined, by)).body.items
const found = async (q: string) =>
  (await call('GET', `?q=${q}`)).body.items.map((item) => (item as unknown as Shown).number)

async function aTicket(input: Record<string, unknown> = {}) {
  const { status, body } = await call('POST', '', {
    kind: 'request',
    title: 'No mail',
    impact: 'low',
    urgency: 'low',
    requester_id: asker.id,
    team_id: team,
    ...input,
  })
  expect(status).toBe(201)
  return body.number
}
async function says(number: string, verb: 'reply' | 'note', words: string, by = agent, files: string[] = []) {
  const body = { body: words, ...(files.length > 0 && { attachment_ids: files }) }
  expect((await call('POST', `/${number}/${verb}`, body, by)).status).toBe(200)
  return (await lines(number)).find(({ message }) => message?.body === words)!.message!.id
}
async function aFile(by: Someone) {
  const form = new FormData()
  form.append('file', new Blob(['it blinks']), 'light.txt')
  const answer = await api.app.request('/api/v1/attachments', {
    method: 'POST',
    headers: { authorization: `Bearer ${by.key}` },
    body: form,
  })
  return ((await answer.json()) as { items: { id: string }[] }).items[0]!.id
}
const split = (number: string, input: Record<string, unknown>, by = agent) =>
  call('POST', `/${number}/split-off`, { kind: 'incident', title: 'The printer blinks', ...input }, by)

describe('messages that are another matter', () => {
  test('become a ticket: with their files, asked by whoever wrote first; both stories say so; and it is undone', async () => {
    const number = await aTicket()
    await call('POST', `/${number}/watch`, {}, agent)
    const file = await aFile(asker)
    const about = await says(number, 'reply', 'And the printer blinks.', asker, [file])
    const note = await says(number, 'note', 'Its fuser is worn.')
    await says(number, 'reply', 'Your mail is back.')

    const { status, body: made } = await split(number, { message_ids: [note, about] })
    expect(status).toBe(201)
    expect(made).toMatchObject({
      kind: 'incident',
      title: 'The printer blinks',
      requester: { id: asker.id },
      team: { id: team },
      links: [{ kind: 'relates', number }],
      attachments: [{ id: file, message_id: about }],
    })
    expect((await shown(number)).attachments).toEqual([])
    expect((await lines(made.number)).flatMap(({ message }) => message?.body ?? [])).toEqual([
      'And the printer blinks.',
      'Its fuser is worn.',
    ])
    expect((await lines(number)).flatMap(({ message, moved_to }) => message?.body ?? moved_to ?? [])).toEqual(
      [{ number: made.number }, { number: made.number }, 'Your mail is back.'],
    )
    for (const [one, from] of [
      [number, true],
      [made.number, false],
    ] as const) {
      const told = (await lines(one)).find(({ verb }) => verb === 'split-off')!
      expect(told).toMatchObject({ actor: { id: agent.id }, after: { from, messages: 2 } })
      expect(Object.values(told.names)).toContain(from ? made.number : number)
    }
    expect([await found('fuser'), await found('blinks')]).toEqual([[made.number], [made.number]])

    expect((await shown(made.number)).may).toContain('undo-split')
    expect(await call('POST', `/${made.number}/undo-split`, {})).toMatchObject({
      status: 200,
      body: { number, links: [], attachments: [{ id: file }] },
    })
    expect(await shown(made.number)).toMatchObject({ state: 'cancelled', attachments: [] })
    expect((await lines(number)).flatMap(({ message }) => message?.body ?? [])).toHaveLength(3)
    expect((await lines(made.number)).flatMap(({ moved_to }) => moved_to ?? [])).toEqual([
      { number },
      { number },
    ])
    expect(await found('fuser')).toEqual([number])
    expect((await call('POST', `/${made.number}/undo-split`, {})).status).toBe(409)
  })

  test('of a note nobody but the desk reads it there either, and a pointer names what its reader may see', async () => {
    const number = await aTicket({ confidential: true })
    const note = await says(number, 'note', 'Ask payroll first.')
    const theirs = await says(number, 'reply', 'It concerns Jo too.', asker)
    const { body } = await split(number, { message_ids: [note, theirs], requester_id: other.id })
    expect(body.confidential).toBe(true)
    const read = async (one: string, by: Someone) =>
      (await lines(one, by)).flatMap(({ message, moved_to }) => message?.body ?? moved_to ?? [])
    expect(await read(body.number, other)).toEqual(['It concerns Jo too.'])
    expect(await read(number, asker)).toEqual([{ number: null }])
    expect((await call('GET', `/${body.number}`, undefined, asker)).status).toBe(404)
    expect(await read(number, agent)).toEqual([{ number: body.number }, { number: body.number }])
  })

  test('is not undone once the new ticket has a story of its own', async () => {
    const number = await aTicket()
    const said = await says(number, 'reply', 'One more thing.', asker)
    const { body: made } = await split(number, { message_ids: [said] })
    await says(made.number, 'note', 'Looked at it.')
    const answer = await call('POST', `/${made.number}/undo-split`, {})
    expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringMatching('merge it back') } })
  })

  test('are refused, in words, where they are not to be had', async () => {
    const [number, elsewhere] = [await aTicket(), await aTicket()]
    const said = await says(number, 'reply', 'One more thing.', asker)
    const far = await says(elsewhere, 'reply', 'Not here.')
    const refused = (status: number, detail: RegExp) => ({
      status,
      body: { detail: expect.stringMatching(detail) },
    })

    expect(await split(number, { message_ids: [far] })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'message_ids' }] },
    })
    expect((await split(number, { message_ids: [] })).status).toBe(422)
    expect((await split(number, { message_ids: [said], kind: 'wish' })).status).toBe(422)
    expect((await split(number, { message_ids: [said], nonsense: 1 })).status).toBe(400)
    expect((await split(number, { message_ids: [said] }, stranger)).status).toBe(404)
    expect((await split(number, { message_ids: [said] }, asker)).status).toBe(403)

    const { revision } = await shown(number)
    await call('POST', `/${number}/note`, { body: 'Meanwhile.' })
    const late = await split(number, { message_ids: [said], seen_revision: revision })
    expect(late.status).toBe(412)
    const again = await split(number, { message_ids: [said], seen_revision: late.body.current.revision })
    expect(again.status).toBe(201)
    expect(await split(number, { message_ids: [said] })).toMatchObject(
      refused(409, new RegExp(again.body.number)),
    )

    const kept = await says(elsewhere, 'reply', 'And this.')
    await call('POST', `/${elsewhere}/merge`, { into: number })
    expect(await split(elsewhere, { message_ids: [kept] })).toMatchObject(refused(409, /merged/))
    expect(await split(number, { message_ids: [kept] })).toMatchObject(refused(409, new RegExp(elsewhere)))
    await call('POST', `/${number}/cancel`, {})
    expect(await split(number, { message_ids: [said] })).toMatchObject(refused(409, /Reopen/))
  })

  test('go to one ticket alone, however many split them at once', async () => {
    const number = await aTicket()
    const said = await says(number, 'reply', 'One more thing.', asker)
    const answers = await Promise.all([1, 2, 3, 4].map(() => split(number, { message_ids: [said] })))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409])
  })
})
