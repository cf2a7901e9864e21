import type { AlertStatus, Ref, Severity } from '#lib/api/types.ts'
import type { Label } from '#lib/text/label.ts'
import { m } from '#lib/paraglide/messages.js'

/** What a mail means, by patterns over its parts; of an address for mail. */
export interface MailRule {
  means: 'trigger' | 'acknowledge' | 'resolve' | 'ignore'
  from?: string
  subject?: string
  body?: string
  title?: string
  dedup_key?: string
  severity?: string
}

/** How long one waits before an alert may open a ticket. */
export interface Patience {
  hold_seconds: number
  threshold: { count: number; minutes: number } | null
  flapping: { low: number; high: number } | null
  expire_minutes: number | null
}

export interface Integration {
  id: string
  system: string
  name: string
  service: { id: string; key: string; name: Label } | null
  team: Ref | null
  escalation_policy: Ref | null
  requests_per_second: number | null
  mail_rules: MailRule[]
  time_zone: string | null
  heartbeat: { interval_s: number; grace_s: number; missed_at: string | null } | null
  /** How long it may be silent before it raises an alert about itself. */
  quiet: { after_minutes: number; since: string | null } | null
  /** What it opens pages nobody. */
  shadow: { since: string; by: Ref | null } | null
  patience: Patience | null
  usual_patience: Patience
  revision: number
  created_at: string
  signs: boolean
  last_received_at: string | null
  firing: number
  keys: { id: string; hint: string; created_at: string }[]
}

export interface ShadowPage {
  id: string
  at: string
  at_night: boolean
  person: Ref
  ticket: { number: string; title: string | null }
  why: unknown
}

export interface ShadowReport {
  day: string
  zone: string
  incidents: number
  unpaged: number
  pages: number
  at_night: number
  people: { person: Ref; pages: number; at_night: number }[]
  items: ShadowPage[]
  next: string | null
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
  /** Refused for its content, and not read again yet. */
  retriable: boolean
  retried: { at: string; receipt_id: string } | null
}

export interface RawReceipt extends Receipt {
  body: string
  events: {
    position: number
    title: string | null
    dedup_key: string | null
    bucket: string
    reason: Reason
  }[]
}

/** Why an event was decided as it was, and what was changed in it to fit; codes of the desk's. */
export type Reason = { why?: string | null; flags?: string[]; window?: string } | null

export interface BucketEvent {
  receipt_id: string
  position: number
  received_at: string
  kind: string
  title: string | null
  dedup_key: string | null
  severity: string | null
  bucket: string
  reason: Reason
  alert: { id: string; status: AlertStatus } | null
  ticket: string | null
}

export type PaceSpan = 'hour' | 'day' | 'week'

export interface Pace {
  step_minutes: number
  points: { at: string; received: number; rejected: number }[]
  latency: { n: number; median_ms: number; p95_ms: number } | null
}

export interface SystemFacts {
  system: string
  name: string
  proof: 'signature' | 'token' | null
}

export interface DeadLetter {
  id: string
  receipt_id: string
  received_at: string
  element: string
  reason: string
  retried_at: string | null
  /** What it became then; null until that is decided. */
  retried_bucket: string | null
}

/** How the bodies of a generic webhook are read, each field by an expression. */
export interface Mapping {
  elements: string
  fields: Record<string, string>
  severities: Record<string, string>
  statuses: Record<string, string>
}

export interface MappingPreview {
  body?: unknown
  refused: string | null
  mapping: Mapping | null
  events: {
    position: number
    kind: string
    severity: Severity
    severity_raw: string | null
    title: string | null
    dedup_key: string
    resource: string | null
    service: string | null
    host: string | null
    starts_at: string | null
    ends_at: string | null
    labels: Record<string, string>
    annotations: Record<string, string>
    link: string | null
    flags: string[]
  }[]
  unreadable: { position: number; element: string; reason: string }[]
  /** `position` null: the expression cannot be used at all. */
  errors: { path: string; position: number | null; message: string }[]
}

type EventRead = Omit<MappingPreview['events'][number], 'position'>

/** What would be read out of a body that somebody tries. */
export interface Tried {
  /** Why it cannot be taken at all. */
  refused: string | null
  events: EventRead[]
  /** What changes no alert. */
  noted: EventRead[]
  unreadable: { element: string; reason: string }[]
  answer: { status: number }
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

const whys: Record<string, () => string> = {
  late: m.admin_why_late,
  stale: m.admin_why_stale,
  'nothing-open': m.admin_why_nothing_open,
  remembered: m.admin_why_remembered,
  'already-resolved': m.admin_why_already_resolved,
  'already-acknowledged': m.admin_why_already_acknowledged,
  'severity-opens-nothing': m.admin_why_severity,
  threshold: m.why_threshold,
  hold: m.why_hold,
  flapping: m.why_flapping,
  snoozed: m.why_snoozed,
  maintenance: m.why_maintenance,
  proposed: m.why_proposed,
  note: m.admin_why_note,
  change: m.admin_why_change,
  ping: m.admin_why_ping,
  test: m.admin_why_test,
}

/** A decision's reason in the language of the page; what was unreadable has its reason in the desk's own words. */
export function reasonWords(reason: Reason): string {
  if (!reason) return ''
  const { why, flags = [] } = reason
  const words = why ? (whys[why]?.() ?? why) : ''
  const fitted = flags.length > 0 ? m.admin_fitted({ flags: flags.join(', ') }) : ''
  return [words, fitted].filter(Boolean).join(' · ')
}
