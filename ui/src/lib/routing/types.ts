import { freshId } from '#lib/api/fresh-id.ts'
import type { Level, Ref } from '#lib/api/types.ts'

export interface SkillLevel {
  skill_id: string
  level: number
}

export interface RoutingRule {
  id: string
  name: string
  enabled: boolean
  when: string
  team_id: string
  impact: Level | null
  urgency: Level | null
  skills: SkillLevel[]
}

export interface RoutingSet {
  version: number
  rules: RoutingRule[]
  note: string | null
  author: Ref | null
  published_at: string | null
}

export interface RoutingUse {
  rule: string
  routed: number
}

export interface RoutedTicket {
  number: string
  title: string
  team: Ref | null
}

export interface RoutingCheck {
  error: string | null
  checked: number
  holds: number
  examples: { ticket: RoutedTicket; holds: boolean }[]
}

export interface RoutingPreview {
  checked: number
  rules: { rule: string; routed: number }[]
  unrouted: number
  moved: number
  items: { ticket: RoutedTicket; rule: (Ref & { place: number }) | null; team: Ref | null }[]
}

export interface Skill extends Ref {
  people: number
  needs: { service_id: string | null; category_id: string | null; level: number }[]
}

export interface AssignmentSettings {
  mode: 'off' | 'round_robin' | 'least_loaded'
  works_by: 'always' | 'calendar' | 'schedule'
  calendar_id: string | null
  schedule_id: string | null
  cap: number | null
  hand_back: boolean
}

/** Why somebody is given nothing: now, or of one ticket. */
export interface Refusal {
  code: 'exempt' | 'away' | 'off_shift' | 'skill' | 'full'
  until?: string | null
  skill?: Ref
  needs?: number
  has?: number
  open?: number
  cap?: number
}

export interface MemberLoad {
  person: Ref
  exempt: boolean
  cap: number | null
  calendar_id: string | null
  skills: SkillLevel[]
  open: number
  load: number
  unavailable: Refusal | null
  away: { starts_at: string; ends_at: string } | null
}

export interface TeamAssignment {
  settings: AssignmentSettings
  queued: number
  waiting: number
  members: MemberLoad[]
}

export interface Absence {
  id: string
  person: Ref
  starts_at: string
  ends_at: string
  reason: string | null
  author: Ref | null
}

/** Why a ticket lies in its team, where a rule said so. */
export interface ToldRoute {
  rule: Ref & { place: number; version: number; when: string }
  team: Ref
  matched: Record<string, string>
  routed_at: string
  asked_by: Ref | null
}

/** Why nobody of its team was given a ticket. */
export interface ToldWait {
  since: string
  refused: (Refusal & { person: Ref })[]
}

type Actor = { kind: 'person' | 'rule' | 'integration' | 'system'; id: string | null; name: string | null }

export interface PassedOver extends Omit<Refusal, 'code'> {
  person: Ref
  load?: number
  /** Their turn comes after, they held more, or they could not. */
  code: Refusal['code'] | 'later' | 'heavier'
}

/** Why a ticket lies in its team, and why somebody has it. */
export interface ToldHands {
  team: {
    at: string
    by: Actor
    how: 'rule' | 'asked' | 'item' | 'source' | 'category' | 'service' | 'handed' | 'none'
    from: Record<string, string> | null
    /** Rules that held too, but whose team is archived. */
    passed: { place: number; version: number; name: string | null }[]
  } | null
  assignee: {
    at: string
    by: Actor
    how: 'turn' | 'load' | 'taken' | 'handed'
    among: number | null
    load: number | null
    passed: PassedOver[]
  } | null
}

export const newRoute = (name: string, team_id: string): RoutingRule => ({
  id: freshId(),
  name,
  enabled: true,
  when: `kind == "incident"`,
  team_id,
  impact: null,
  urgency: null,
  skills: [],
})
