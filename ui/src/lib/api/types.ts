import type { Label } from '#lib/text/label.ts'

// The shapes of the API that pages lean on. Instants are ISO strings, durations integer milliseconds.

export type Priority = 'P1' | 'P2' | 'P3' | 'P4' | 'P5'
export const PRIORITIES: readonly Priority[] = ['P1', 'P2', 'P3', 'P4', 'P5']
export type Kind = 'incident' | 'request' | 'problem' | 'change'
export type State =
  | 'new'
  | 'in_progress'
  | 'pending'
  | 'fixing'
  | 'assess'
  | 'authorize'
  | 'scheduled'
  | 'implement'
  | 'review'
  | 'resolved'
  | 'closed'
  | 'cancelled'
/** Every state, in the order of a life. */
export const STATES: readonly State[] = [
  'new',
  'in_progress',
  'pending',
  'fixing',
  'assess',
  'authorize',
  'scheduled',
  'implement',
  'review',
  'resolved',
  'closed',
  'cancelled',
]
export type Severity = 'critical' | 'error' | 'warning' | 'info' | 'ok'
export type Level = 'high' | 'medium' | 'low'
export type AlertStatus = 'firing' | 'acknowledged' | 'suppressed' | 'resolved'
export type RoleName = 'agent' | 'on_call' | 'manager' | 'administrator'

export interface Ref {
  id: string
  name: string
}

export interface Team extends Ref {
  stalled_after_hours?: number | null
  members: { person_id: string; name: string; role: string }[]
}

/** How many, up to where counting stops. */
export interface Count {
  count: number
  capped: boolean
}

/** A thing whose name may be kept in several languages. */
/** Of the mark of a status. */
export type StatusColor = 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'violet' | 'grey'

export interface Named {
  id: string
  name: Label
}

export interface List<T> {
  items: T[]
  /** Words like those asked for, which nothing has. */
  instead?: string[]
  /** Of what was typed: an operator that is none, or a name that nothing has. */
  unknown?: { typed: string; why: 'operator' | 'name' }[]
  next: string | null
}

export interface Me {
  person: { id: string; name: string; email: string | null; locale: 'en' | 'fr' | 'it'; zone: string }
  administrator: boolean
  roles: { team: Ref; role: RoleName; capabilities: string[] }[]
  capabilities: string[]
  mails: { mentions: boolean }
}

export interface SlaClock {
  target: 'response' | 'resolution' | 'update' | 'ola'
  /** Whose time it is, for a team's own. */
  team?: Ref | null
  due_at: string | null
  state: 'running' | 'paused' | 'met' | 'breached' | 'cancelled'
  /** Null, like what follows from it, for what another desk measured. */
  elapsed_ms: number | null
  target_ms: number | null
  remaining_ms?: number | null
  imported?: boolean
  breached_at: string | null
}

/** Why a ticket stands where it stands in the order of what is next. */
export interface Next {
  target: SlaClock['target']
  due_at: string
  remaining_ms: number
  typical_ms: number | null
  like: { n: number } | null
  slack_ms: number
  longer: number | null
}

export interface TicketLine {
  number: string
  kind: Kind
  state: State
  /** A finer word for the state. */
  status: (Named & { key: string; color: StatusColor | null }) | null
  pending_reason: string | null
  /** Past it, it counts as stalled. */
  pending_until: string | null
  title: string
  priority: Priority
  impact: Level
  urgency: Level
  service: (Named & { key: string }) | null
  category: (Named & { key: string }) | null
  team: Ref | null
  assignee: Ref | null
  requester: Ref | null
  channel: string
  confidential: boolean
  created_at: string
  updated_at: string
  acknowledged_at: string | null
  first_response_at: string | null
  resolved_at: string | null
  closed_at: string | null
  due_at: string | null
  sla: SlaClock[]
  /** In the order of what is next: why it stands there. */
  next?: Next | null
  firing_alerts: number
  /** Proposed as, or declared, a major incident. */
  major: 'candidate' | 'declared' | null
  /** How far it has come, told to those who work on it. */
  checklist: { done: number; total: number } | null
  /** I have begun to write on it. */
  draft: boolean
  /** What it answers of the questions that were asked for, and who stands in them. */
  answers?: { fields: Record<string, unknown>; people: Record<string, string> }
  revision: number
}

/** Why an alert that fires asks for no ticket. */
export interface HeldBack {
  by: 'maintenance' | 'snoozed' | 'flapping' | 'threshold' | 'hold' | 'proposed'
  until: string | null
  window: { id: string; kind: string; reason: string } | null
  needs: number | null
  seen: number | null
  minutes: number | null
}

export interface AlertLine {
  id: string
  integration: Ref & { system: string }
  status: AlertStatus
  severity: Severity
  /** The sender's own word. */
  severity_raw: string | null
  title: string
  dedup_key: string
  resource: string | null
  service: string | null
  host: string | null
  starts_at: string
  ends_at: string | null
  first_event_at: string
  last_event_at: string
  acknowledged_at: string | null
  count: number
  episode: number
  held: HeldBack | null
  flapping: boolean
  snoozed_until: string | null
  /** The ticket of the trouble before, where this one recurs. */
  recurs: string | null
  ticket: { number: string; title: string; state: State; priority: Priority } | null
}

export type Bucket =
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

/** What became of everything an integration sent: received = waiting + the sum of the buckets. */
export interface Accounting {
  received: number
  waiting: number
  buckets: Partial<Record<Bucket, number>>
  balanced: boolean
  rejected: number
}

export interface IntegrationAccounting extends Accounting {
  integration_id: string
}
