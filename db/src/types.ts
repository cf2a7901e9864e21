import type { ColumnType, Generated, GeneratedAlways } from 'kysely'

// Hand-kept beside the migrations; a test compares every column with the live schema.
export type Impact = 'high' | 'medium' | 'low'
export type Priority = 'P1' | 'P2' | 'P3' | 'P4' | 'P5'
export type Severity = 'critical' | 'error' | 'warning' | 'info' | 'ok'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
/** jsonb: read as parsed values, written as a JSON string, because pg sends bare arrays as Postgres arrays. */
type Jsonb = ColumnType<Json, string, string>
type JsonbOrNull = ColumnType<Json | null, string | null | undefined, string | null>
type DefaultJsonb = ColumnType<Json, string | undefined, string>

export interface ClockOffsetTable {
  only_row: Generated<boolean>
  shift: string
}

export interface SettingTable {
  key: string
  value: Jsonb
  updated_at: Generated<Date>
}

export interface OrganisationTable {
  id: Generated<string>
  name: string
  parent_id: string | null
  external_id: string | null
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface AuthUserTable {
  id: string
  name: string
  email: string
  emailVerified: Generated<boolean>
  image: string | null
  createdAt: Generated<Date>
  updatedAt: Generated<Date>
}

export interface AuthSessionTable {
  id: string
  expiresAt: Date
  token: string
  createdAt: Generated<Date>
  updatedAt: Date
  ipAddress: string | null
  userAgent: string | null
  userId: string
}

export interface AuthAccountTable {
  id: string
  accountId: string
  providerId: string
  userId: string
  accessToken: string | null
  refreshToken: string | null
  idToken: string | null
  accessTokenExpiresAt: Date | null
  refreshTokenExpiresAt: Date | null
  scope: string | null
  password: string | null
  createdAt: Generated<Date>
  updatedAt: Date
}

export interface AuthVerificationTable {
  id: string
  identifier: string
  value: string
  expiresAt: Date
  createdAt: Generated<Date>
  updatedAt: Generated<Date>
}

export interface AuthRateLimitTable {
  id: string
  key: string
  count: number
  lastRequest: number
}

export interface PersonTable {
  id: Generated<string>
  name: string
  email: string | null
  locale: Generated<'en' | 'fr' | 'it'>
  zone: Generated<string>
  organisation_id: string | null
  auth_user_id: string | null
  external_id: string | null
  archived_at: Date | null
  erased_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
  calendar_id: string | null
}

export interface TeamTable {
  id: Generated<string>
  name: string
  email: string | null
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
  stalled_after_hours: number | null
}

export interface RoleGrantTable {
  person_id: string
  role: 'agent' | 'on_call' | 'manager' | 'administrator'
  team_id: string | null
  created_at: Generated<Date>
}

export interface ApiKeyTable {
  id: Generated<string>
  name: string
  owner_id: string
  hash: Buffer
  hint: string
  created_at: Generated<Date>
  expires_at: Date | null
  revoked_at: Date | null
  last_used_at: Date | null
}

export interface IdempotencyTable {
  actor_id: string
  key: string
  request_hash: Buffer
  status: number | null
  response: JsonbOrNull
  created_at: Generated<Date>
}

export interface ActivityTable {
  id: Generated<string>
  recorded_at: Generated<Date>
  at: Date
  actor_kind: 'person' | 'rule' | 'integration' | 'system'
  actor_id: string | null
  verb: string
  subject_kind: string
  subject_id: string
  ticket_id: string | null
  revision: number | null
  before: JsonbOrNull
  after: JsonbOrNull
  cause: JsonbOrNull
  why: JsonbOrNull
  visibility: 'public' | 'internal' | 'audit'
  version: Generated<number>
}

export interface ActivityWaitingTable {
  id: string
  recorded_at: Date
}

export interface ActivityPlaceTable {
  place: number
  id: string
  recorded_at: Date
}

export interface FeedCursorTable {
  reader: string
  place: Generated<number>
  updated_at: Generated<Date>
}

export interface CalendarTable {
  id: Generated<string>
  name: string
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface CalendarVersionTable {
  id: Generated<string>
  calendar_id: string
  version: number
  effective_from: Date
  zone: string
  weekly: Jsonb
  holidays: DefaultJsonb
  always: Generated<boolean>
  author_id: string | null
  created_at: Generated<Date>
}

export interface SlaPolicyTable {
  id: Generated<string>
  name: string
  position: Generated<number>
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface SlaPolicyVersionTable {
  id: Generated<string>
  policy_id: string
  version: number
  effective_from: Date
  kinds: string[]
  service_ids: Generated<string[]>
  calendar_id: string
  targets: Jsonb
  conditions: DefaultJsonb
  pause_reasons: string[] | null
  pause_states: Generated<string[]>
  olas: DefaultJsonb
  escalations: DefaultJsonb
  author_id: string | null
  created_at: Generated<Date>
}

export interface ScheduleTable {
  id: Generated<string>
  name: string
  team_id: string
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface ScheduleVersionTable {
  id: Generated<string>
  schedule_id: string
  version: number
  effective_from: Date
  zone: string
  rotations: Jsonb
  author_id: string | null
  created_at: Generated<Date>
}

export interface ScheduleOverrideTable {
  id: Generated<string>
  schedule_id: string
  person_id: string
  starts_at: Date
  ends_at: Date
  reason: string | null
  author_id: string | null
  cancelled_at: Date | null
  created_at: Generated<Date>
}

export interface EscalationPolicyTable {
  id: Generated<string>
  name: string
  team_id: string | null
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface EscalationPolicyVersionTable {
  id: Generated<string>
  policy_id: string
  version: number
  effective_from: Date
  steps: Jsonb
  repeats: Generated<number>
  author_id: string | null
  created_at: Generated<Date>
}

export interface ServiceTable {
  id: Generated<string>
  key: string
  name: Jsonb
  team_id: string | null
  escalation_policy_id: string | null
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}

export interface ServiceDependencyTable {
  service_id: string
  depends_on_id: string
}

export interface ConfigurationItemTable {
  id: Generated<string>
  name: string
  kind: string
  service_id: string | null
  attributes: DefaultJsonb
  external_id: string | null
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface CiDependencyTable {
  ci_id: string
  depends_on_id: string
}

export interface BrandTable {
  id: Generated<string>
  name: string
  sender: string | null
  language: Generated<string>
  calendar_id: string | null
  created_at: Generated<Date>
}

export interface CategoryTable {
  id: Generated<string>
  key: string
  name: Jsonb
  parent_id: string | null
  archived_at: Date | null
  path: ColumnType<string[], string[] | undefined, never>
  team_id: string | null
  position: Generated<number>
  revision: Generated<number>
  created_at: Generated<Date>
}

export interface TicketStatusTable {
  id: Generated<string>
  kind: TicketTable['kind']
  key: string
  name: Jsonb
  state: string
  pending_reason: string | null
  position: Generated<number>
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}

export interface TagTable {
  id: Generated<string>
  name: string
  merged_into_id: string | null
  created_at: Generated<Date>
}

export interface KnownWordTable {
  word: string
}

export interface TicketViewTable {
  id: Generated<string>
  name: string
  filter: Jsonb
  sort: string
  owner_id: string
  shared_with: 'nobody' | 'team' | 'all'
  team_id: string | null
  revision: Generated<number>
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface TicketViewPlaceTable {
  person_id: string
  view_id: string
  position: number | null
  opens: Generated<boolean>
}

export interface TicketTagTable {
  ticket_id: string
  tag_id: string
  created_at: Generated<Date>
}

export interface CannedTable {
  id: Generated<string>
  kind: 'reply' | 'macro'
  title: string
  body: Generated<string>
  does: JsonbOrNull
  owner_id: string | null
  team_id: string | null
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}

export interface CustomFieldTable {
  id: Generated<string>
  key: string
  type: string
  question: Jsonb
  kinds: string[]
  category_ids: Generated<string[]>
  asked: Generated<boolean>
  position: Generated<number>
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}

export interface CustomFieldVersionTable {
  field_id: string
  revision: number
  definition: Jsonb
  author_id: string | null
  created_at: Date
}

export interface CatalogueItemTable {
  id: Generated<string>
  key: string
  kind: 'incident' | 'request'
  name: Jsonb
  description: DefaultJsonb
  fields: DefaultJsonb
  service_id: string | null
  team_id: string | null
  category_id: string | null
  impact: Generated<Impact>
  urgency: Generated<Impact>
  position: Generated<number>
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}

export interface PriorityMatrixTable {
  impact: Impact
  urgency: Impact
  priority: Priority
}

export interface SeverityMappingTable {
  severity: Severity
  impact: Impact
  urgency: Impact
  opens: Generated<boolean>
}

export interface TicketTable {
  id: Generated<string>
  number: string
  kind: 'incident' | 'request' | 'problem' | 'change'
  state: string
  pending_reason: string | null
  title: string
  description: Generated<string>
  impact: Impact
  urgency: Impact
  priority: Priority
  service_id: string | null
  ci_id: string | null
  category_id: string | null
  symptom_key: string | null
  location: string | null
  parent_id: string | null
  language: Generated<string>
  confidential: Generated<boolean>
  fields: DefaultJsonb
  catalogue_item_id: string | null
  requester_id: string | null
  reporter_id: string | null
  channel: 'monitoring' | 'portal' | 'desk' | 'email' | 'api' | 'import'
  source: string | null
  external_id: string | null
  organisation_id: string | null
  brand_id: string | null
  team_id: string | null
  assignee_id: string | null
  resolution_code: string | null
  created_at: Date
  acknowledged_at: Date | null
  first_response_at: Date | null
  resolved_at: Date | null
  closed_at: Date | null
  updated_at: Date
  due_at: Date | null
  reopen_count: Generated<number>
  revision: Generated<number>
  search: Generated<string>
  next_at: Date | null
  next_for: Date | null
  status_id: string | null
  pending_until: Date | null
}

export interface ProblemTable {
  ticket_id: string
  root_cause: string | null
  workaround: string | null
  known_error_at: Date | null
  published_at: Date | null
  quiet_days: number | null
}

export interface MajorIncidentTable {
  ticket_id: string
  state: 'candidate' | 'declared' | 'rejected'
  lead_id: string | null
  proposed_at: Date
  proposed_by: string | null
  why: JsonbOrNull
  decided_at: Date | null
  decided_by: string | null
  update_every_minutes: number | null
  next_update_at: Date | null
  remind: 'due' | 'overdue' | null
  remind_at: Date | null
}

export interface MajorUpdateTable {
  message_id: string
  ticket_id: string
  title: string
  affected: string
  next_at: Date | null
  created_at: Date
}

export interface MajorStakeholderTable {
  ticket_id: string
  person_id: string | null
  team_id: string | null
}

export interface MajorFollowerTable {
  ticket_id: string
  person_id: string
  since: Date
}

export interface ReviewTable {
  ticket_id: string
  what_happened: Generated<string>
  impact: Generated<string>
  root_cause: Generated<string>
  went_well: Generated<string>
  went_badly: Generated<string>
  revision: Generated<number>
  started_by: string | null
  started_at: Date
  finished_by: string | null
  finished_at: Date | null
}

export interface ReviewActionTable {
  id: Generated<string>
  ticket_id: string
  title: string
  owner_id: string
  due_on: string
  due_at: Date
  linked_id: string | null
  done_at: Date | null
  done_by: string | null
  remind_at: Date | null
  revision: Generated<number>
  created_by: string | null
  created_at: Date
}

export interface ChangePlanTable {
  ticket_id: string
  type: Generated<'standard' | 'normal' | 'emergency'>
  risk: 'low' | 'medium' | 'high' | null
  risk_answers: Jsonb | null
  risk_reason: string | null
  implementation_plan: string | null
  backout_plan: string | null
  test_plan: string | null
  planned_start: Date | null
  planned_end: Date | null
  service_ids: Generated<string[]>
  ci_ids: Generated<string[]>
  quiet: Generated<boolean>
  approved_at: Date | null
  implemented_at: Date | null
  ended_at: Date | null
  outcome: 'successful' | 'with_issues' | 'backed_out' | 'failed' | null
}

export interface ApprovalTable {
  id: Generated<string>
  ticket_id: string
  rule: 'any' | 'all'
  team_id: string | null
  state: Generated<'open' | 'approved' | 'rejected' | 'withdrawn'>
  asked_by: string | null
  asked_at: Date
  decided_at: Date | null
}

export interface ApproverTable {
  approval_id: string
  person_id: string
  decision: 'approved' | 'rejected' | null
  comment: string | null
  decided_at: Date | null
}

export interface TicketStateTable {
  ticket_id: string
  revision: number
  at: Date
  state: string
  pending_reason: string | null
  priority: Priority
  service_id: string | null
  team_id: string | null
  assignee_id: string | null
  status_id: string | null
}

export interface WordingTable {
  id: Generated<string>
  ticket_id: string
  field: string
  body: string
  erased_at: Date | null
  created_at: Generated<Date>
}

export interface MessageTable {
  id: Generated<string>
  ticket_id: string
  author_id: string | null
  kind: 'reply' | 'note'
  from_requester: Generated<boolean>
  body: string
  channel: Generated<string>
  created_at: Date
  erased_at: Date | null
}

export interface PresenceTable {
  ticket_id: string
  person_id: string
  typing: 'reply' | 'note' | null
  since: Date
  at: Date
}

export interface MentionTable {
  message_id: string
  person_id: string
  told: boolean
}

export interface AttachmentTable {
  id: Generated<string>
  ticket_id: string | null
  message_id: string | null
  uploader_id: string | null
  name: string
  content_type: string
  size: number
  sha256: Buffer
  visibility: Generated<'public' | 'internal'>
  created_at: Date
  erased_at: Date | null
}

export interface AttachmentChunkTable {
  attachment_id: string
  position: number
  data: Buffer
}

export interface DraftTable {
  person_id: string
  ticket_id: string
  box: 'reply' | 'note' | 'solution'
  body: string
  version: Generated<string>
  kept_at: Date
}

export interface TicketLinkTable {
  from_id: string
  to_id: string
  kind: 'duplicates' | 'caused_by' | 'blocks' | 'recurs' | 'relates'
  author_id: string | null
  created_at: Date
  removed_at: Date | null
}

export interface TicketMergeTable {
  id: Generated<string>
  from_id: string
  into_id: string
  was: unknown
  merged_by: string | null
  merged_at: Date
  undone_at: Date | null
}

export interface TicketSplitTable {
  id: Generated<string>
  from_id: string
  into_id: string
  message_ids: string[]
  split_by: string | null
  split_at: Date
  undone_at: Date | null
}

export interface ChecklistTemplateTable {
  id: Generated<string>
  name: string
  points: Jsonb
  category_ids: Generated<string[]>
  item_ids: Generated<string[]>
  archived_at: Date | null
  created_at: Date
  revision: Generated<number>
}

export interface ChecklistItemTable {
  id: Generated<string>
  ticket_id: string
  template_id: string | null
  position: number
  text: string
  required: Generated<boolean>
  done_at: Date | null
  done_by: string | null
  removed_at: Date | null
  author_id: string | null
  created_at: Date
  revision: Generated<number>
}

export interface WorkEntryTable {
  id: Generated<string>
  ticket_id: string
  person_id: string
  minutes: number
  what: Generated<string>
  at: Date
  removed_at: Date | null
  created_at: Date
  revision: Generated<number>
}

export interface WorkClockTable {
  person_id: string
  ticket_id: string
  started_at: Date
}

export interface ReminderTable {
  id: Generated<string>
  person_id: string
  ticket_id: string
  kind: 'time' | 'answer' | 'unchanged'
  due_at: Date | null
  note: Generated<string>
  seen_revision: number
  state: Generated<'waiting' | 'fired' | 'done' | 'lapsed'>
  lapsed_for: 'changed' | 'unseen' | null
  fired_at: Date | null
  created_at: Date
  revision: Generated<number>
}

export interface WatcherTable {
  ticket_id: string
  person_id: string
  created_at: Generated<Date>
}

export interface SlaClockTable {
  id: Generated<string>
  ticket_id: string
  target: 'response' | 'resolution' | 'update' | `ola:${string}`
  team_id: string | null
  policy_version_id: string | null
  calendar_version_id: string | null
  target_ms: number | null
  imported: Generated<boolean>
  state: 'running' | 'paused' | 'met' | 'breached' | 'cancelled'
  elapsed_ms: Generated<number>
  counted_at: Date
  due_at: Date | null
  started_at: Date
  stopped_at: Date | null
  breached_at: Date | null
  why: JsonbOrNull
  missed: Generated<number>
  version: Generated<number>
}

export interface SlaWhatIfTable {
  id: Generated<string>
  policy_id: string
  terms: Jsonb
  opened_from: Date
  opened_to: Date
  state: 'running' | 'done'
  reached_at: Date | null
  reached_id: string | null
  total: number
  done: Generated<number>
  report: DefaultJsonb
  author_id: string | null
  created_at: Date
  ended_at: Date | null
}

export interface SlaWhatIfTicketTable {
  what_if_id: string
  ticket_id: string
  target: string
  was: string
  becomes: string
  elapsed_ms: number
  target_ms: number
}

export interface ImportTable {
  id: Generated<string>
  name: string
  state: 'mapping' | 'checking' | 'checked' | 'running' | 'done' | 'cancelled'
  columns: string[]
  rows: number
  mapping: JsonbOrNull
  items: Generated<number>
  report: DefaultJsonb
  author_id: string | null
  created_at: Date
  started_at: Date | null
  ended_at: Date | null
  revision: Generated<number>
}

export interface ImportRowTable {
  import_id: string
  position: number
  cells: Jsonb
  problem: JsonbOrNull
}

export interface ImportItemTable {
  import_id: string
  key: string
  position: number
  rows: number[]
  done: Generated<boolean>
  ticket_id: string | null
  problem: JsonbOrNull
}

export interface ImportNameTable {
  import_id: string
  kind: 'person' | 'team' | 'service' | 'item' | 'category'
  value: string
  id: string | null
}

export interface PeopleGroupTable {
  id: Generated<string>
  name: string
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}
export interface PeopleGroupMemberTable {
  group_id: string
  person_id: string
  created_at: Generated<Date>
}
export interface SlaEscalationTable {
  id: Generated<string>
  clock_id: string
  percent: 50 | 75 | 90 | 100
  mark_due_at: Date
  due_at: Date
  decided_at: Date | null
  outcome: JsonbOrNull
}
export interface SlaRecomputationTable {
  id: Generated<string>
  cause: Jsonb
  author_id: string | null
  due_at: Date
  started_at: Date | null
  finished_at: Date | null
  last_ticket_id: string | null
  total: number | null
  done: Generated<number>
  changed: Generated<number>
  created_at: Generated<Date>
}
export interface SlaMarkTable {
  clock_id: string
  percent: 50 | 75 | 90 | 100
  due_at: Date | null
  reached_at: Date | null
}

export interface IntegrationTable {
  id: Generated<string>
  system: string
  name: string
  service_id: string | null
  team_id: string | null
  escalation_policy_id: string | null
  settings: DefaultJsonb
  secret_encrypted: Buffer | null
  last_received_at: Date | null
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
  shadow_since: Date | null
  shadow_by: string | null
}

/** What was changed in a service, as its tools tell it. */
export interface ChangeEventTable {
  id: Generated<string>
  integration_id: string
  service_id: string | null
  receipt_id: string
  at: Date
  title: string
  source: string | null
  link: string | null
  labels: DefaultJsonb
}

/** What must give a sign of life, and when to look next. */
export interface HeartbeatTable {
  integration_id: string
  interval_s: number
  grace_s: number
  watched_from: Date
  due_at: Date
  missed_at: Date | null
}

/** Since when the machines' door has been open without a break; one row. */
export interface DoorWatchTable {
  only_row: Generated<boolean>
  open_since: Date
  seen_at: Date
}

export interface IntegrationKeyTable {
  id: Generated<string>
  integration_id: string
  hash: Buffer
  hint: string
  created_at: Generated<Date>
  expires_at: Date | null
  revoked_at: Date | null
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

export interface DecisionTable {
  id: Generated<string>
  at: Date
  kind: 'batch' | 'ageing'
  integration_id: string
  xid: Generated<string>
  seen: string
  placed_in: string | null
  overdue: Jsonb
  known: Jsonb
}

export interface DecidedReceiptTable {
  decision_id: string
  at: Date
  seq: number
  receipt_id: string
  received_at: Date
  events: Jsonb
}

export interface CheckpointTable {
  id: Generated<string>
  day: string
  at: Date
  seen: string
}

export interface CheckpointRowTable {
  checkpoint_id: string
  kind: 'alert' | 'ticket' | 'proposal'
  body: Jsonb
}

export interface ConfigurationHistoryTable {
  id: Generated<string>
  at: Generated<Date>
  xid: Generated<string>
  source: string
  before: JsonbOrNull
  after: JsonbOrNull
}

export interface ReplayTable {
  id: Generated<string>
  asked_by: string | null
  created_at: Date
  from_at: Date
  to_at: Date
  ruleset_version: number | null
  body: Jsonb
  state: Generated<'waiting' | 'running' | 'done' | 'failed' | 'cancelled'>
  lease_until: Date | null
  attempts: Generated<number>
  done_events: Generated<number>
  done_to: Date | null
  finished_at: Date | null
  error: string | null
  result: JsonbOrNull
}

export interface ReplayDifferenceTable {
  replay_id: string
  place: number
  alert_id: string | null
  at: Date
  body: Jsonb
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

/** What the rows of `tally` with slot -1 come to. */
export interface TallyTotalTable {
  integration_id: string
  bucket: string
  count: number
}

export interface TallyTable {
  integration_id: string
  minute: Date
  bucket: string
  slot: Generated<number>
  count: number
}

export interface AlertTable {
  id: Generated<string>
  integration_id: string
  dedup_key: string
  status: 'firing' | 'acknowledged' | 'suppressed' | 'resolved'
  severity: Severity
  severity_raw: string | null
  title: string
  resource: string | null
  service: string | null
  host: string | null
  service_id: string | null
  ci_id: string | null
  group_key: string
  labels: DefaultJsonb
  annotations: DefaultJsonb
  link: string | null
  starts_at: Date
  ends_at: Date | null
  episode: Generated<number>
  count: Generated<number>
  first_event_at: Date
  last_event_at: Date
  /** What lists sort by: `last_event_at`, which for mere repeats it follows once a minute. */
  seen_at: Generated<Date>
  acknowledged_at: Date | null
  acknowledged_by: string | null
  ticket_id: string | null
  updated_at: Date
  revision: Generated<number>
  held: 'maintenance' | 'snoozed' | 'flapping' | 'threshold' | 'hold' | 'proposed' | null
  held_until: Date | null
  held_window: string | null
  snoozed_until: Date | null
  flapping: Generated<boolean>
  due_at: Date | null
  restraint: DefaultJsonb
  enriched: DefaultJsonb
}

export interface AlertLinkTable {
  id: Generated<string>
  alert_id: string
  episode: number
  ticket_id: string
  how: 'opened' | 'joined' | 'by-hand'
  rule: string
  rule_version: number
  evidence: Jsonb
  linked_at: Date
  detached_at: Date | null
  detached_by: string | null
  detached_why: string | null
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

export interface RulesetTable {
  version: number
  body: Jsonb
  note: string | null
  author_id: string | null
  effective_from: Date
  created_at: Generated<Date>
}

export interface AutomationRulesetTable {
  version: number
  body: Jsonb
  note: string | null
  author_id: string | null
  effective_from: Date
  created_at: Date
}

export interface AutomationFiringTable {
  id: Generated<string>
  rule: string
  version: number
  place: number
  kind: 'activity' | 'sla' | 'unchanged'
  occasion: string
  ticket_id: string
  activity_id: string | null
  chain: Generated<string[]>
  matched: Jsonb
  state: 'waiting' | 'done' | 'failed' | 'cut'
  reason: string | null
  outcome: DefaultJsonb
  due_at: Date
  attempts: Generated<number>
  created_at: Date
  ended_at: Date | null
}

export interface AutomationQuietTable {
  ticket_id: string
  since: Date
}

export interface AutomationWatchTable {
  rule: string
  minutes: number
  reached_at: Date
}

export interface AutomationTrialTable {
  id: Generated<string>
  body: Jsonb
  from_at: Date
  to_at: Date
  state: 'running' | 'done'
  reached_id: string | null
  total: number
  done: Generated<number>
  counts: DefaultJsonb
  author_id: string | null
  created_at: Date
  ended_at: Date | null
}

export interface AutomationTrialHitTable {
  trial_id: string
  rule: string
  occasion: string
  place: number
  ticket_id: string
  at: Date
  verb: string
  cut: string | null
  matched: Jsonb
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

export interface RoutingRulesetTable {
  version: number
  body: Jsonb
  note: string | null
  author_id: string | null
  effective_from: Date
  created_at: Generated<Date>
}

export interface TicketRouteTable {
  ticket_id: string
  version: number
  rule: string
  place: number
  team_id: string
  matched: Jsonb
  needs: DefaultJsonb
  author_id: string | null
  routed_at: Date
}

export interface HandlingTable {
  id: Generated<string>
  target: 'response' | 'resolution'
  kind: string
  priority: string | null
  service_id: string | null
  n: number
  median_ms: number
  spread: number[]
  computed_at: Date
}

export interface BreachPastTable {
  id: Generated<string>
  target: 'response' | 'resolution'
  kind: string
  priority: string | null
  team_id: string | null
  service_id: string | null
  broke: number
  survived: number[]
  computed_at: Date
}

export interface BreachOddsTable {
  clock_id: string
  ticket_id: string
  due_at: Date
  used: number
  odds: number | null
  groups: Jsonb
  model: number
  computed_at: Date
}

export interface ForecastTable {
  model: number
  clock_id: string
  ticket_id: string
  target: string
  team_id: string | null
  made_at: Date
  odds: number
  groups: Jsonb
  back_test: Generated<boolean>
  outcome: 'kept' | 'broken' | 'void' | null
  scored_at: Date | null
}

export interface UsualQuietTable {
  id: Generated<string>
  kind: string
  waiting: boolean
  priority: string | null
  n: number
  usual_ms: number
  computed_at: Date
}

export interface StalledTable {
  ticket_id: string
  revision: number
  code: 'nobody' | 'overslept' | 'untouched' | 'waiting'
  since: Date
  allowed_ms: number | null
  n: number | null
  found_at: Date
}

export interface SkillTable {
  id: Generated<string>
  name: string
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface PersonSkillTable {
  person_id: string
  skill_id: string
  level: number
}

export interface SkillNeedTable {
  id: Generated<string>
  skill_id: string
  service_id: string | null
  category_id: string | null
  level: number
}

export interface TeamAssignmentTable {
  team_id: string
  mode: Generated<'off' | 'round_robin' | 'least_loaded'>
  works_by: Generated<'always' | 'calendar' | 'schedule'>
  calendar_id: string | null
  schedule_id: string | null
  cap: number | null
  hand_back: Generated<boolean>
  last_person_id: string | null
  revision: Generated<number>
}

export interface TeamMemberTable {
  team_id: string
  person_id: string
  exempt: Generated<boolean>
  cap: number | null
}

export interface AbsenceTable {
  id: Generated<string>
  person_id: string
  starts_at: Date
  ends_at: Date
  reason: string | null
  author_id: string | null
  cancelled_at: Date | null
  created_at: Generated<Date>
}

export interface AssignmentLookTable {
  id: Generated<string>
  team_id: string
  due_at: Date
}

export interface AssignmentWaitTable {
  ticket_id: string
  team_id: string
  why: Jsonb
  since: Date
}

export interface CorrelatedTicketTable {
  ticket_id: string
  rule: string
  rule_version: number
  integration_id: string
  node_id: string | null
  service_id: string | null
  resolve_on: Generated<'first' | 'last' | 'all' | 'never'>
  storm: Generated<boolean>
  opened_at: Date
}

export interface ProposalTable {
  id: Generated<string>
  alert_id: string
  episode: number
  rule: string
  rule_version: number
  evidence: Jsonb
  state: Generated<'open' | 'accepted' | 'declined' | 'lapsed'>
  ticket_id: string | null
  decided_by: string | null
  decided_at: Date | null
  created_at: Date
}

export interface CorrelationGroupTable {
  rule: string
  group_key: string
  ticket_id: string
  opened_at: Date
  last_at: Date | null
}

export interface RecoveryTable {
  ticket_id: string
  due_at: Date
  alert_id: string | null
  created_at: Date
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

export interface EscalationTable {
  id: Generated<string>
  ticket_id: string
  cycle: number
  policy_version_id: string
  state: 'running' | 'acknowledged' | 'finished' | 'stopped'
  started_at: Date
  ended_at: Date | null
  cause: JsonbOrNull
}

export interface EscalationStepTable {
  escalation_id: string
  position: number
  due_at: Date
  decided_at: Date | null
  outcome: JsonbOrNull
}

export interface PageTable {
  id: Generated<string>
  ticket_id: string
  cycle: number
  step: number
  recipient_id: string
  why: Jsonb
  state: 'open' | 'acknowledged' | 'ended'
  created_at: Date
  acknowledged_at: Date | null
  ended_at: Date | null
  revision: Generated<number>
}

/** Opened by an integration in shadow: pages nobody until `left_at`. */
export interface ShadowTicketTable {
  ticket_id: string
  integration_id: string
  since: Date
  left_at: Date | null
}

export interface ShadowPageTable {
  id: Generated<string>
  ticket_id: string
  integration_id: string
  cycle: number
  step: number
  recipient_id: string
  why: Jsonb
  at: Date
  at_night: boolean
}

export interface ShadowReportTable {
  integration_id: string
  day: string
  due_at: Date
  person_id: string | null
  told_at: Date | null
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

export interface Tables {
  clock_offset: ClockOffsetTable
  setting: SettingTable
  organisation: OrganisationTable
  auth_user: AuthUserTable
  auth_session: AuthSessionTable
  auth_account: AuthAccountTable
  auth_verification: AuthVerificationTable
  auth_rate_limit: AuthRateLimitTable
  person: PersonTable
  team: TeamTable
  role_grant: RoleGrantTable
  api_key: ApiKeyTable
  idempotency: IdempotencyTable
  activity: ActivityTable
  activity_waiting: ActivityWaitingTable
  activity_place: ActivityPlaceTable
  feed_cursor: FeedCursorTable
  known_word: KnownWordTable
  calendar: CalendarTable
  calendar_version: CalendarVersionTable
  sla_policy: SlaPolicyTable
  sla_policy_version: SlaPolicyVersionTable
  schedule: ScheduleTable
  schedule_version: ScheduleVersionTable
  schedule_override: ScheduleOverrideTable
  escalation_policy: EscalationPolicyTable
  escalation_policy_version: EscalationPolicyVersionTable
  service: ServiceTable
  service_dependency: ServiceDependencyTable
  configuration_item: ConfigurationItemTable
  ci_dependency: CiDependencyTable
  brand: BrandTable
  category: CategoryTable
  tag: TagTable
  ticket_view: TicketViewTable
  ticket_view_place: TicketViewPlaceTable
  ticket_tag: TicketTagTable
  canned: CannedTable
  custom_field: CustomFieldTable
  custom_field_version: CustomFieldVersionTable
  catalogue_item: CatalogueItemTable
  priority_matrix: PriorityMatrixTable
  severity_mapping: SeverityMappingTable
  ticket: TicketTable
  ticket_state: TicketStateTable
  ticket_status: TicketStatusTable
  problem: ProblemTable
  major_incident: MajorIncidentTable
  major_update: MajorUpdateTable
  major_stakeholder: MajorStakeholderTable
  major_follower: MajorFollowerTable
  review: ReviewTable
  review_action: ReviewActionTable
  change_plan: ChangePlanTable
  approval: ApprovalTable
  approver: ApproverTable
  wording: WordingTable
  message: MessageTable
  mention: MentionTable
  presence: PresenceTable
  attachment: AttachmentTable
  attachment_chunk: AttachmentChunkTable
  draft: DraftTable
  ticket_link: TicketLinkTable
  ticket_merge: TicketMergeTable
  ticket_split: TicketSplitTable
  checklist_template: ChecklistTemplateTable
  checklist_item: ChecklistItemTable
  work_entry: WorkEntryTable
  work_clock: WorkClockTable
  reminder: ReminderTable
  watcher: WatcherTable
  sla_clock: SlaClockTable
  sla_mark: SlaMarkTable
  sla_what_if: SlaWhatIfTable
  sla_what_if_ticket: SlaWhatIfTicketTable
  import: ImportTable
  import_row: ImportRowTable
  import_item: ImportItemTable
  import_name: ImportNameTable
  sla_escalation: SlaEscalationTable
  sla_recomputation: SlaRecomputationTable
  people_group: PeopleGroupTable
  people_group_member: PeopleGroupMemberTable
  integration: IntegrationTable
  integration_key: IntegrationKeyTable
  receipt: ReceiptTable
  receipt_waiting: ReceiptWaitingTable
  event: EventTable
  dead_letter: DeadLetterTable
  decision: DecisionTable
  decided_receipt: DecidedReceiptTable
  checkpoint: CheckpointTable
  checkpoint_row: CheckpointRowTable
  configuration_history: ConfigurationHistoryTable
  replay: ReplayTable
  replay_difference: ReplayDifferenceTable
  tally: TallyTable
  heartbeat: HeartbeatTable
  change_event: ChangeEventTable
  door_watch: DoorWatchTable
  tally_total: TallyTotalTable
  alert: AlertTable
  alert_link: AlertLinkTable
  correlation_group: CorrelationGroupTable
  maintenance: MaintenanceTable
  maintenance_span: MaintenanceSpanTable
  lookup: LookupTable
  lookup_version: LookupVersionTable
  lookup_row: LookupRowTable
  ruleset: RulesetTable
  automation_ruleset: AutomationRulesetTable
  automation_firing: AutomationFiringTable
  automation_quiet: AutomationQuietTable
  automation_watch: AutomationWatchTable
  automation_trial: AutomationTrialTable
  automation_trial_hit: AutomationTrialHitTable
  webhook: WebhookTable
  webhook_delivery: WebhookDeliveryTable
  webhook_attempt: WebhookAttemptTable
  routing_ruleset: RoutingRulesetTable
  ticket_route: TicketRouteTable
  handling: HandlingTable
  breach_past: BreachPastTable
  breach_odds: BreachOddsTable
  forecast: ForecastTable
  usual_quiet: UsualQuietTable
  stalled: StalledTable
  skill: SkillTable
  person_skill: PersonSkillTable
  skill_need: SkillNeedTable
  team_assignment: TeamAssignmentTable
  team_member: TeamMemberTable
  absence: AbsenceTable
  assignment_look: AssignmentLookTable
  assignment_wait: AssignmentWaitTable
  correlated_ticket: CorrelatedTicketTable
  proposal: ProposalTable
  recovery: RecoveryTable
  contact_method: ContactMethodTable
  contact_told: ContactToldTable
  escalation: EscalationTable
  escalation_step: EscalationStepTable
  page: PageTable
  delivery: DeliveryTable
  shadow_ticket: ShadowTicketTable
  shadow_page: ShadowPageTable
  shadow_report: ShadowReportTable
  ack_token: AckTokenTable
  notice: NoticeTable
  local_mail: LocalMailTable
}
