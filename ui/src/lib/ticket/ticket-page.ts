import type { ToldHands, ToldRoute, ToldWait } from '#lib/routing/types.ts'
import type { Delivery } from '#lib/oncall/types.ts'
import type { AnsweredQuestion } from '#lib/question/field.ts'
import type {
  AlertStatus,
  HeldBack,
  Level,
  Named,
  Priority,
  Ref,
  Severity,
  SlaClock,
  StatusColor,
  State,
  TicketLine,
} from '#lib/api/types.ts'
import type { Label } from '#lib/text/label.ts'

// The shapes of one ticket with all that its page shows.

export type SegmentKind =
  | 'queue'
  | 'hands-on'
  | 'requester'
  | 'vendor'
  | 'change'
  | 'other'
  | 'elsewhere'
  | 'closed-hours'
  | 'ended'

export interface Segment {
  from: string
  to: string
  state: State
  pending_reason: string | null
  priority: Priority
  /** Part of the elapsed time. */
  counts: boolean
  why: 'working' | 'outside-hours' | 'holiday' | 'pending' | 'paused' | 'elsewhere' | 'ended'
  /** Whose time it was. */
  kind: SegmentKind
  holiday?: string
}

export interface ExplainedClock extends SlaClock {
  started_at: string
  /** When this target was set; null where that was not kept. */
  set_at: string | null
  stopped_at: string | null
  /** Null, like the calendar and why, for what another desk measured. */
  policy: (Ref & { version: number }) | null
  calendar: (Ref & { version: number; zone: string }) | null
  missed: number
  imported: boolean
  marks: {
    percent: number
    due_at: string | null
    reached_at: string | null
    told: {
      at: string
      outcome: { paged?: boolean; told?: number; reason?: string } | null
    }[]
  }[]
  why: { passed: number | null; matched: { by: string; value: string; name: string | null }[] } | null
  segments: Segment[]
}

export interface Attachment {
  id: string
  name: string
  size: number
  content_type: string
  /** How it may be looked at in the page; null: only to be saved. */
  preview: 'image' | 'text' | null
  visibility: string
  message_id: string | null
  /** The merged ticket that it stands in. */
  merged_from?: string | null
  created_at: string
}

export interface Message {
  id: string
  kind: 'reply' | 'note'
  author: Ref | null
  from_requester: boolean
  body: string
  /** Whom it names; told: false where they may not read it. */
  mentions: (Ref & { told: boolean })[]
  created_at: string
  /** Of what was told of a major incident, also outside the desk. */
  update?: { title: string; affected: string; next_update_at: string | null } | null
}

/** One line of the record, with its words where it tells of a message. */
export interface StoryLine {
  id: string
  revision: number | null
  /** The merged ticket in whose story it stands; null: in this one. */
  merged_from?: string | null
  at: string
  actor: { kind: 'person' | 'rule' | 'integration' | 'system'; id: string | null; name: string | null }
  verb: string
  subject: { kind: string; id: string }
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  cause?: unknown
  why?: unknown
  visibility: string
  message: Message | null
  /** The message that it told of was split off: where it stands now, if the reader may see that. */
  moved_to?: { number: string | null } | null
  names: Record<string, string>
}

export interface PageOut {
  id: string
  cycle: number
  step: number
  recipient: Ref
  state: string
  why?: unknown
  created_at: string
  acknowledged_at: string | null
  deliveries: Delivery[]
}

export interface TicketAlert {
  id: string
  status: AlertStatus
  severity: Severity
  title: string
  dedup_key: string
  service: string | null
  host: string | null
  resource: string | null
  count: number
  starts_at: string
  ends_at: string | null
  last_event_at: string
  labels: Record<string, unknown>
  integration: Ref
  link: AlertLink
  /** Its present opening stands in this ticket. */
  stands: boolean
  held: HeldBack | null
  flapping: boolean
  snoozed_until: string | null
}

/** Why an alert stands in a ticket, or stood there. */
export interface AlertLink {
  how: string
  rule: string
  rule_version: number
  evidence?: unknown
  /** What the ids in the evidence stand for. */
  told: {
    path: { id: string; name: string | Record<string, string> }[]
    recurs: string | null
    other: string | null
  }
  linked_at: string
  detached: { at: string; by: Ref | null; why: string | null } | null
}

export interface TicketLink {
  kind: 'duplicates' | 'caused_by' | 'blocks' | 'recurs' | 'relates' | 'parent'
  /** From this ticket to the other, rather than from the other to this. */
  outward: boolean
  number: string
  title: string
  state: State
}

