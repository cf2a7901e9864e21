import type { Generated } from 'kysely'
import type { DefaultJsonb, Jsonb } from './column.ts'

export type Impact = 'high' | 'medium' | 'low'
export type Priority = 'P1' | 'P2' | 'P3' | 'P4' | 'P5'

export interface TicketTables {
  ticket: TicketTable
  ticket_state: TicketStateTable
  ticket_status: TicketStatusTable
  ticket_link: TicketLinkTable
  ticket_answer: TicketAnswerTable
  ticket_merge: TicketMergeTable
  ticket_split: TicketSplitTable
  ticket_tag: TicketTagTable
  tag: TagTable
  known_word: KnownWordTable
  watcher: WatcherTable
  priority_matrix: PriorityMatrixTable
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

export interface TicketStatusTable {
  id: Generated<string>
  kind: TicketTable['kind']
  key: string
  name: Jsonb
  state: string
  pending_reason: string | null
  color: string | null
  position: Generated<number>
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}

export interface TicketAnswerTable {
  ticket_id: string
  key: string
  number: string | null
  words: string | null
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

export interface TicketTagTable {
  ticket_id: string
  tag_id: string
  created_at: Generated<Date>
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

export interface WatcherTable {
  ticket_id: string
  person_id: string
  created_at: Generated<Date>
}

export interface PriorityMatrixTable {
  impact: Impact
  urgency: Impact
  priority: Priority
}
