import type { Level, Priority, Ref } from '#lib/api/types.ts'
import type { CatalogueItem } from '#lib/portal/types.ts'

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

export interface Calendar {
  id: string
  name: string
  version: number
  zone: string
  weekly: Span[]
  holidays: { date: string; name: string }[]
  always: boolean
}

export interface SlaTarget {
  response_ms: number | null
  resolution_ms: number | null
  calendar_id?: string | null
}

export interface SlaPolicy {
  id: string
  name: string
  position: number
  version: number
  kinds: string[]
  service_ids: string[]
  calendar_id: string
  targets: Partial<Record<Priority, SlaTarget>>
}

export interface ItemForEditing extends CatalogueItem {
  team_id: string | null
  category_id: string | null
  impact: Level
  urgency: Level
  position: number
}
