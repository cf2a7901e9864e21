/** The monitoring systems that have a door: `POST /v1/{system}/{key}`. The order is the order of the pages. */
export const SYSTEMS = {
  alertmanager: { name: 'Prometheus Alertmanager' },
  prometheus: { name: 'Prometheus' },
  events: { name: 'Tocsin events' },
} as const

export type System = keyof typeof SYSTEMS

export const isSystem = (name: string): name is System => Object.hasOwn(SYSTEMS, name)
