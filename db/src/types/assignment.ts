import type { Generated } from 'kysely'
import type { Jsonb } from './column.ts'

export interface AssignmentTables {
  skill: SkillTable
  person_skill: PersonSkillTable
  skill_need: SkillNeedTable
  team_assignment: TeamAssignmentTable
  team_member: TeamMemberTable
  absence: AbsenceTable
  assignment_look: AssignmentLookTable
  assignment_wait: AssignmentWaitTable
}

export interface SkillTable {
  id: Generated<string>
  name: string
  archived_at: Date | null
  created_at: Generated<Date>
}

export interface PersonSkillTable {
  person_id: string
  skill_id: string
  level: number
}

export interface SkillNeedTable {
  id: Generated<string>
  skill_id: string
  service_id: string | null
  category_id: string | null
  level: number
}

export interface TeamAssignmentTable {
  team_id: string
  mode: Generated<'off' | 'round_robin' | 'least_loaded'>
  works_by: Generated<'always' | 'calendar' | 'schedule'>
  calendar_id: string | null
  schedule_id: string | null
  cap: number | null
  hand_back: Generated<boolean>
  last_person_id: string | null
  revision: Generated<number>
}

export interface TeamMemberTable {
  team_id: string
  person_id: string
  exempt: Generated<boolean>
  cap: number | null
}

export interface AbsenceTable {
  id: Generated<string>
  person_id: string
  starts_at: Date
  ends_at: Date
  reason: string | null
  author_id: string | null
  cancelled_at: Date | null
  created_at: Generated<Date>
}

export interface AssignmentLookTable {
  id: Generated<string>
  team_id: string
  due_at: Date
}

export interface AssignmentWaitTable {
  ticket_id: string
  team_id: string
  why: Jsonb
  since: Date
}
