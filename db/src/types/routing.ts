import type { Generated } from 'kysely'
import type { DefaultJsonb, Jsonb } from './column.ts'

export interface RoutingTables {
  routing_ruleset: RoutingRulesetTable
  ticket_route: TicketRouteTable
}

export interface RoutingRulesetTable {
  version: number
  body: Jsonb
  note: string | null
  author_id: string | null
  effective_from: Date
  created_at: Generated<Date>
}

export interface TicketRouteTable {
  ticket_id: string
  version: number
  rule: string
  place: number
  team_id: string
  matched: Jsonb
  needs: DefaultJsonb
  author_id: string | null
  routed_at: Date
}
