import { randomUUID } from 'node:crypto'
import { createService, SYSTEM, transact } from '@tocsin/desk'
import { sql } from 'kysely'
import { aTeam, type Someone, someone } from './api.ts'
import { aPolicy, aSchedule } from './paging.ts'
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
