import { integrationFact, KPIS, pageFact, type Pipe, ticketFact, workFact } from '@tocsin/analytics'
import { openTickets, placeActivity, resolveTicket, SYSTEM, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { database, figuresOf, type TestDatabase, type TestFigures } from '../harness/index.ts'

let base: TestDatabase
let figures: TestFigures
beforeAll(async () => {
  base = await database()
  figures = await figuresOf(base.db)
  await figures.follow()
})
afterAll(async () => {
  await figures?.close()
  await base?.drop()
})

const volume = KPIS.find((kpi) => kpi.name === 'volume')!
const common = { kind: 'incident', title: 'x', impact: 'low', urgency: 'low', channel: 'desk' } as const

async function counted(): Promise<number> {
  const whole = {
    from: new Date(0),
    to: new Date('2100-01-01'),
    by: 'none',
    zone: 'UTC',
    filter: {},
  } as const
  return (await volume.fromStore(figures.store, { ...whole, scope: { all: true, teams: [] } })).whole.n
}
async function inRecord(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ticket`.execute(base.db)
  return rows[0]!.n
}
const open = (many: number) =>
  transact(base.db, SYSTEM, (tx) =>
    openTickets(
      tx,
      Array.from({ length: many }, () => common),
    ),
  )
const rowsOf = async (text: string) =>
  figures.store.ask({ name: 'test', text, row: z.record(z.string(), z.unknown()) })
const cursor = async () =>
  (
    await base.db
      .selectFrom('feed_cursor')
      .select('place')
      .where('reader', '=', 'analytics')
      .executeTakeFirst()
  )?.place

describe('figures follow the record', () => {
  test('a line that commits late is copied when it comes, and nothing waits for it', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    let written = () => {}
    const wrote = new Promise<void>((resolve) => (written = resolve))
    const late = transact(base.db, SYSTEM, async (tx) => {
      await openTickets(tx, [common])
      written()
      await held
    })
    await wrote
    await open(2)
    await figures.follow()
    expect(await counted()).toBe(2)
    release()
    await late
    await figures.follow()
    expect(await counted()).toBe(3)
  })

  test('killed between the insert and the cursor, it copies again and counts once', async () => {
    const before = await cursor()
    await open(5)
    await figures.follow()
    const equal = await counted()
    expect(equal).toBe(await inRecord())
    await sql`update feed_cursor set place = ${before} where reader = 'analytics'`.execute(base.db)
    await figures.restarted().catchUp()
    const [twice] = await rowsOf('select toUInt32(count()) as rows from ticket_fact')
    expect(Number(twice!.rows)).toBeGreaterThan(equal)
    expect(await counted()).toBe(equal)
  })

  test('a row copied again shows its newest state, never an older one', async () => {
    const [ticket] = await open(1)
    await figures.follow()
    const before = await cursor()
    await transact(base.db, SYSTEM, (tx) => resolveTicket(tx, { id: ticket!.id }))
    await figures.follow()
    await sql`update feed_cursor set place = ${before} where reader = 'analytics'`.execute(base.db)
    await figures.restarted().catchUp()
    expect(await rowsOf(`select state from ticket_fact final where id = '${ticket!.id}'`)).toEqual([
      { state: 'resolved' },
    ])
  })

  test('two pipes of one record take turns', async () => {
    await open(20)
    await placeActivity(base.db)
    await Promise.all(
      [figures.pipe, figures.restarted(), figures.restarted()].map((pipe: Pipe) => pipe.catchUp()),
    )
    await figures.follow()
    expect(await counted()).toBe(await inRecord())
  })

  test.each([
    ['without a cursor (npm run rebuild)', () => sql`delete from feed_cursor`.execute(base.db)],
    ['when the store lost what it had', () => figures.store.run('truncate table copied')],
    [
      'when the record was set back behind the store',
      () =>
        figures.store.run(
          'insert into copied select only_row, record, place + 1000000, as_of from copied final',
        ),
    ],
  ])('the store is filled anew %s', async (_when, happen) => {
    await figures.store.run('truncate table ticket_fact')
    await happen()
    const { rebuilt } = await figures.restarted().catchUp()
    expect(rebuilt).toBe(true)
    expect(await counted()).toBe(await inRecord())
    expect(await figures.restarted().catchUp()).toEqual({ changed: false, rebuilt: false })
  })

  test.each([ticketFact, pageFact, workFact, integrationFact])(
    '$table has the columns that are declared',
    async (fact) => {
      const columns = await rowsOf(
        `select name from system.columns where database = currentDatabase() and table = '${fact.table}'`,
      )
      expect(new Set(columns.map(({ name }) => name))).toEqual(
        new Set([...Object.keys(fact.columns), 'read_at_place']),
      )
    },
  )

  test('no words of a person reach the store', async () => {
    const words = 'Zanzibar-Wort'
    await transact(base.db, SYSTEM, (tx) =>
      openTickets(tx, [{ ...common, title: words, description: words }]),
    )
    await figures.follow()
    const tables = await rowsOf(`select name from system.tables where database = currentDatabase()`)
    for (const { name } of tables) {
      const found = await rowsOf(
        `select toUInt8(1) as hit from ${String(name)} where toString(tuple(*)) like '%Zanzibar%'`,
      )
      expect([name, found]).toEqual([name, []])
    }
  })
})

test('what waits for its place is not told as known: the figures are true up to the first that waits', async () => {
  await figures.follow()
  await open(2)
  const waits = await base.db
    .selectFrom('activity_waiting')
    .select('recorded_at')
    .orderBy('id')
    .executeTakeFirstOrThrow()
  await figures.pipe.catchUp()
  expect(figures.pipe.copied()!.asOf).toEqual(waits.recorded_at)
  await figures.follow()
  expect(+figures.pipe.copied()!.asOf).toBeGreaterThan(+waits.recorded_at)
})
