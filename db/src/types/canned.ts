import type { Generated } from 'kysely'
import type { Jsonb, JsonbOrNull } from './column.ts'

export interface CannedTables {
  canned: CannedTable
  checklist_template: ChecklistTemplateTable
  checklist_item: ChecklistItemTable
}

export interface CannedTable {
  id: Generated<string>
  kind: 'reply' | 'macro'
  title: string
  body: Generated<string>
  does: JsonbOrNull
  owner_id: string | null
  team_id: string | null
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}

export interface ChecklistTemplateTable {
  id: Generated<string>
  name: string
  points: Jsonb
  category_ids: Generated<string[]>
  item_ids: Generated<string[]>
  archived_at: Date | null
  created_at: Date
  revision: Generated<number>
}

export interface ChecklistItemTable {
  id: Generated<string>
  ticket_id: string
  template_id: string | null
  position: number
  text: string
  required: Generated<boolean>
  done_at: Date | null
  done_by: string | null
  removed_at: Date | null
  author_id: string | null
  created_at: Date
  revision: Generated<number>
}
