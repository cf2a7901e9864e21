import {
  loadReader,
  openTickets,
  placeActivity,
  readNotices,
  seenBy,
  SYSTEM,
  ticketVisible,
  ticketWorkable,
  transact,
  workedBy,
} from '@tocsin/desk'
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
} from '../harness/index.ts'

interface Message {
  body: string
  mentions: { id: string; name: string; told: boolean }[]
}

let record: TestDatabase
let api: TestApi
let team: string
let other: string
let agent: Someone
let colleague: Someone
let stranger: Someone
let employee: Someone
let everybody: Someone[]
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  team = await aTeam(record.db)
  other = await aTeam(record.db)
  agent = await someone(record.db, [{ role: 'agent', teamId: team }], 'Ada Lovelace')
  colleague = await someone(record.db, [{ role: 'on_call', teamId: team }], 'Charles Babbage')
  stranger = await someone(record.db, [{ role: 'agent', teamId: other }], 'Grace Hopper')
  employee = await someone(record.db, [], 'Emil Stone')
  everybody = [
    agent,
    colleague,
    stranger,
    employee,
    await someone(record.db, [{ role: 'manager', teamId: other }]),
    await someone(record.db, [{ role: 'administrator' }]),
    await someone(record.db, [
      { role: 'manager', teamId: team },
      { role: 'agent', teamId: other },
    ]),
    await someone(record.db),
  ]
})
afterAll(() => record.drop())

const call = async <T>(by: Someone, method: string, path: string, body?: unknown) => {
  const answer = await api.call(by.key, method, `/api/v1${path}`, body)
  return { ...((await answer.json()) as T), code: answer.status }
}
const open = async () => {
  const asked = { kind: 'request', title: 'x', team_id: team, requester_id: employee.id }
  return (await call<{ number: string }>(agent, 'POST', '/tickets', asked)).number
}
const say = (number: string, kind: string, body: string, mentions: string[]) =>
  call<{ errors?: { path: string }[] }>(agent, 'POST', `/tickets/${number}/${kind}`, { body, mentions })
const last = async (by: Someone, number: string) =>
  (await call<{ items: Message[] }>(by, 'GET', `/tickets/${number}/messages`)).items.at(-1)
const told = async (number: string) => {
  while ((await placeActivity(record.db)) > 0);
  while ((await readNotices(record.db)) > 0);
  const { rows } = await sql<{ name: string; template: string }>`
    select p.name, n.template from notice n join person p on p.id = n.person_id join ticket t on t.id = n.ticket_id
    where t.number = ${number} and n.template in ('mention', 'reply') order by p.name`.execute(record.db)
  return rows.map(({ name, template }) => `${name} ${template}`)
}

