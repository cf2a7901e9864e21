import { type Event, fitKey } from '../event/index.ts'

/**
 * What belongs into one incident: what the sender grouped, else the same alert name on the same service,
 * else the alert alone. Groups of two integrations are never one.
 */
export function groupOf(event: Pick<Event, 'group_key' | 'labels' | 'dedup_key'>): string {
  const { alertname, service } = event.labels
  if (event.group_key) return fitKey(`group:${event.group_key}`)
  if (alertname) return fitKey(`name:${JSON.stringify(service ? [alertname, service] : [alertname])}`)
  return fitKey(`key:${event.dedup_key}`)
}

/** The fields that led to the group, for the link's evidence. */
export function matchedFields(groupKey: string, labels: Record<string, string>): Record<string, string> {
  if (groupKey.startsWith('group:')) return { group_key: groupKey.slice('group:'.length) }
  if (groupKey.startsWith('key:')) return { dedup_key: groupKey.slice('key:'.length) }
  const { alertname = '', service } = labels
  return service ? { alertname, service } : { alertname }
}
