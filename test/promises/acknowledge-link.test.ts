import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  aContact,
  aPolicy,
  asOwner,
  database,
  type RunningEngine,
  setClockOffset,
  someIncidents,
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
let engine: RunningEngine
beforeAll(async () => {
  record = await database()
  api = testApi(record.db)
  engine = startEngine(record)
})
afterEach(() => setClockOffset(record.ownerUrl, '0'))
afterAll(async () => {
  await engine.stop()
  await record.drop()
})

/** Pages these people about a new incident, each by mail, and takes the link out of each one's mail. */
async function pageByMail(...people: Someone[]) {
  const targets = people.map(({ id }) => ({ kind: 'person' as const, id }))
  const policy = await aPolicy(record.db, [{ wait_ms: 0, targets }])
  const [ticket] = await someIncidents(record.db, policy)
  const mails = await until(async () => {
    const { rows } = await sql<{ person_id: string; body_text: string }>`
      select person_id, body_text from local_mail where ticket_id = ${ticket!.id}`.execute(record.db)
    return rows.length === people.length ? rows : undefined
  })
  const tokens = people.map(({ id }) => {
    const { body_text } = mails.find((mail) => mail.person_id === id)!
    return /\/ack\/(ack_[\w-]{43})/.exec(body_text)![1]!
  })
  return { ticket: ticket!, tokens }
}
const path = (token: string) => `/api/v1/acknowledge/${token}`
const look = (token: string) => api.call(undefined, 'GET', path(token))
const use = (token: string) => api.call(undefined, 'POST', path(token))

async function everything(): Promise<unknown> {
  const { rows } = await sql`
    select (select jsonb_agg(t order by id) from ticket t) as tickets, (select jsonb_agg(p order by id) from page p) as pages,
           (select jsonb_agg(k order by hash) from ack_token k) as tokens, (select count(*) from activity) as lines`.execute(
    record.db,
  )
  return rows[0]
}

describe('the link in a page’s mail', () => {
  it('shows its ticket and changes nothing, however often a mail scanner follows it', async () => {
    const ada = await someone(record.db)
    const { ticket, tokens } = await pageByMail(ada)
    const before = await everything()
    for (const method of ['GET', 'HEAD', 'GET']) {
      const answer = await api.call(undefined, method, path(tokens[0]!))
      expect(answer.status).toBe(200)
    }
    expect(await (await look(tokens[0]!)).json()).toEqual({
      number: ticket.number,
      title: 'Disk full on db-1',
      state: 'new',
      priority: 'P1',
    })
    expect(await everything()).toEqual(before)
  })

  it('acknowledges once, as the person it was sent to, and is gone after that', async () => {
    const [ada, bea] = [await someone(record.db), await someone(record.db)]
    const { ticket, tokens } = await pageByMail(ada, bea)
    const answers = await Promise.all(Array.from({ length: 5 }, () => use(tokens[0]!)))
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([
      200, 410, 410, 410, 410,
    ])
    expect((await look(tokens[0]!)).status).toBe(410)
    expect((await use(tokens[1]!)).status).toBe(410)

    const { rows } = await sql<{ actor_id: string }>`
      select actor_id from activity where ticket_id = ${ticket.id} and verb = 'acknowledge' and subject_kind = 'ticket'`.execute(
      record.db,
    )
    expect(rows).toEqual([{ actor_id: ada.id }])
    const { rows: pages } = await sql`
      select recipient_id, state from page where ticket_id = ${ticket.id}`.execute(record.db)
    expect(pages).toEqual(
      expect.arrayContaining([
        { recipient_id: ada.id, state: 'acknowledged' },
        { recipient_id: bea.id, state: 'ended' },
      ]),
    )
  })

  it('is gone a day later, and for whoever left', async () => {
    const [ada, bea] = [await someone(record.db), await someone(record.db)]
    const first = await pageByMail(ada)
    await setClockOffset(record.ownerUrl, '25 hours')
    expect((await use(first.tokens[0]!)).status).toBe(410)
    const second = await pageByMail(bea)
    await asOwner(record.ownerUrl, 'update person set archived_at = tocsin_now() where id = $1', [bea.id])
    expect((await use(second.tokens[0]!)).status).toBe(410)
  })

  it('cannot be guessed, and is kept as a digest only', async () => {
    const ada = await someone(record.db)
    const { tokens } = await pageByMail(ada)
    expect((await look('ack_invented')).status).toBe(404)
    expect((await use(`${tokens[0]!.slice(0, -1)}_`)).status).toBe(404)
    const { rows } = await sql<{ held: boolean }>`
      select exists (select from ack_token where encode(hash, 'escape') like ${`%${tokens[0]!}%`}) as held`.execute(
      record.db,
    )
    expect(rows[0]).toEqual({ held: false })
  })

  it('stays the same when its mail is sent again', async () => {
    const ada = await someone(record.db)
    await aContact(record.db, ada.id, {
      kind: 'email',
      address: 'ada@example.test',
    })
    const { ticket, tokens } = await pageByMail(ada)
    await asOwner(
      record.ownerUrl,
      `update delivery d set state = 'leased', lease_until = tocsin_now() - interval '1 second'
       from page g where g.id = d.page_id and g.ticket_id = $1`,
      [ticket.id],
    )
    await asOwner(record.ownerUrl, 'delete from local_mail where ticket_id = $1', [ticket.id])
    const again = await until(async () => {
      const { rows } = await sql<{ body_text: string }>`
        select body_text from local_mail where ticket_id = ${ticket.id}`.execute(record.db)
      return rows[0]?.body_text
    })
    expect(again).toContain(tokens[0]!)
  })
})
