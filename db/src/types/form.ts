import type { Generated } from 'kysely'
import type { DefaultJsonb, Jsonb } from './column.ts'
import type { Impact } from './ticket.ts'

export interface FormTables {
  custom_field: CustomFieldTable
  custom_field_version: CustomFieldVersionTable
  catalogue_item: CatalogueItemTable
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
  approvals: DefaultJsonb
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}
