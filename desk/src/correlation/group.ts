import type { Severity } from '@tocsin/db'
import { type Event, fitKey } from '../event/index.ts'

/** The rule by which alerts find their incident until somebody writes others. */
export const RULE = 'default'
export const RULE_VERSION = 1

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

/** An alert that asks for its incident. */
export interface Claim {
  key: string
  episode: number
  groupKey: string
  severity: Severity
  /** What may not open a ticket joins one that is open, or nothing. */
  mayOpen: boolean
}

export type Placing = 'opened' | 'joined' | 'nothing'

/**
 * Where each claim goes, in order. A group has one open incident: the first claim that may open one does, and
 * all after it join. What may not (information, say) joins an incident that is open, and opens none.
 */
export function placeClaims(claims: Claim[], openGroups: ReadonlySet<string>): Placing[] {
  const open = new Set(openGroups)
  return claims.map(({ groupKey, mayOpen }) => {
    if (open.has(groupKey)) return 'joined'
    if (!mayOpen) return 'nothing'
    open.add(groupKey)
    return 'opened'
  })
}
