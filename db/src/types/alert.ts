import type { Generated } from 'kysely'
import type { DefaultJsonb, Jsonb } from './column.ts'
import type { Severity } from './event.ts'

export interface AlertTables {
  alert: AlertTable
  alert_link: AlertLinkTable
}

export interface AlertTable {
  id: Generated<string>
  integration_id: string
  dedup_key: string
  status: 'firing' | 'acknowledged' | 'suppressed' | 'resolved'
  severity: Severity
  severity_raw: string | null
  title: string
  resource: string | null
  service: string | null
  host: string | null
  service_id: string | null
  ci_id: string | null
  group_key: string
  labels: DefaultJsonb
  annotations: DefaultJsonb
  link: string | null
  starts_at: Date
  ends_at: Date | null
  episode: Generated<number>
  count: Generated<number>
  first_event_at: Date
  last_event_at: Date
  /** What lists sort by: `last_event_at`, which for mere repeats it follows once a minute. */
  seen_at: Generated<Date>
  acknowledged_at: Date | null
  acknowledged_by: string | null
  ticket_id: string | null
  updated_at: Date
  revision: Generated<number>
  held: 'maintenance' | 'snoozed' | 'flapping' | 'threshold' | 'hold' | 'proposed' | null
  held_until: Date | null
  held_window: string | null
  snoozed_until: Date | null
  flapping: Generated<boolean>
  due_at: Date | null
  restraint: DefaultJsonb
  enriched: DefaultJsonb
}

export interface AlertLinkTable {
  id: Generated<string>
  alert_id: string
  episode: number
  ticket_id: string
  how: 'opened' | 'joined' | 'by-hand'
  rule: string
  rule_version: number
  evidence: Jsonb
  linked_at: Date
  detached_at: Date | null
  detached_by: string | null
  detached_why: string | null
}
