import { readNow, replay, sweepCheckpoints } from '@tocsin/desk'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { doorOverDatabase } from '../harness/index.ts'
import { aDesk, type Desk } from '../harness/history-desk.ts'
import { live } from '../harness/history.ts'
import { aStep } from '../harness/history-steps.ts'

const RUNS = Number(process.env.TOCSIN_RUNS ?? (process.env.TOCSIN_SOAK ? 60 : 4))
// The same histories in every run, and others in a soak.
const SEED = process.env.TOCSIN_SEED ?? (process.env.TOCSIN_SOAK ? undefined : '7')

const on = doorOverDatabase()
let desk: Desk
beforeAll(async () => {
  desk = await aDesk(on)
})

test(
  'random events, actions and rules: the versions then in force give the same tickets and the same pages',
  async () => {
    const { db } = on.base
    let tickets = 0
    let pages = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(aStep, { minLength: 40, maxLength: 70 }),
        fc.nat(30),
        async (steps, before) => {
          // A day of its own, so that it begins with a checkpoint, over what the day before left.
          await on.moveOn(86_400)
          await live(desk, [])
          await sweepCheckpoints(db)
          const began = await readNow(db)
          const moments = await live(desk, steps)
          await on.moveOn(1)
          const to = await readNow(db)
          // The period need not begin where everything was kept.
          const from = before < 10 ? began : moments[before]!
          const again = await replay(db, { from, to, rules: null })
          const { record } = again!
          const all = { openings_matched: record.openings, pages_wrong: 0, exact: true }
          expect(record).toEqual({ ...record, ...all })
          tickets += record.openings
          pages += record.pages
        },
      ),
      {
        numRuns: RUNS,
        ...(SEED !== undefined && { seed: Number(SEED) }),
        endOnFailure: true,
      },
    )
    expect(tickets).toBeGreaterThan(10)
    expect(pages).toBeGreaterThan(10)
  },
  60_000 + RUNS * 15_000,
)
