import type { Services } from './services.ts'
import type { ServiceKey } from './words/services.ts'
import type { World } from './world.ts'

export interface Integration {
  id: string
  system: string
  /** Shown to nobody but demo.json. */
  key: string
}

/** Every monitoring system that has a door, by the name that its makers give it. */
export type Doors = Readonly<Record<string, { name: string }>>

/** Which monitoring watches what; a system that is not named here has a door and no history yet. */
const WATCHES: Record<string, { name: string; main: ServiceKey; services: ServiceKey[] }> = {
  alertmanager: {
    name: 'Alertmanager, production cluster',
    main: 'platform',
    services: ['platform', 'webshop', 'payments', 'warehouse', 'databases', 'reporting', 'storage'],
  },
  prometheus: {
    name: 'Prometheus, sites',
    main: 'wan',
    services: ['wan', 'vpn', 'dns', 'wifi', 'directory', 'tills', 'production'],
  },
  events: { name: 'Jobs and devices', main: 'erp', services: ['erp', 'backup', 'printing', 'email'] },
}

/** One integration for each system that has a door, each with a fresh key. */
export function connectMonitoring(
  { chance, load, rules, start, now }: World,
  services: Services,
  systems: Doors,
): { integrations: Integration[]; watching: (service: ServiceKey) => Integration } {
  const integrations = Object.entries(systems).map(([system, door]) => {
    const id = chance.id(start)
    const { name, main } = WATCHES[system] ?? { name: door.name, main: 'platform' as const }
    load.add('integration', {
      id,
      system,
      name,
      service_id: services[main].id,
      team_id: services[main].teamId,
      escalation_policy_id: services[main].policyId,
      last_received_at: WATCHES[system] ? new Date(now) : null,
      created_at: new Date(start),
    })
    const { key, hash, hint } = rules.mintKey()
    load.add('integration_key', {
      id: chance.id(start),
      integration_id: id,
      hash: `\\x${hash.toString('hex')}`,
      hint,
      created_at: new Date(start),
    })
    return { id, system, key }
  })
  return {
    integrations,
    watching: (service) => {
      const system = Object.keys(WATCHES).find((name) => WATCHES[name]!.services.includes(service))
      return integrations.find((one) => one.system === system) ?? integrations[0]!
    },
  }
}
