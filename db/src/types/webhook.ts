import type { Generated } from 'kysely'

export interface WebhookTables {
  webhook: WebhookTable
  webhook_delivery: WebhookDeliveryTable
  webhook_attempt: WebhookAttemptTable
}

export interface WebhookTable {
  id: Generated<string>
  name: string
  url: string
  secret_encrypted: Buffer
  old_secret_encrypted: Buffer | null
  old_secret_until: Date | null
  verbs: Generated<string[]>
  kinds: Generated<string[]>
  team_ids: Generated<string[]>
  condition: Generated<string>
  notes: Generated<boolean>
  confidential: Generated<boolean>
  state: Generated<'on' | 'off' | 'stopped'>
  failed_in_a_row: Generated<number>
  stopped_at: Date | null
  wait_until: Date | null
  from_place: number
  author_id: string | null
  revision: Generated<number>
  created_at: Date
  archived_at: Date | null
}

export interface WebhookDeliveryTable {
  id: Generated<string>
  webhook_id: string
  activity_id: string | null
  ticket_id: string | null
  place: number
  type: string
  body: string
  state: 'waiting' | 'leased' | 'delivered' | 'failed'
  due_at: Date
  lease_until: Date | null
  attempts: Generated<number>
  reason: string | null
  created_at: Date
  ended_at: Date | null
}

export interface WebhookAttemptTable {
  delivery_id: string
  at: Date
  ok: boolean
  status: number | null
  reason: string | null
  duration_ms: number
  answer: Generated<string>
}
