import type { Organisation } from './organisation.ts'
import type { People } from './people.ts'
import type { TeamKey } from './teams.ts'
import { SERVICE_KEYS, type ServiceKey, SERVICES } from './words/services.ts'
import type { World } from './world.ts'

export interface Item {
  id: string
  name: string
  kind: string
}

export interface Service {
  key: ServiceKey
  id: string
  team: TeamKey
  teamId: string
  categoryId: string
  policyId: string | null
  items: Item[]
}

export type Services = Record<ServiceKey, Service>

/** What people use, what it runs on and what depends on what. `policies`: whom a team's services wake. */
export function layOutServices(
  { chance, load, start }: World,
  { categories }: Organisation,
  { teams }: People,
  policies: Partial<Record<TeamKey, string>>,
): Services {
  const created_at = new Date(start)
  const services = Object.fromEntries(
    SERVICE_KEYS.map((key) => {
      const { name, team, category, wakes, runsOn } = SERVICES[key]
      const id = chance.id(start)
      const policyId = wakes ? (policies[team] ?? null) : null
      load.add('service', {
        id,
        key,
        name,
        team_id: teams[team].id,
        escalation_policy_id: policyId,
        created_at,
      })
      const items = runsOn.flatMap(([kind, pattern, count]) =>
        Array.from({ length: count }, (_, position) => ({
          id: chance.id(start),
          kind,
          name: pattern.replace('#', String(position + 1).padStart(2, '0')),
        })),
      )
      load.add(
        'configuration_item',
        ...items.map((item) => ({ ...item, service_id: id, created_at, attributes: attributesOf(item) })),
      )
      const service: Service = {
        key,
        id,
        team,
        teamId: teams[team].id,
        categoryId: categories[category],
        policyId,
        items,
      }
      return [key, service]
    }),
  ) as Services
  for (const key of SERVICE_KEYS)
    for (const needed of SERVICES[key].needs) {
      load.add('service_dependency', { service_id: services[key].id, depends_on_id: services[needed].id })
      const below = services[needed].items
      if (below.length > 0)
        for (const item of services[key].items)
          load.add('ci_dependency', { ci_id: item.id, depends_on_id: chance.pick(below).id })
    }
  return services
}

function attributesOf({ name, kind }: Item): Record<string, string> {
  const site = /-(mil|bol|tor|lyo|par|ver)-/.exec(name)?.[1]
  return { ...(site && { site }), ...(kind === 'database' && { engine: 'PostgreSQL' }) }
}