/** How a service, or what it runs on, is just now. */
export interface PlaceHealth {
  id: string
  name: Label
  health: 'ok' | 'degraded' | 'down'
  open_incidents: number
  incidents: { number: string; title: string; state: State; priority: Priority }[]
  firing_alerts: number
  alerts: {
    id: string
    title: string
    dedup_key: string
    status: AlertStatus
    severity: Severity
    starts_at: string
  }[]
  last_change: { title: string; at: string; number: string | null; source: string | null } | null
}

export interface TicketHealth {
  service: PlaceHealth | null
  ci: PlaceHealth | null
}

/** What a problem has of its own. */
export interface ProblemOfTicket {
  root_cause: string | null
  workaround: string | null
  known_error_at: string | null
  published_at: string | null
  quiet_days: number | null
  quiet: { incident: string; days: number; until: string } | null
}

export type Risk = 'low' | 'medium' | 'high'
export type ChangeType = 'standard' | 'normal' | 'emergency'

/** What a change has of its own. */
export interface ChangeOfTicket {
  type: ChangeType
  risk: Risk | null
  risk_answers: Record<string, boolean> | null
  risk_reason: string | null
  implementation_plan: string | null
  backout_plan: string | null
  test_plan: string | null
  planned_start: string | null
  planned_end: string | null
  services: { id: string; key: string; name: Record<string, string> }[]
  cis: Ref[]
  quiet: boolean
  approved_at: string | null
  implemented_at: string | null
  ended_at: string | null
  outcome: 'successful' | 'with_issues' | 'backed_out' | 'failed' | null
  approvals: Approval[]
  /** The name under which others are planned after it. */
  template: string | null
}

/** An incident that was proposed as a major one, and what came of it. */
export interface MajorIncident {
  state: 'candidate' | 'declared' | 'rejected'
  lead: Ref | null
  proposed_at: string
  /** Null: the desk itself; `why` says for what. */
  proposed_by: Ref | null
  why: { rule: string; priority: Priority; parts: number; at_least: number } | null
  decided_at: string | null
  decided_by: Ref | null
  update_every_minutes: number | null
  /** The update that is promised. */
  next_update_at: string | null
  last_update: ToldUpdate | null
  stakeholders: { people: Ref[]; teams: Ref[] }
  followers: number
  review: 'none' | 'draft' | 'finished'
}

/** What people outside the desk were told of it. */
export interface ToldUpdate {
  title: string
  affected: string
  body: string
  at: string
  next_update_at: string | null
}

/** What was asked of whom before a change may happen, and what they said. */
export interface Approval {
  id: string
  rule: 'any' | 'all'
  state: 'open' | 'approved' | 'rejected' | 'withdrawn'
  team: Ref | null
  asked_at: string
  decided_at: string | null
  approvers: (Ref & {
    decision: 'approved' | 'rejected' | null
    comment: string | null
    decided_at: string | null
    instead_of: Ref | null
  })[]
}

/** Of a request that needs one before it is carried out. */
export interface RequestApproval {
  needed_at: string
  approved_at: string | null
  approvals: Approval[]
}

/** A status within reach, and the step that leads to its state; null: it is there. */
export interface StatusChoice extends Named {
  key: string
  state: State
  pending_reason: string | null
  color: StatusColor | null
  move: string | null
}

export interface TicketPage extends TicketLine {
  description: string
  symptom_key: string | null
  location: string | null
  language: string
  fields: Record<string, unknown>
  /** Names of those who stand in them. */
  people: Record<string, string>
  /** What they answer of the form that it was filed with. */
  questions: AnsweredQuestion[]
  tags: string[]
  reporter: Ref | null
  ci: Ref | null
  source: string | null
  external_id: string | null
  resolution_code: string | null
  reopen_count: number
  recovers_at: string | null
  /** Why it lies in its team, where a rule said so. */
  route: ToldRoute | null
  /** Why the desk gave it to nobody of its team. */
  waits: ToldWait | null
  /** Why it lies in its team, and why its assignee has it. */
  hands: ToldHands | null
  /** The integration in shadow that opened it: nobody is paged. */
  shadow: { id: string; name: string } | null
  problem: ProblemOfTicket | null
  change: ChangeOfTicket | null
  approval: RequestApproval | null
  /** For those who work on it. */
  major_incident: MajorIncident | null
  /** Workarounds that problems published for it. */
  known_errors: { number: string; title: string; workaround: string; published_at: string }[]
  alerts: TicketAlert[]
  pages: PageOut[]
  links: TicketLink[]
  merged_into: string | null
  /** Those merged into it. */
  merged: string[]
  attachments: Attachment[]
  watchers: Ref[]
  /** The statuses that the reader may give it now. */
  statuses: StatusChoice[]
  /** The moves that the reader may make now. */
  may: string[]
}

/** What people may edit, as the API takes it. */
export interface TicketEdit {
  title?: string
  description?: string
  impact?: Level
  urgency?: Level
  service_id?: string | null
  category_id?: string | null
  fields?: Record<string, unknown>
}
