import { reconcile } from '@tocsin/analytics'
import { SYSTEM, transact } from '@tocsin/desk'
import fc from 'fast-check'
import { sql } from 'kysely'
import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  aTeam,
  database,
  figuresOf,
  type Someone,
  someone,
  type TestApi,
  testApi,
  type TestDatabase,
} from '../harness/index.ts'
import { recordedTickets } from '../../analytics/src/kpi/ticket-source.ts'

let base: TestDatabase
let api: TestApi
let agent: Someone
let stranger: Someone
let asker: Someone
let other: Someone
beforeAll(async () => {
  base = await database()
  api = testApi(base.db)
  team = await aTeam(base.db)
  agent = await someone(base.db, [{ role: 'agent', teamId: team }])
  stranger = await someone(base.db, [{ role: 'agent', teamId: await aTeam(base.db) }])
  asker = await someone(base.db, [])
  other = await someone(base.db, [])
})
let team: string
afterAll(() => base.drop())

interface Shown {
  number: string
  state: string
  resolution_code: string | null
  merged_into: string | null
  merged: string[]
  may: string[]
  watchers: { id: string }[]
  sla: { target: string; state: string }[]
  links: { kind: string; outward: boolean; number: string }[]
  items: { merged_from: string | null; verb: string; message: { body: string } | null }[]
  next: string | null
}
const call = async (method: string, path: string, body?: unknown, by = agent) => {
  const answer = await api.call(by.key, method, `/api/v1/tickets${path}`, body)
  return { status: answer.status, body: (await answer.json()) as Shown }
}
const shown = async (number: string, by = agent) => (await call('GET', `/${number}`, undefined, by)).body
const merge = (from: string, into: string, by = agent) => call('POST', `/${from}/merge`, { into }, by)
const unmerge = (number: string) => call('POST', `/${number}/unmerge`, {})
async function aTicket(requester = asker, kind = 'request', by = agent) {
  const input = {
    kind,
    title: 'No mail',
    impact: 'low',
    urgency: 'low',
    requester_id: requester.id,
    team_id: team,
  }
  const { status, body } = await call('POST', '', input, by)
  expect(status).toBe(201)
  return body.number
}
const words = async (number: string, by = agent) =>
  (await call('GET', `/${number}/activity`, undefined, by)).body.items
    .filter(({ message }) => message)
    .map(({ message, merged_from }) => [message!.body, merged_from])
const stands = async () => {
  const { rows } = await sql<{ from: string; into: string }>`
    select f.number as "from", i.number as "into" from ticket_merge m
    join ticket f on f.id = m.from_id join ticket i on i.id = m.into_id where m.undone_at is null`.execute(
    base.db,
  )
  return new Map(rows.map((row) => [row.from, row.into]))
}
/** Whether times and quality leave the ticket out. */
const kept = async (number: string) => {
  const { rows } =
    await sql`select from ticket t where t.number = ${number} and ${sql.raw(recordedTickets.kept)}`.execute(
      base.db,
    )
  return rows.length === 1
}

