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
}
