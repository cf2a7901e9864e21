import type { Ref } from '#lib/api/types.ts'
import type { Label } from '#lib/text/label.ts'
import { m } from '#lib/paraglide/messages.js'

export interface Integration {
  id: string
  system: string
  name: string
  service: { id: string; key: string; name: Label } | null
  team: Ref | null
  escalation_policy: Ref | null
  last_received_at: string | null
  firing: number
  keys: { id: string; hint: string; created_at: string }[]
}

export interface Accounting {
  received: number
  waiting: number
  buckets: Record<string, number>
  balanced: boolean
  rejected: number
  as_of: string
}

export interface Receipt {
  id: string
  received_at: string
  outcome: 'accepted' | 'rejected'
  answer_status: number
  reason: string | null
  event_count: number
}

export interface RawReceipt extends Receipt {
  body: string
  events: { position: number; title: string | null; dedup_key: string | null; bucket: string }[]
}

export interface DeadLetter {
  id: string
  receipt_id: string
  received_at: string
  element: string
  reason: string
  retried_at: string | null
}

export interface SenderSetup {
  url: string
  snippets: { file: string; language: string; text: string }[]
}

const buckets: Record<string, () => string> = {
  opened: m.admin_bucket_opened,
  joined: m.admin_bucket_joined,
  repeated: m.admin_bucket_repeated,
  suppressed: m.admin_bucket_suppressed,
  held: m.admin_bucket_held,
  resolved: m.admin_bucket_resolved,
  acknowledged: m.admin_bucket_acknowledged,
  recorded: m.admin_bucket_recorded,
  ignored: m.admin_bucket_ignored,
  'dead-letter': m.admin_bucket_dead_letter,
}

/** What became of an event, in the language of the page. */
export const bucketWord = (bucket: string): string => buckets[bucket]?.() ?? bucket
