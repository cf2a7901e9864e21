import type { Count, Ref, Team } from '#lib/api/types.ts'
import type { FailingWay } from '#lib/oncall/types.ts'
import type { Label } from '#lib/text/label.ts'

export interface TeamDetail extends Team {
  email: string | null
  services: number
  open_tickets: number
}

export interface PersonDetail extends Ref {
  email: string | null
  locale: 'en' | 'fr' | 'it'
  zone: string
  organisation: Ref | null
  signs_in: boolean
  archived: boolean
  roles: { role: string; team_id: string | null; team: string | null }[]
  /** Ways to reach them over which something failed for good. */
  failing: FailingWay[]
}

export interface ServiceChange {
  id: string
  at: string
  title: string
  source: string | null
  link: string | null
  integration: { id: string; name: string }
}

export interface ServiceDetail {
  id: string
  key: string
  name: Label
  team: Ref | null
  escalation_policy: Ref | null
  health: 'ok' | 'degraded' | 'down'
  open_incidents: number
}

export interface ApiKey {
  id: string
  name: string
  hint: string
  owner: Ref
  created_at: string
  expires_at: string | null
  revoked_at: string | null
  last_used_at: string | null
}

export interface Tag extends Ref {
  tickets: Count
}
