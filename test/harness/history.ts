import { randomUUID } from 'node:crypto'
import {
  createService,
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
import { sql } from 'kysely'
import { type Someone, aTeam, someone } from './api.ts'
import { drain } from './door.ts'
import { configure } from './history-configured.ts'
import { act } from './history-people.ts'
import { BESIDES, RACED, RULE_SETS, type Said, type Step } from './history-steps.ts'
import { aPolicy, aSchedule } from './paging.ts'
import { aRule } from './rules.ts'
import { aSource, type DoorOverDatabase } from './source.ts'

/** A desk with sources, people, a map and policies, in which a random history takes place. */
export interface Desk {
  on: DoorOverDatabase
  agents: Someone[]
  sources: Awaited<ReturnType<typeof aSource>>[]
  services: string[]
  items: string[]
  schedule: string
  policies: string[]
  team: string
}

export async function aDesk(on: DoorOverDatabase): Promise<Desk> {
  const { db } = on.base
  const team = await aTeam(db)
  const agents = [
    await someone(db, [
      { role: 'agent', teamId: team },
      { role: 'on_call', teamId: team },
    ]),
    await someone(db, [{ role: 'on_call', teamId: team }]),
    await someone(db, [
      { role: 'agent', teamId: team },
      { role: 'manager', teamId: team },
    ]),
  ]
  const schedule = await aSchedule(
    db,
    team,
    agents.slice(0, 2).map(({ id }) => id),
  )
  const steps = [
    { wait_ms: 0, targets: [{ kind: 'schedule' as const, id: schedule }] },
    { wait_ms: 120_000, targets: [{ kind: 'team' as const, id: team }] },
  ]
  const policies = [await aPolicy(db, steps, 1), await aPolicy(db, steps.toReversed(), 2)]
  const services = await Promise.all(
    ['shop', 'store', 'mail'].map((name, place) =>
      transact(db, SYSTEM, (tx) =>
        createService(tx, {
          key: `${name}-${randomUUID().slice(0, 8)}`,
          name: { en: name },
          teamId: team,
          escalationPolicyId: place === 1 ? policies[1]! : null,
        }),
      ),
    ),
  )
  await sql`insert into service_dependency values (${services[0]}, ${services[1]})`.execute(db)
  const { rows: items } = await sql<{ id: string }>`
    insert into configuration_item (name, kind, service_id)
    values ('h0', 'host', ${services[0]}), ('h1', 'host', ${services[1]}), ('h2', 'host', null) returning id`.execute(
    db,
  )
  const sources = [
    await aSource(on, { escalationPolicyId: policies[0]!, serviceId: services[0]! }),
    await aSource(on, { escalationPolicyId: policies[0]!, serviceId: services[1]! }),
    await aSource(on, { serviceId: services[1]! }),
  ]
  return { on, agents, sources, services, items: items.map(({ id }) => id), schedule, policies, team }
}

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
