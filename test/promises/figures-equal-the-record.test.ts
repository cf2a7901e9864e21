import { KPIS, type Question, reconcile } from '@tocsin/analytics'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { database, figuresOf, type TestDatabase, type TestFigures } from '../harness/index.ts'
import { createWorld, END, START, stories, type Story, tell as write, type World } from './figures/history.ts'
import { type Tally, tell } from './figures/oracle.ts'

const SEED = 20_261_122
const TICKETS = 400
const QUESTIONS = 275

let base: TestDatabase
let figures: TestFigures
let world: World
let told: (Story & { number: number })[]
let tallies: Tally[]

beforeAll(async () => {
  base = await database()
  figures = await figuresOf(base.db)
  world = await createWorld(base.db)
  const sample = fc.sample(stories(world), { seed: SEED, numRuns: 2 * TICKETS })
  const first = sample.slice(0, TICKETS).map((story, number) => ({ ...story, number }))
  // Half of them go on: another state, team, priority. What stands at the end is what counts.
  const second = sample.slice(TICKETS, TICKETS * 1.5).map((story, number) => ({
    ...story,
    number: number * 2,
    created: first[number * 2]!.created,
    pages: first[number * 2]!.pages,
  }))
  const changed = new Map(second.map((story) => [story.number, fit(story, first[story.number]!)]))
  told = first.map((story) => changed.get(story.number) ?? story)

  await write(base.db, world, first, 1)
  await figures.follow()
  await write(base.db, world, [...changed.values()], 2)
  tallies = fc.sample(tallyOf(world), { seed: SEED, numRuns: 300 })
  await count(tallies)
  await figures.follow()
  // Minutes counted long ago are found by the comparison, not by the pipe, which looks back two hours.
  await reconcile(figures.pipe, figures.store)
})
afterAll(async () => {
  await figures?.close()
  await base?.drop()
})

const zones = ['UTC', 'Europe/Rome', 'Australia/Lord_Howe', 'America/New_York']

const questionsOf = (kpi: (typeof KPIS)[number]): fc.Arbitrary<Question> =>
  fc
    .record({
      from: fc.integer({ min: START, max: END }),
      to: fc.integer({ min: START, max: END }),
      by: fc.constantFrom(...kpi.dimensions),
      zone: fc.constantFrom(...zones),
      filter: fc.record(
        {
          team: fc.constantFrom(...world.teams),
          service: fc.constantFrom(...world.services),
          priority: fc.constantFrom('P1', 'P2'),
          kind: fc.constantFrom('incident', 'request'),
          channel: fc.constantFrom('monitoring', 'portal'),
        },
        { requiredKeys: [] },
      ),
      filtered: fc.boolean(),
      scope: fc.oneof(
        fc.constant({ all: true, teams: [] as string[] }),
        fc.subarray(world.teams).map((teams) => ({ all: false, teams })),
      ),
    })
    .map(({ from, to, filter, filtered, ...rest }) => ({
      ...rest,
      filter: filtered
        ? Object.fromEntries(Object.entries(filter).filter(([name]) => kpi.filters.includes(name as 'team')))
        : {},
      from: new Date(Math.min(from, to)),
      to: new Date(Math.max(from, to)),
    }))

describe('figures equal the record', () => {
  test.each(KPIS.map((kpi) => [kpi.name, kpi] as const))(
    '%s, in both engines and by the book',
    async (name, kpi) => {
      await fc.assert(
        fc.asyncProperty(questionsOf(kpi), async (question) => {
          const expected = tell(name, question, world, told, tallies)
          expect(await kpi.fromRecord(base.db, question)).toEqual(expected)
          expect(await kpi.fromStore(figures.store, question)).toEqual(expected)
        }),
        { seed: SEED, numRuns: QUESTIONS / KPIS.length },
      )
    },
  )

  test('the reconciler finds no difference, and finds one that is made', async () => {
    const equal = await reconcile(figures.pipe, figures.store)
    expect(equal).toMatchObject({ differences: [], table_differences: 0 })
    expect(equal!.checks).toBeGreaterThan(50)

    const { id } = await base.db
      .selectFrom('ticket')
      .select('id')
      .where('resolved_at', 'is not', null)
      .orderBy('resolved_at', 'desc')
      .executeTakeFirstOrThrow()
    await base.db
      .updateTable('ticket')
      .set({ resolved_at: new Date(END - 2) })
      .where('id', '=', id)
      .execute()
    const unequal = await reconcile(figures.pipe, figures.store)
    expect(unequal!.table_differences).toBeGreaterThan(0)
    expect(unequal!.differences.map(({ what }) => what)).toContain('table ticket_fact')
  })
})

/** A later telling keeps to the instants that it cannot change. */
function fit(story: Story & { number: number }, first: Story): Story & { number: number } {
  const shift = (at: number | null) => (at === null ? null : Math.max(at, first.created))
  return {
    ...story,
    acknowledged: shift(story.acknowledged),
    resolved: shift(story.resolved),
    closed: shift(story.closed),
    response: story.response ?? first.response,
    resolution: story.resolution ?? first.resolution,
    merged: story.merged || first.merged,
  }
}

const tallyOf = ({ integrations }: World): fc.Arbitrary<Tally> =>
  fc.record({
    integration: fc.constantFrom(...integrations.map(({ id }) => id)),
    at: fc
      .integer({ min: START / 60_000, max: Math.floor(END / 60_000) - 1 })
      .map((minute) => minute * 60_000),
    bucket: fc.constantFrom(
      'received',
      'received',
      'received',
      'opened',
      'joined',
      'repeated',
      'suppressed',
      'held',
    ),
    count: fc.integer({ min: 1, max: 1_000 }),
  })

/** Two slots a minute, as concurrent writers leave them. */
async function count(rows: Tally[]): Promise<void> {
  const seen = new Set<string>()
  tallies = rows.filter(({ integration, at, bucket }) => {
    const key = `${integration} ${at} ${bucket}`
    return seen.has(key) ? false : seen.add(key)
  })
  const half = (n: number) => Math.floor(n / 2)
  await base.db
    .insertInto('tally')
    .values(
      tallies.flatMap(({ integration, at, bucket, count: n }) =>
        [half(n), n - half(n)].map((part, slot) => ({
          integration_id: integration,
          minute: new Date(at),
          bucket,
          slot,
          count: part,
        })),
      ),
    )
    .execute()
}
