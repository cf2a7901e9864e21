import type { Generated } from 'kysely'
import type { JsonbOrNull } from './column.ts'

export interface NotifyTables {
  contact_method: ContactMethodTable
  contact_told: ContactToldTable
  delivery: DeliveryTable
  ack_token: AckTokenTable
  notice: NoticeTable
  local_mail: LocalMailTable
}

export interface ContactMethodTable {
  id: Generated<string>
  person_id: string
  kind: 'email' | 'webhook' | 'app'
  address: Generated<string>
  delay_ms: Generated<number>
  secret_encrypted: Buffer | null
  verified_at: Date | null
  archived_at: Date | null
  created_at: Generated<Date>
  told_at: Date | null
  told_early_at: Date | null
  failing_since: Date | null
  failing: JsonbOrNull
}

export interface ContactToldTable {
  contact_method_id: string
  about: string
  at: Date
}

export interface DeliveryTable {
  id: Generated<string>
  page_id: string
  contact_method_id: string
  position: number
  state: 'waiting' | 'leased' | 'sent' | 'failed' | 'cancelled'
  due_at: Date
  lease_until: Date | null
  attempts: Generated<number>
  sent_at: Date | null
  outcome: JsonbOrNull
  created_at: Date
  bundle_id: string | null
  bundle_place: number | null
  held: JsonbOrNull
}

export interface AckTokenTable {
  hash: Buffer
  page_id: string
  expires_at: Date
  used_at: Date | null
}

export interface NoticeTable {
  id: Generated<string>
  person_id: string
  ticket_id: string | null
  activity_id: string
  template: string
  message_id: string | null
  state: 'waiting' | 'leased' | 'sent' | 'failed' | 'cancelled' | 'withheld'
  due_at: Date
  lease_until: Date | null
  attempts: Generated<number>
  sent_at: Date | null
  outcome: JsonbOrNull
  created_at: Date
  plain: Generated<boolean>
}

export interface LocalMailTable {
  id: Generated<string>
  at: Date
  message_id: string
  recipient: string
  person_id: string | null
  ticket_id: string | null
  subject: string
  body_text: string
  body_html: string | null
}
