import type { Level, Ref } from '#lib/api/types.ts'

export type Trigger =
  | { kind: 'activity'; verbs: string[] }
  | { kind: 'sla'; target: 'response' | 'resolution' | 'update' | 'ola' | null; percents: number[] }
  | { kind: 'unchanged'; minutes: number; states: string[] }

export type Action =
  | { do: 'set'; impact?: Level; urgency?: Level; service_id?: string; category_id?: string }
  | { do: 'assign'; team_id: string | null; assignee_id: string | null }
  | { do: 'route' }
  | { do: 'move'; move: string; reason?: string }
  | { do: 'tag'; names: string[] }
  | { do: 'untag'; name: string }
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
  ticket: { number: string; title: string }
  state: 'waiting' | 'done' | 'failed' | 'cut'
  reason: string | null
  matched: Record<string, string>
  outcome: ({ do: Action['do']; error?: string; message?: string } & Record<string, unknown>)[]
  depth: number
  created_at: string
  ended_at: string | null
}

export interface Trial {
  id: string
  from: string
  to: string
  state: 'running' | 'done'
  total: number
  done: number
  rules: { rule: string; name: string; place: number; fired: number; cut: number; actions: Action['do'][] }[]
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
  id: crypto.randomUUID(),
  name,
  enabled: false,
  on: { kind: 'activity', verbs: ['open'] },
  when: 'priority == "P1"',
  actions: [{ do: 'note', text: '' }],
  last: false,
})
