import type { Generated } from 'kysely'
import type { DefaultJsonb } from './column.ts'

export interface MaintenanceTables {
  maintenance: MaintenanceTable
  maintenance_span: MaintenanceSpanTable
}

export interface MaintenanceTable {
  id: Generated<string>
  kind: 'window' | 'silence'
  reason: string
  author_id: string | null
  author_name: string | null
  service_ids: Generated<string[]>
  ci_ids: Generated<string[]>
  matchers: DefaultJsonb
  condition: string | null
  integration_id: string | null
  starts_at: Date
  ends_at: Date
  zone: Generated<string>
  rrule: string | null
  until: Date
  change_id: string | null
  cancelled_at: Date | null
  cancelled_by: string | null
  created_at: Date
  revision: Generated<number>
  suppressed_before: Generated<number>
}

export interface MaintenanceSpanTable {
  maintenance_id: string
  starts_at: Date
  ends_at: Date
  begun_at: Date | null
  ended_at: Date | null
}
