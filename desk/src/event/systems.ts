import type { Sender } from './sender.ts'
import { alertmanager } from './senders/alertmanager.ts'
import { events } from './senders/events.ts'
import { prometheus } from './senders/prometheus.ts'

/**
 * The monitoring systems that have a door: `POST /v1/{system}/{key}`. One entry a system: its name, how it proves
 * itself, and in a file of `senders/` what to paste where. One without words of its own gets a webhook's.
 */
const systems = {
  alertmanager,
  prometheus,
  events,
  checkmk: { name: 'Checkmk' },
  grafana: { name: 'Grafana', proof: 'signature' },
  grafana_oncall: { name: 'Grafana OnCall' },
  icinga2: { name: 'Icinga 2' },
  icinga_notifications: { name: 'Icinga Notifications' },
  kapacitor: { name: 'Kapacitor' },
  nagios: { name: 'Nagios' },
  riemann: { name: 'Riemann' },
  sensu: { name: 'Sensu' },
  zabbix: { name: 'Zabbix' },
} satisfies Record<string, Sender>

export type System = keyof typeof systems

export const SYSTEMS: Record<System, Sender> = systems

export const isSystem = (name: string): name is System => Object.hasOwn(SYSTEMS, name)

export const proofOf = (system: System): Sender['proof'] => SYSTEMS[system].proof
