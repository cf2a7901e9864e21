import type { ColumnType, Generated } from 'kysely'

export interface PeopleTables {
  organisation: OrganisationTable
  person: PersonTable
  team: TeamTable
  role_grant: RoleGrantTable
  people_group: PeopleGroupTable
  people_group_member: PeopleGroupMemberTable
  brand: BrandTable
}

export interface OrganisationTable {
  id: Generated<string>
  name: string
  parent_id: string | null
  external_id: string | null
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}

export interface PersonTable {
  id: Generated<string>
  name: string
  email: string | null
  locale: Generated<'en' | 'fr' | 'it'>
  zone: Generated<string>
  organisation_id: string | null
  auth_user_id: string | null
  external_id: string | null
  archived_at: Date | null
  erased_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
  calendar_id: string | null
  mention_mails: Generated<boolean>
  folded_name: ColumnType<string, never, never>
  known_as: ColumnType<string, never, never>
}

export interface TeamTable {
  id: Generated<string>
  name: string
  email: string | null
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
  stalled_after_hours: number | null
}

export interface RoleGrantTable {
  person_id: string
  role: 'agent' | 'on_call' | 'manager' | 'administrator'
  team_id: string | null
  created_at: Generated<Date>
}

export interface PeopleGroupTable {
  id: Generated<string>
  name: string
  archived_at: Date | null
  created_at: Generated<Date>
  revision: Generated<number>
}

export interface PeopleGroupMemberTable {
  group_id: string
  person_id: string
  created_at: Generated<Date>
}

export interface BrandTable {
  id: Generated<string>
  name: string
  sender: string | null
  language: Generated<string>
  calendar_id: string | null
  created_at: Generated<Date>
}
