import type { Level, Priority, Ref } from '#lib/api/types.ts'
import type { CatalogueItem } from '#lib/portal/types.ts'
import type { ApprovalAsked } from '#lib/ticket/approval-draft.ts'

export interface Target {
  kind: 'schedule' | 'person' | 'team'
  id: string
}

export interface EscalationPolicy {
  id: string
  name: string
  team: Ref | null
  version: number
  steps: { wait_ms: number; targets: Target[] }[]
  repeats: number
  services: string[]
  names: Record<string, string>
}

export interface Span {
  /** Monday is 1. */
  day: number
  from: string
  to: string
}

export interface Holiday {
  date: string
  name: string
}

export interface Calendar {
  id: string
  name: string
  version: number
  zone: string
  weekly: Span[]
  holidays: Holiday[]
  always: boolean
}

export interface SlaTarget {
  response_ms: number | null
  resolution_ms: number | null
  /** How often the requester hears something. */
  update_ms?: number | null
  calendar_id?: string | null
}

export interface SlaPolicy {
  id: string
  name: string
  position: number
  version: number
  kinds: string[]
  service_ids: string[]
  conditions: {
    priorities?: Priority[]
    group_ids?: string[]
    category_ids?: string[]
    organisation_ids?: string[]
  }
  calendar_id: string
  targets: Partial<Record<Priority, SlaTarget>>
  /** null: every reason to be pending. */
  pause_reasons: string[] | null
  pause_states: string[]
  olas: Ola[]
  escalations: MarkEscalation[]
}

/** The time that one team may have a ticket. */
export interface Ola {
  team_id: string
  calendar_id: string | null
  targets_ms: Partial<Record<Priority, number>>
}

/** Whom a mark of a clock pages or tells. */
export interface MarkEscalation {
  target: 'response' | 'resolution' | 'update' | 'ola'
  percent: 50 | 75 | 90 | 100
  escalation_policy_id: string | null
  person_ids: string[]
  team_ids: string[]
}

export interface PeopleGroup {
  id: string
  name: string
  members: number
}

export interface Recomputation {
  id: string
  cause: {
    kind:
      | 'calendar'
      | 'sla_policy'
      | 'person'
      | 'import'
      | 'people_group'
      | 'requester'
      | 'organisation'
      | 'category'
    id: string
    name: string | null
    version?: number
  }
  author: Ref | null
  due_at: string
  started_at: string | null
  finished_at: string | null
  total: number | null
  done: number
  changed: number
}

export interface ItemForEditing extends CatalogueItem {
  team_id: string | null
  category_id: string | null
  impact: Level
  urgency: Level
  position: number
  approvals: ApprovalAsked[]
  /** Names of the people in them. */
  approvers: Record<string, string>
}
