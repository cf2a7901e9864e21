import type { Priority, Ref, State } from '#lib/api/types.ts'
import type { Label } from '#lib/text/label.ts'

export interface Page {
  id: string
  ticket: { number: string; title: string; state: State; priority: Priority; service: Label | null }
  recipient: Ref
  cycle: number
  step: number
  state: 'open' | 'acknowledged' | 'ended'
  created_at: string
  acknowledged_at: string | null
  ended_at: string | null
  /** Why this person, in the reader's language. */
  because: string[]
  deliveries: Delivery[]
}

/** One attempt to reach the recipient over one contact method. */
export interface Delivery {
  kind: ContactMethod['kind']
  state: 'waiting' | 'leased' | 'sent' | 'failed' | 'cancelled'
  due_at: string
  sent_at: string | null
  attempts: number
  reason: string | null
  /** How many pages its message told of. */
  together: number
  /** Why it waited: they had been told of something at told_at. */
  held: { until: string; told_at: string | null } | null
}

/** A way to reach somebody over which something failed for good. */
export interface FailingWay {
  kind: ContactMethod['kind']
  since: string
  reason: string
}

export interface Shift {
  person: Ref
  from: string
  to: string
  why: {
    version: number | null
    rotation: { index: number; name: string; position: number; turn: number } | null
    override_id: string | null
    instead_of: Ref | null
  }
}

export interface Duty {
  schedule: Ref
  team: Ref
  now: Shift | null
  next: Shift | null
}

export interface MyDuty {
  needs_me: Page[]
  shifts: { schedule: Ref; from: string; to: string; running: boolean }[]
  lately: Page[]
  failing: FailingWay[]
}

export interface Rotation {
  name: string
  every: 'day' | 'week'
  length: number
  starts_on: string
  handoff: string
  people: string[]
}

export interface Schedule {
  id: string
  name: string
  team: Ref
  version: number
  effective_from: string
  zone: string
  rotations: Rotation[]
}

export interface Override {
  id: string
  person: Ref
  starts_at: string
  ends_at: string
  reason: string | null
  author: Ref | null
  cancelled_at: string | null
}

export interface ScheduleDetail extends Schedule {
  overrides: Override[]
  policies: Ref[]
}

export interface ContactMethod {
  id: string
  kind: 'email' | 'webhook' | 'app'
  address: string
  delay_ms: number
  verified_at: string | null
  failing: { since: string; reason: string; detail: string | null } | null
}

/** What should have been paged against what was. */
export interface PagingAudit {
  ok: boolean
  steps: { count: number; since: string | null }
  deliveries: { count: number; since: string | null }
}
