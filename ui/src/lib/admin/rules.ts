import { freshId } from '#lib/api/fresh-id.ts'
import type { Level, Ref } from '#lib/api/types.ts'

export interface Patience {
  hold_seconds: number
  threshold: { count: number; minutes: number } | null
  flapping: { low: number; high: number } | null
  expire_minutes: number | null
}

export interface Rule {
  id: string
  name: string
  enabled: boolean
  when: string
  group_by: string[]
  window_minutes: number | null
  opens: 'incident' | 'request' | 'change_event' | 'nothing'
  confirm: boolean
  /** Beyond it, the rule's last ticket gathers the rest. */
  most_per_hour?: number | null
  impact: Level | null
  urgency: Level | null
  service_id: string | null
  team_id: string | null
  escalation_policy_id: string | null
  resolve_on: 'first' | 'last' | 'all' | 'never'
  patience: Patience | null
}

export interface Beside {
  same_ci: { on: boolean; window_minutes: number }
  service_map: { on: boolean; window_minutes: number }
  storm: { on: boolean; openings: number; window_minutes: number }
}

export interface RuleBody {
  rules: Rule[]
  beside: Beside
}

export interface Ruleset extends RuleBody {
  version: number
  note: string | null
  author: Ref | null
  published_at: string | null
}

export interface RuleUse {
  /** Its id, or `default`. */
  rule: string
  opened: number
  joined: number
  detached: number
  declined: number
  merged: number
}

export interface RulesetVersion {
  version: number
  note: string | null
  author: Ref | null
  published_at: string | null
  rules: number
}

/** What a condition may name. */
export interface RuleFacts {
  items: { name: string; type: string }[]
  /** Labels of the latest alerts. */
  labels: string[]
}

export interface RuleCheck {
  error: string | null
  checked: number
  holds: number
  groups: number
  examples: { alert: { id: string; title: string } | null; holds: boolean; error: string | null }[]
}

/** A rule as somebody begins it. */
export const newRule = (name: string): Rule => ({
  id: freshId(),
  name,
  enabled: true,
  when: 'severity == "critical"',
  group_by: ['service'],
  window_minutes: null,
  opens: 'incident',
  confirm: false,
  impact: null,
  urgency: null,
  service_id: null,
  team_id: null,
  escalation_policy_id: null,
  resolve_on: 'all',
  patience: null,
})
