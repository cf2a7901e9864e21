import { freshId } from '#lib/api/fresh-id.ts'
import type { Kind, Level, Ref } from '#lib/api/types.ts'
import type { Answer } from '#lib/question/field.ts'

export type Trigger =
  | { kind: 'activity'; verbs: string[] }
  | { kind: 'sla'; target: 'response' | 'resolution' | 'update' | 'ola' | null; percents: number[] }
  | { kind: 'unchanged'; minutes: number; states: string[] }
  | { kind: 'schedule'; starts_at: string; zone: string; rrule: string; opens: Opens | null }
  | { kind: 'before'; date: DateOf; field: string | null; minutes: number }

export const DATES = [
  'resolution',
  'response',
  'update',
  'planned_start',
  'planned_end',
  'pending_until',
  'field',
] as const
export type DateOf = (typeof DATES)[number]

/** The ticket that a schedule opens. */
export interface Opens {
  kind: Kind
  title: string
  text: string
  impact: Level
  urgency: Level
  service_id: string | null
  category_id: string | null
  team_id: string | null
  requester_id: string | null
}

export type Action =
  | {
      do: 'set'
      impact?: Level
      urgency?: Level
      service_id?: string
      category_id?: string
      confidential?: boolean
      fields?: Record<string, Answer | null>
    }
  | { do: 'assign'; team_id: string | null; assignee_id: string | null }
  | { do: 'route' }
  | { do: 'move'; move: string; reason?: string }
  | { do: 'status'; status_id: string }
  | { do: 'tag'; names: string[] }
  | { do: 'untag'; name: string }
  | { do: 'checklist'; template_id: string }
  | { do: 'watch'; person_ids: string[] }
  | { do: 'note'; text: string }
  | { do: 'reply'; text: string }
  | { do: 'tell'; person_ids: string[]; team_ids: string[]; text: string }
  | { do: 'page'; policy_id: string }
  | { do: 'open'; kind: string; title: string; text: string; link: string }
  | { do: 'call'; webhook_id: string }

export interface AutomationRule {
  id: string
  name: string
  enabled: boolean
  on: Trigger
  when: string
  actions: Action[]
  last: boolean
}

export interface AutomationSet {
  version: number
  rules: AutomationRule[]
  note: string | null
  author: Ref | null
  published_at: string | null
}

export interface RuleUse {
  rule: string
  done: number
  failed: number
  cut: number
  last_at: string | null
}

export interface Firing {
  id: string
  rule: { id: string; name: string | null; version: number; place: number }
  kind: Trigger['kind']
  /** The time of the schedule, the date that is near, since when it is unchanged. */
  of: string | null
  ticket: { number: string; title: string }
  state: 'waiting' | 'done' | 'failed' | 'cut'
  reason: string | null
  matched: Record<string, string>
  outcome: ({ do: Action['do']; error?: string; message?: string } & Record<string, unknown>)[]
  depth: number
  created_at: string
  ended_at: string | null
}

/** One time that the schedule of a rule came. */
export interface Occurrence {
  id: string
  rule: Firing['rule']
  at: string
  missed: number
  state: 'running' | 'done' | 'failed'
  reason: string | null
  looked: number
  acted: number
  capped: boolean
  opened: { number: string; title: string } | null
  created_at: string
  ended_at: string | null
}

export interface Trial {
  id: string
  from: string
  to: string
  state: 'running' | 'done' | 'failed'
  total: number
  done: number
  rules: {
    rule: string
    name: string
    place: number
    fired: number
    cut: number
    /** Of a schedule: how often it would have come, and how many of these times were tried. */
    times: number | null
    tried: number | null
    actions: Action['do'][]
  }[]
}

export interface TrialHit {
  rule: string
  place: number
  ticket: { number: string; title: string }
  at: string
  verb: string
  cut: string | null
}

/** A rule as somebody begins it: switched off, until it was tried. */
export const newAutomation = (name: string): AutomationRule => ({
  id: freshId(),
  name,
  enabled: false,
  on: { kind: 'activity', verbs: ['open'] },
  when: 'priority == "P1"',
  actions: [{ do: 'note', text: '' }],
  last: false,
})
