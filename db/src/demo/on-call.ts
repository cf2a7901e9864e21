import type { Rotation } from './desk-rules.ts'
import type { People, Person } from './people.ts'
import { TEAM_KEYS, type TeamKey, TEAMS } from './teams.ts'
import { DAY, MINUTE, type World } from './world.ts'

export interface Rota {
  scheduleId: string
  scheduleName: string
  policy: { id: string; versionId: string; name: string }
  /** Who answered at an instant, and why them. */
  on: (at: number) => { personId: string; why: object } | undefined
}

export interface OnCall {
  rotas: Partial<Record<TeamKey, Rota>>
  /** How a person is reached first. */
  methodOf: Map<string, string>
}

/** A rota and an escalation policy for every team that is called, and how its people are reached. */
export function arrangeOnCall(world: World, people: People): OnCall {
  const { chance, load, start } = world
  const rotas = Object.fromEntries(
    TEAM_KEYS.filter((key) => TEAMS[key].rotation).map((key) => [key, arrange(world, people, key)]),
  ) as OnCall['rotas']
  const reached = new Map<string, Person>()
  for (const { onCall } of Object.values(people.teams))
    for (const person of onCall) reached.set(person.id, person)
  reached.set(people.faces.manager.id, people.faces.manager)
  const methodOf = new Map<string, string>()
  for (const person of reached.values()) {
    const id = chance.id(start)
    methodOf.set(person.id, id)
    const created_at = new Date(start)
    const method = { person_id: person.id, delay_ms: 0, verified_at: created_at, created_at }
    load.add(
      'contact_method',
      { id, ...method, kind: 'email', address: person.email },
      { id: chance.id(start), ...method, kind: 'app', address: '' },
    )
  }
  return { rotas, methodOf }
}

function arrange({ chance, load, rules, start, now }: World, people: People, key: TeamKey): Rota {
  const { name, zone, rotation } = TEAMS[key]
  const { id: teamId, onCall } = people.teams[key]
  const created_at = new Date(start)
  const scheduleId = chance.id(start)
  const rota: Rotation = {
    name: rotation === 'day' ? 'Daily' : 'Weekly',
    every: rotation ?? 'week',
    length: 1,
    starts_on: mondayBefore(start),
    handoff: '09:00',
    people: onCall.map((person) => person.id),
  }
  const version = {
    id: chance.id(start),
    scheduleId,
    version: 1,
    effectiveFrom: created_at,
    zone,
    rotations: [rota],
  }
  const on = (at: number) => rules.whoIsOn([version], [], new Date(at))
  // Whoever can sign in is on call now, so that a page can be tried at once.
  const face = onCall.findIndex((person) => person.id === people.faces.on_call.id)
  const turn = onCall.findIndex((person) => person.id === on(now)?.personId)
  if (face >= 0)
    rota.people = onCall.map((_, position) => onCall.at((position + face - turn) % onCall.length)!.id)

  const scheduleName = `${name} on call`
  load.add('schedule', { id: scheduleId, name: scheduleName, team_id: teamId, created_at })
  load.add('schedule_version', {
    id: version.id,
    schedule_id: scheduleId,
    version: 1,
    effective_from: created_at,
    zone,
    rotations: version.rotations,
    created_at,
  })
  const policy = { id: chance.id(start), versionId: chance.id(start), name }
  load.add('escalation_policy', { id: policy.id, name, team_id: teamId, created_at })
  load.add('escalation_policy_version', {
    id: policy.versionId,
    policy_id: policy.id,
    version: 1,
    effective_from: created_at,
    steps: [
      { wait_ms: 0, targets: [{ kind: 'schedule', id: scheduleId }] },
      { wait_ms: 10 * MINUTE, targets: [{ kind: 'team', id: teamId }] },
      { wait_ms: 15 * MINUTE, targets: [{ kind: 'person', id: people.faces.manager.id }] },
    ],
    repeats: 1,
    created_at,
  })
  return { scheduleId, scheduleName, policy, on }
}

function mondayBefore(at: number): string {
  const days = (new Date(at).getUTCDay() + 6) % 7
  return new Date(at - (days + 7) * DAY).toISOString().slice(0, 10)
}
