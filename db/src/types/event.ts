import type { Generated, GeneratedAlways } from 'kysely'
import type { DefaultJsonb, Jsonb, JsonbOrNull } from './column.ts'
import type { Impact } from './ticket.ts'

export type Severity = 'critical' | 'error' | 'warning' | 'info' | 'ok'

export interface EventTables {
  receipt: ReceiptTable
  receipt_waiting: ReceiptWaitingTable
  event: EventTable
  dead_letter: DeadLetterTable
  receipt_retry: ReceiptRetryTable
  tally: TallyTable
  tally_total: TallyTotalTable
  severity_mapping: SeverityMappingTable
  lookup: LookupTable
  lookup_version: LookupVersionTable
  lookup_row: LookupRowTable
}

export interface ReceiptTable {
  id: Generated<string>
  received_at: Generated<Date>
  integration_id: string
  outcome: 'accepted' | 'rejected'
  answer_status: number
  reason: string | null
  content_type: string | null
  headers: DefaultJsonb
  body: Buffer
  event_count: Generated<number>
}

export interface ReceiptWaitingTable {
  seq: GeneratedAlways<number>
  integration_id: string
  receipt_id: string
  received_at: Date
  event_count: number
  events: Jsonb
}

export interface EventTable {
  id: Generated<string>
  received_at: Date
  receipt_id: string
  position: number
  integration_id: string
  alert_id: string | null
  dedup_key: string | null
  kind: string
  severity: Severity | null
  severity_raw: string | null
  title: string | null
  starts_at: Date | null
  ends_at: Date | null
  bucket:
    | 'opened'
    | 'joined'
    | 'repeated'
    | 'suppressed'
    | 'held'
    | 'resolved'
    | 'acknowledged'
    | 'recorded'
    | 'ignored'
    | 'dead-letter'
  reason: JsonbOrNull
  decided_at: Date
}

export interface ReceiptRetryTable {
  receipt_id: string
  integration_id: string
  at: Date
  retried_receipt_id: string
}

export interface DeadLetterTable {
  id: Generated<string>
  event_id: string
  receipt_id: string
  received_at: Date
  integration_id: string
  position: number
  element: string
  reason: string
  retried_at: Date | null
  retried_receipt_id: string | null
}

export interface TallyTable {
  integration_id: string
  minute: Date
  bucket: string
  slot: Generated<number>
  count: number
}

/** What the rows of `tally` with slot -1 come to. */
export interface TallyTotalTable {
  integration_id: string
  bucket: string
  count: number
}

export interface SeverityMappingTable {
  severity: Severity
  impact: Impact
  urgency: Impact
  opens: Generated<boolean>
}

export interface LookupTable {
  id: Generated<string>
  name: string
  field: string
  version: Generated<number>
  created_at: Date
  archived_at: Date | null
}

export interface LookupVersionTable {
  lookup_id: string
  version: number
  key_column: string
  columns: string[]
  rows: number
  author_id: string | null
  created_at: Date
}

export interface LookupRowTable {
  lookup_id: string
  version: number
  value: string
  labels: Jsonb
}
