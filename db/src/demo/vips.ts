import type { People } from './people.ts'
import type { Sla } from './sla.ts'
import { HOUR, MINUTE, type World } from './world.ts'

const MEMBERS = 12

/** A group of people who are promised more from today on; what was promised to them before stays as it was. */
export function promiseVips({ chance, load, now }: World, people: People, sla: Sla): void {
  const created_at = new Date(now)
  const groupId = chance.id(now)
  load.add('people_group', { id: groupId, name: 'VIP', created_at })
  for (const { id } of people.employees.slice(-MEMBERS))
    load.add('people_group_member', { group_id: groupId, person_id: id, created_at })
  const id = chance.id(now)
  load.add('sla_policy', { id, name: 'VIP', position: 5, created_at })
  const team = people.teams['service-desk'].id
  const promise = (response: number, resolution: number, update: number) => ({
    response_ms: response,
    resolution_ms: resolution,
    update_ms: update,
    calendar_id: null,
  })
  load.add('sla_policy_version', {
    id: chance.id(now),
    policy_id: id,
    version: 1,
    effective_from: created_at,
    kinds: '{incident,request}',
    service_ids: '{}',
    calendar_id: sla.always.id,
    targets: {
      P1: promise(10 * MINUTE, 2 * HOUR, HOUR),
      P2: promise(15 * MINUTE, 4 * HOUR, 2 * HOUR),
      P3: promise(HOUR, 8 * HOUR, 4 * HOUR),
      P4: promise(2 * HOUR, 24 * HOUR, 8 * HOUR),
      P5: promise(4 * HOUR, 48 * HOUR, 24 * HOUR),
    },
    conditions: { group_ids: [groupId] },
    olas: [{ team_id: team, calendar_id: null, targets_ms: { P1: HOUR, P2: 2 * HOUR, P3: 4 * HOUR } }],
    escalations: [
      { target: 'resolution', percent: 75, escalation_policy_id: null, person_ids: [], team_ids: [team] },
    ],
    created_at,
  })
}