describe('a mention', () => {
  it('is kept by id and told once to whom the words name and who may read them', async () => {
    const number = await open()
    const body = 'Ask @Charles Babbage, not @Grace Hopper.'
    expect((await say(number, 'note', body, [colleague.id, stranger.id, colleague.id])).code).toBe(200)
    expect((await last(colleague, number))?.mentions).toEqual([
      { id: colleague.id, name: 'Charles Babbage', told: true },
      { id: stranger.id, name: 'Grace Hopper', told: false },
    ])
    expect(await told(number)).toEqual(['Charles Babbage mention'])
    const { rows } = await sql<{ after: { mentions: string[] } }>`
      select a.after from activity a join ticket t on t.id = a.ticket_id where t.number = ${number} and a.verb = 'note'`.execute(
      record.db,
    )
    expect(rows[0]!.after.mentions).toEqual([colleague.id])
  })

  it('in a note never reaches its requester, in a reply only as the reply', async () => {
    const number = await open()
    await say(number, 'note', '@Emil Stone shouts', [employee.id])
    expect(await told(number)).toEqual([])
    await say(number, 'reply', '@Emil Stone and @Charles Babbage: hello. @Grace Hopper', [
      employee.id,
      colleague.id,
      stranger.id,
    ])
    expect(await told(number)).toEqual(['Charles Babbage mention', 'Emil Stone reply'])
    // That a colleague of another team cannot read it is the desk's matter.
    expect((await last(employee, number))?.mentions.map(({ name }) => name)).toEqual([
      'Charles Babbage',
      'Emil Stone',
    ])
  })

  it('is told by no mail where its reader wants none, who still hears what they follow', async () => {
    const number = await open()
    const wants = (mentions: boolean) => call(colleague, 'PATCH', '/me', { mails: { mentions } })
    expect((await wants(false)).code).toBe(200)
    expect(await call(colleague, 'GET', '/me')).toMatchObject({ mails: { mentions: false } })
    expect(await call(agent, 'GET', '/me')).toMatchObject({ mails: { mentions: true } })
    await say(number, 'note', 'Ask @Charles Babbage', [colleague.id])
    await say(number, 'reply', '@Charles Babbage asks', [colleague.id])
    expect(await told(number)).toEqual(['Emil Stone reply'])
    expect((await last(colleague, number))?.mentions).toMatchObject([{ id: colleague.id, told: true }])
    await call(colleague, 'POST', `/tickets/${number}/watch`)
    await say(number, 'reply', '@Charles Babbage once more', [colleague.id])
    expect(await told(number)).toEqual(['Charles Babbage reply', 'Emil Stone reply', 'Emil Stone reply'])
    await call(colleague, 'POST', `/tickets/${number}/unwatch`)
    expect((await call(colleague, 'PATCH', '/me', { mails: { pages: false } })).code).toBe(400)
    await wants(true)
    await say(number, 'note', 'Ask @Charles Babbage', [colleague.id])
    expect(await told(number)).toContain('Charles Babbage mention')
  })

  it('is refused of whom the words do not name, and of those only quoted', async () => {
    const number = await open()
    for (const [body, people] of [
      ['nobody here', [colleague.id]],
      ['> @Charles Babbage wrote\nfine', [colleague.id]],
      ['@Charles Babbage', [colleague.id, '0198c0de-0000-7000-8000-000000000000']],
    ] as const) {
      const answer = await say(number, 'note', body, [...people])
      expect(answer).toMatchObject({ code: 422, errors: [{ path: `mentions.${people.length - 1}` }] })
    }
    expect(await last(agent, number)).toBeUndefined()
    expect(await told(number)).toEqual([])
  })

  it('is offered of those who may read it; others at the desk are said not to', async () => {
    const number = await open()
    const offered = async (query: string) =>
      (
        await call<{ items: { name: string; reads: boolean }[] }>(
          agent,
          'GET',
          `/tickets/${number}/mentionable?${query}`,
        )
      ).items.map(({ name, reads }) => `${name} ${reads}`)
    expect(await offered('q=char')).toEqual(['Charles Babbage true'])
    expect(await offered('q=B%C3%A1bbage')).toEqual(['Charles Babbage true'])
    expect(await offered('q=hopp')).toEqual(['Grace Hopper false'])
    expect(await offered('q=emil&in=reply')).toEqual(['Emil Stone true'])
    expect(await offered('q=emil')).toEqual(['Emil Stone false'])
    expect(await offered('q=')).not.toContain('Grace Hopper false')
    expect((await call(employee, 'GET', `/tickets/${number}/mentionable`)).code).toBe(403)
  })

  it('asks of people what is asked of a reader: who may see a ticket, and who works on it', async () => {
    const common = { kind: 'incident', title: 'x', impact: 'low', urgency: 'low', channel: 'desk' } as const
    await transact(record.db, SYSTEM, (tx) =>
      openTickets(
        tx,
        [null, team, other].flatMap((teamId) =>
          [true, false].flatMap((confidential) =>
            [undefined, ...everybody].map((person, at) => ({
              ...common,
              teamId,
              confidential,
              requesterId: at % 3 === 0 ? person?.id : null,
              reporterId: at % 3 === 1 ? person?.id : null,
              assigneeId: at % 3 === 2 ? person?.id : null,
            })),
          ),
        ),
      ),
    )
    await sql`
      insert into watcher (ticket_id, person_id, created_at)
      select t.id, p.id, tocsin_now() from ticket t cross join person p where (hashtext(t.id::text || p.id::text) % 11) = 0`.execute(
      record.db,
    )
    const { rows: asked } = await sql<{ id: string; person: string; seen: boolean; worked: boolean }>`
      select t.id, p.id as person, ${seenBy} as seen, ${workedBy} as worked from ticket t cross join person p`.execute(
      record.db,
    )
    let compared = 0
    for (const { id } of everybody) {
      const reader = (await loadReader(record.db, { personId: id }))!
      const { rows } = await sql<{ id: string; seen: boolean; worked: boolean }>`
        select t.id, coalesce(${ticketVisible(reader)}, false) as seen, coalesce(${ticketWorkable(reader)}, false) as worked
        from ticket t`.execute(record.db)
      const by = new Map(rows.map((row) => [row.id, row]))
      for (const one of asked.filter(({ person }) => person === id)) {
        const { seen, worked } = by.get(one.id)!
        expect([one.seen, one.seen && one.worked]).toEqual([seen, seen && worked])
        compared++
      }
    }
    expect(compared).toBeGreaterThan(400)
  })
})
