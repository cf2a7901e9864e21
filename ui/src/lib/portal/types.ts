import type { Kind, State } from '#lib/api/types.ts'
import type { FormField } from '#lib/question/field.ts'
import type { Label } from '#lib/text/label.ts'
import type { ToldUpdate } from '#lib/ticket/ticket-page.ts'

export interface CatalogueItem {
  key: string
  kind: 'incident' | 'request'
  name: Label
  description: Label | Record<string, never>
  fields: FormField[]
  service_id: string | null
  needs_approval: boolean
  revision: number
}

export interface Outage {
  service: { key: string; name: Label } | null
  since: string
  state: 'noticed' | 'in_progress'
  /** Of a declared major incident, what was told of it last. */
  major: { number: string; following: boolean; update: ToldUpdate | null } | null
}

export interface MyRequest {
  number: string
  kind: Kind
  title: string
  state: State
  pending_reason: string | null
  created_at: string
  updated_at: string
  resolved_at: string | null
}

export interface PortalPage {
  outages: Outage[]
  mine: MyRequest[]
  catalogue: CatalogueItem[]
}

export const descriptionOf = ({ description }: CatalogueItem): Label | undefined =>
  typeof description === 'string' || 'en' in description ? (description as Label) : undefined
