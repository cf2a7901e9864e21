interface SystemFacts {
  /** As its makers write it. */
  name: string
  /** How the sender can prove that a body is its own, where it can. */
  proof?: 'signature' | 'token'
}

/** The monitoring systems that have a door: `POST /v1/{system}/{key}`. The order is the order of the pages. */
export const SYSTEMS = {
  alertmanager: { name: 'Prometheus Alertmanager' },
  prometheus: { name: 'Prometheus' },
  events: { name: 'Tocsin events' },
} as const satisfies Record<string, SystemFacts>

export type System = keyof typeof SYSTEMS

export const isSystem = (name: string): name is System => Object.hasOwn(SYSTEMS, name)

export const proofOf = (system: System): SystemFacts['proof'] => (SYSTEMS[system] as SystemFacts).proof
