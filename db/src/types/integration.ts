import type { Generated } from 'kysely'
import type { DefaultJsonb } from './column.ts'

export interface IntegrationTables {
  integration: IntegrationTable
  integration_key: IntegrationKeyTable
  change_event: ChangeEventTable
  heartbeat: HeartbeatTable
  door_watch: DoorWatchTable
}

export interface IntegrationTable {
  id: Generated<string>
  system: string
  name: string
  service_id: string | null
  team_id: string | null
  escalation_policy_id: string | null
  settings: DefaultJsonb
  secret_encrypted: Buffer | null
  last_received_at: Date | null
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
  shadow_since: Date | null
  shadow_by: string | null
}

export interface IntegrationKeyTable {
  id: Generated<string>
  integration_id: string
  hash: Buffer
  hint: string
  created_at: Generated<Date>
  expires_at: Date | null
  revoked_at: Date | null
}

/** What was changed in a service, as its tools tell it. */
export interface ChangeEventTable {
  id: Generated<string>
  integration_id: string
  service_id: string | null
  /** null: an alert that outlasted its hold told of it, by a rule. */
  receipt_id: string | null
  at: Date
  title: string
  source: string | null
  link: string | null
  labels: DefaultJsonb
}

/** What must give a sign of life, and when to look next. */
export interface HeartbeatTable {
  integration_id: string
  interval_s: number
  grace_s: number
  watched_from: Date
  due_at: Date
  missed_at: Date | null
}

/** Since when the machines' door has been open without a break; one row. */
export interface DoorWatchTable {
  only_row: Generated<boolean>
  open_since: Date
  seen_at: Date
}