describe('a merged ticket', () => {
  test('goes on in the other: one story, whoever asked follows, its clocks end; and is undone', async () => {
    const [one, two] = [await aTicket(), await aTicket(other)]
    await call('POST', `/${one}/pend`, { reason: 'vendor' })
    await call('POST', `/${one}/reply`, { body: 'We look.' })
    await call('POST', `/${one}/note`, { body: 'It is the router.' })
    await call('POST', `/${two}/reply`, { body: 'So do we.' })
    const before = await shown(one)
    expect(await merge(one, two)).toMatchObject({ status: 200, body: { number: two, merged: [one] } })

    expect(await shown(one)).toMatchObject({
      state: 'closed',
      resolution_code: 'merged',
      merged_into: two,
      links: [{ kind: 'duplicates', outward: true, number: two }],
    })
    expect(
      (await shown(one)).sla.filter(({ target }) => target === 'resolution').map(({ state }) => state),
    ).toEqual(before.sla.filter(({ target }) => target === 'resolution').map(() => 'cancelled'))
    expect(await words(two)).toEqual([
      ['We look.', one],
      ['It is the router.', one],
      ['So do we.', null],
    ])
    // Each reads of either what they may read there: the asker of the first both stories, that of the other their own.
    expect(await words(two, asker)).toEqual([
      ['We look.', one],
      ['So do we.', null],
    ])
    expect(await words(two, other)).toEqual([['So do we.', null]])
    expect([await kept(one), await kept(two)]).toEqual([false, true])

    expect((await call('POST', `/${one}/reopen`, {})).status).toBe(409)
    expect((await shown(one)).may).toEqual(expect.not.arrayContaining(['reopen', 'merge']))
    expect((await call('POST', `/${one}/unlink`, { kind: 'duplicates', number: two })).status).toBe(409)

    expect(await unmerge(one)).toMatchObject({
      status: 200,
      body: { state: before.state, resolution_code: null, merged_into: null, links: [] },
    })
    expect((await shown(one)).sla.map(({ state }) => state)).toEqual(before.sla.map(({ state }) => state))
    expect((await shown(two)).watchers).toEqual([])
    expect(await words(two)).toEqual([['So do we.', null]])
    expect(await kept(one)).toBe(true)
    expect((await unmerge(one)).status).toBe(409)
  })

  test('its story is read in pages without a line lost or twice', async () => {
    const [one, two] = [await aTicket(), await aTicket()]
    for (const number of [one, two, one, two]) await call('POST', `/${number}/note`, { body: number })
    await merge(one, two)
    const whole = (await call('GET', `/${two}/activity`)).body.items
    for (const order of ['oldest', 'newest']) {
      const read: unknown[] = []
      for (let next: string | null = ''; next !== null;) {
        const { body } = await call(
          'GET',
          `/${two}/activity?limit=2&order=${order}${next && `&cursor=${next}`}`,
        )
        read.push(...body.items)
        next = body.next
      }
      expect(read).toEqual(order === 'oldest' ? whole : whole.toReversed())
    }
  })

  test('counts in volume and not in times and quality, in the store as in the record, until it is undone', async () => {
    const figures = await figuresOf(base.db)
    try {
      const [one, two] = [await aTicket(), await aTicket()]
      const leftOut = async () => {
        await figures.follow()
        const { rows } = await sql<{ id: string }>`
          select id from ticket where number = ${one}`.execute(base.db)
        const text = `select toString(left_out) as told from ticket_fact final where id = '${rows[0]!.id}'`
        const answer = await figures.store.ask({
          name: 'left out',
          text,
          params: {},
          row: z.object({ told: z.string() }),
        })
        return answer.map(({ told }) => told)
      }
      expect(await leftOut()).toEqual(['false'])
      await merge(one, two)
      expect(await leftOut()).toEqual(['true'])
      await unmerge(one)
      expect(await leftOut()).toEqual(['false'])
      expect(await reconcile(figures.pipe, figures.store)).toMatchObject({ differences: [] })
    } finally {
      await figures.close()
    }
  })

  test('into a merged ticket is into where that goes on; in a circle is refused', async () => {
    const [a, b, c] = [await aTicket(), await aTicket(), await aTicket()]
    await merge(b, a)
    expect((await merge(c, b)).body).toMatchObject({ number: a, merged: [b, c].toSorted() })
    expect(await merge(a, c)).toMatchObject({ status: 409 })
    expect(await merge(a, a)).toMatchObject({ status: 422 })
    await expect(
      transact(base.db, SYSTEM, (tx) =>
        sql`insert into ticket_merge (from_id, into_id, was, merged_at)
            select f.id, i.id, '{}', now() from ticket f, ticket i where f.number = ${a} and i.number = ${c}`.execute(
          tx.db,
        ),
      ),
    ).rejects.toThrow(/into itself/)
  })

  test('of another kind, of another team, or one that has ended, is refused', async () => {
    const [one, two, incident] = [await aTicket(), await aTicket(), await aTicket(asker, 'incident')]
    expect((await merge(one, incident)).status).toBe(422)
    expect((await merge(one, two, stranger)).status).toBe(404)
    expect((await call('POST', `/${one}/merge`, { into: 'nonsense' })).status).toBe(422)
    await call('POST', `/${two}/cancel`, {})
    expect((await merge(one, two)).status).toBe(409)
    expect((await unmerge(one)).status).toBe(409)
  })

  test('takes along what is open in it: parts, points, what it blocks; and gives it back', async () => {
    const [one, two, part, sub, blocked] = await Promise.all([1, 2, 3, 4, 5].map(() => aTicket()))
    const link = async (from: string, kind: string, number: string) =>
      expect((await call('POST', `/${from}/link`, { kind, number })).status).toBe(200)
    await link(part!, 'parent', one!)
    // The ticket that goes on is itself part of a part: it is not put into itself.
    await link(sub!, 'parent', one!)
    await link(two!, 'parent', sub!)
    await link(one!, 'blocks', blocked!)
    await link(two!, 'duplicates', one!)
    for (const text of ['Call', 'Write']) await call('POST', `/${one}/checklist`, { text })
    const points = async (number: string) => {
      const { body } = await call('GET', `/${number}/checklist`)
      return (body.items as unknown as { id: string; text: string; done_at: string | null }[]).map(
        ({ id, text, done_at }) => ({ id, text, done: done_at !== null }),
      )
    }
    const [called] = await points(one!)
    await call('PATCH', `/${one}/checklist/${called!.id}`, { done: true })
    const linksOf = async (number: string) =>
      (await shown(number)).links.map(
        ({ kind, outward, number: to }) => `${outward ? '>' : '<'} ${kind} ${to}`,
      )
    const before = { one: await linksOf(one!), two: await linksOf(two!) }

    expect((await merge(one!, two!)).status).toBe(200)
    expect(await linksOf(part!)).toEqual([`> parent ${two}`])
    expect(await linksOf(sub!)).toEqual([`> parent ${one}`, `< parent ${two}`])
    expect((await linksOf(two!)).toSorted()).toEqual(
      [`> parent ${sub}`, `< parent ${part}`, `> blocks ${blocked}`, `< duplicates ${one}`].toSorted(),
    )
    expect((await points(one!)).map(({ text }) => text)).toEqual(['Call'])
    expect((await points(two!)).map(({ text }) => text)).toEqual(['Write'])
    const story = (await call('GET', `/${two}/activity`)).body.items.map(({ verb }) => verb)
    expect(story).toContain('checklist')

    expect((await unmerge(one!)).status).toBe(200)
    expect((await linksOf(one!)).toSorted()).toEqual(before.one.toSorted())
    expect((await linksOf(two!)).toSorted()).toEqual(before.two.toSorted())
    expect((await points(one!)).map(({ text }) => text).toSorted()).toEqual(['Call', 'Write'])
    expect(await points(two!)).toEqual([])
  })

  test('is no declared major incident: people wait for its news', async () => {
    const manager = await someone(base.db, [{ role: 'manager', teamId: team }])
    const [major, other] = [await aTicket(asker, 'incident'), await aTicket(asker, 'incident')]
    await call('POST', `/${major}/propose-major`, {}, manager)
    expect((await call('POST', `/${major}/declare-major`, { lead_id: manager.id }, manager)).status).toBe(200)
    expect((await merge(major, other)).status).toBe(409)
    expect((await merge(other, major)).status).toBe(200)
  })

  test('whatever is merged and undone at once, each goes on in one that is open, and none in itself', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.boolean()), { minLength: 2, maxLength: 6 }),
        async (steps) => {
          const tickets = await Promise.all([0, 1, 2, 3].map(() => aTicket()))
          const answers = await Promise.all(
            steps.map(([from, into, undo]) =>
              undo ? unmerge(tickets[from]!) : merge(tickets[from]!, tickets[into]!),
            ),
          )
          for (const { status } of answers) expect([200, 409, 422]).toContain(status)
          const onward = await stands()
          for (const number of tickets) {
            let last = number
            for (let step = 0; onward.has(last); step++) {
              expect(step).toBeLessThan(4)
              last = onward.get(last)!
            }
            const { state, resolution_code } = await shown(number)
            expect([state, resolution_code]).toEqual(
              onward.has(number) ? ['closed', 'merged'] : ['new', null],
            )
            expect(await kept(number)).toBe(!onward.has(number))
          }
        },
      ),
      { numRuns: 8 },
    )
  })
})
