import {
  publishRuleset,
  readNow,
  readRuleset,
  sweepAlerts,
  sweepCheckpoints,
  sweepGatherings,
  sweepMaintenance,
  sweepRecoveries,
  sweepSteps,
  SYSTEM,
  transact,
} from '@tocsin/desk'
import { drain } from './door.ts'
import { configure } from './history-configured.ts'
import type { Desk } from './history-desk.ts'
import { act } from './history-people.ts'
import { BESIDES, RACED, RULE_SETS, type Said, type Step } from './history-steps.ts'
import { aRule } from './rules.ts'

const bodyOf = (events: Said[], now: number) => ({
  events: events.map(({ kind, key, severity, host, began }) => ({
    kind,
    ...(began !== null && { starts_at: new Date(now - began * 60_000).toISOString() }),
    severity,
    dedup_key: `k${key}`,
    title: `Trouble ${key}`,
    labels: { alertname: `name-${key % 3}`, host },
  })),
})

/** What engines do by themselves, a round; in another order each time. */
async function sweep({ on }: Desk, order: number): Promise<void> {
  const { db } = on.base
  const sweeps = [sweepMaintenance, sweepAlerts, sweepRecoveries, sweepGatherings, sweepSteps]
  for (let place = 0; place < sweeps.length; place++) await sweeps[(place + order) % sweeps.length]!(db)
  await sweepCheckpoints(db)
}

/** Takes the steps one after the other; answers the instants between them. */
export async function live(desk: Desk, steps: Step[]): Promise<Date[]> {
  const { db } = desk.on.base
  const moments: Date[] = []
  let still = 0
  for (const [place, step] of steps.entries()) {
    if (step.do === 'still') still = step.steps
    else await take(desk, step)
    if (still > 0) still -= 1
    else await sweep(desk, place)
    moments.push(await readNow(db))
  }
  await sweep(desk, 0)
  return moments
}

async function take(desk: Desk, step: Exclude<Step, { do: 'still' }>): Promise<void> {
  const { on, sources } = desk
  const { db } = on.base
  switch (step.do) {
    case 'say':
      return sources[step.source]!.say(...bodyOf(step.events, (await readNow(db)).getTime()).events)
    case 'pass':
      return void (await on.moveOn(step.seconds))
    case 'publish': {
      const { version } = await readRuleset(db)
      const rules = RULE_SETS[step.rules]!.map(aRule)
      const body = { base: version, rules, beside: BESIDES[step.beside]! }
      return void (await transact(db, SYSTEM, (tx) => publishRuleset(tx, body)))
    }
    case 'act':
      return act(desk, step)
    case 'configure':
      return configure(desk, step)
    case 'race':
      return race(desk, step)
  }
}

/** Two workers and two engines at once, while sources speak, somebody acts and another changes the configuration. */
async function race(desk: Desk, { first, second, pick }: Extract<Step, { do: 'race' }>): Promise<void> {
  const { on, sources } = desk
  const { db } = on.base
  const now = (await readNow(db)).getTime()
  const said = [first, second, first].map((events, place) =>
    on.door.send(`/v1/events/${sources[place]!.key}`, bodyOf(events, now)),
  )
  await Promise.all(said)
  await Promise.all([
    drain(db),
    drain(db),
    sweep(desk, pick % 4),
    sweep(desk, (pick + 1) % 4),
    act(desk, { what: pick % 2 ? 'acknowledge' : 'resolve', pick }),
    act(desk, { what: pick % 3 ? 'silence' : 'end-window', pick }),
    configure(desk, { what: RACED[pick % RACED.length]!, pick }),
  ])
  await drain(db)
}
