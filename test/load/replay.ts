import type { Db } from '@tocsin/db'
import { NO_RULES, readNow, replay, type Rule, sweepCheckpoints } from '@tocsin/desk'
import { anIntegration, drain, testDoor } from '../harness/door.ts'
import { tell } from './figures.ts'
import { anEvent, manyRules, publish, sendEvents } from './many-rules.ts'
import { type OwnPostgres, overPostgres } from './own-postgres.ts'

// A period of many repeats and some openings and ends, as monitoring sends, once more by twenty rules.
const RULES = 20
const EVENTS = 300_000
const AT_ONCE = 20_000
const KEYS = 5_000
const LEAST = 50_000

/** One in fifty ends what fires. */
const event = (at: number) => anEvent((at * 7) % KEYS, RULES, at % 50 === 49 ? 'resolve' : 'trigger')

async function live(db: Db, url: string): Promise<void> {
  const door = await testDoor(url)
  try {
    const { key } = await anIntegration(db)
    for (let at = 0; at < EVENTS; at += AT_ONCE) {
      await sendEvents(door, key, AT_ONCE, (n) => event(at + n))
      await drain(db)
    }
  } finally {
    await door.close()
  }
}

async function measure({ db, url }: OwnPostgres): Promise<boolean> {
  const rules = manyRules(RULES)
  await publish(db, rules)
  await sweepCheckpoints(db)
  const from = await readNow(db)
  await live(db, url)
  const to = await readNow(db)
  const timed = async (tried: Rule[] | null) => {
    const started = performance.now()
    const cpu = process.cpuUsage()
    const done = await replay(db, { from, to, rules: tried && { rules: tried, beside: NO_RULES.beside } })
    const { user, system } = process.cpuUsage(cpu)
    const ms = performance.now() - started
    const { exact } = done!.record
    return {
      perSecond: Math.round((done!.events / ms) * 1_000),
      setting: `${RULES} rules; ${exact ? 'history reproduced exactly' : 'HISTORY NOT REPRODUCED'}; ${Math.round((user + system) / ms / 10)} % of a core here, the rest Postgres`,
      exact,
    }
  }
  const alone = await timed(null)
  const beside = await timed(rules.toReversed())
  const figures = [
    tell(
      { figure: 'replayed by one rule set', measured: alone.perSecond, unit: '/s', least: LEAST },
      alone.setting,
    ),
    tell(
      {
        figure: 'replayed by a draft, beside the rules then in force',
        measured: beside.perSecond,
        unit: '/s',
        least: LEAST,
      },
      beside.setting,
    ),
  ]
  return alone.exact && figures.every(Boolean)
}

export const benchReplay = (): Promise<boolean> => overPostgres(measure)

if (import.meta.main) process.exitCode = (await benchReplay()) ? 0 : 1
