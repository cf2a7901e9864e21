import type { AlertLine } from '#lib/api/types.ts'

export interface ServiceGroup {
  /** As the senders named it; null where none was named. */
  service: string | null
  alerts: AlertLine[]
}

export interface IncidentGroup {
  ticket: AlertLine['ticket']
  services: ServiceGroup[]
  count: number
}

const rank = { critical: 0, error: 1, warning: 2, info: 3, ok: 4 }

/**
 * Alerts by incident, then by service. Incidents stand in the order of their priority and those alerts that
 * have none come first, since nobody looks after them yet; within a service the worst alert comes first.
 */
export function groupAlerts(alerts: readonly AlertLine[]): IncidentGroup[] {
  const byIncident = Map.groupBy(alerts, ({ ticket }) => ticket?.number ?? '')
  return [...byIncident.values()]
    .map((members) => ({
      ticket: members[0]?.ticket ?? null,
      services: byService(members),
      count: members.length,
    }))
    .toSorted((a, b) => orderOf(a).localeCompare(orderOf(b)))
}

const orderOf = ({ ticket }: IncidentGroup) =>
  ticket ? `${ticket.priority} ${ticket.number.padStart(20, '0')}` : ''

function byService(alerts: readonly AlertLine[]): ServiceGroup[] {
  return [...Map.groupBy(alerts, ({ service }) => service ?? '')]
    .map(([service, members]) => ({
      service: service || null,
      alerts: members.toSorted(
        (a, b) => rank[a.severity] - rank[b.severity] || a.starts_at.localeCompare(b.starts_at),
      ),
    }))
    .toSorted((a, b) => (a.service ?? '\uFFFF').localeCompare(b.service ?? '\uFFFF'))
}
