import type { Generated } from 'kysely'
import type { Jsonb } from './column.ts'

export interface QueueTables {
  ticket_view: TicketViewTable
  ticket_view_place: TicketViewPlaceTable
}

export interface TicketViewTable {
  id: Generated<string>
  name: string
  filter: Jsonb
  sort: string
  columns: string[] | null
  owner_id: string
  shared_with: 'nobody' | 'team' | 'all'
  team_id: string | null
  revision: Generated<number>
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface TicketViewPlaceTable {
  person_id: string
  view_id: string
  position: number | null
  opens: Generated<boolean>
}
