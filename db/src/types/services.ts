import type { ColumnType, Generated } from 'kysely'
import type { DefaultJsonb, Jsonb } from './column.ts'

export interface ServicesTables {
  service: ServiceTable
  service_dependency: ServiceDependencyTable
  configuration_item: ConfigurationItemTable
  ci_dependency: CiDependencyTable
  category: CategoryTable
}

export interface ServiceTable {
  id: Generated<string>
  key: string
  name: Jsonb
  team_id: string | null
  escalation_policy_id: string | null
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}

export interface ServiceDependencyTable {
  service_id: string
  depends_on_id: string
}

export interface ConfigurationItemTable {
  id: Generated<string>
  name: string
  kind: string
  service_id: string | null
  attributes: DefaultJsonb
  external_id: string | null
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface CiDependencyTable {
  ci_id: string
  depends_on_id: string
}

export interface CategoryTable {
  id: Generated<string>
  key: string
  name: Jsonb
  parent_id: string | null
  archived_at: Date | null
  path: ColumnType<string[], string[] | undefined, never>
  team_id: string | null
  position: Generated<number>
  revision: Generated<number>
  created_at: Generated<Date>
}
