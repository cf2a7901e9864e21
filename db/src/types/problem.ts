import type { Generated } from 'kysely'
import type { JsonbOrNull } from './column.ts'

export interface ProblemTables {
  problem: ProblemTable
  major_incident: MajorIncidentTable
  major_update: MajorUpdateTable
  major_stakeholder: MajorStakeholderTable
  major_follower: MajorFollowerTable
  review: ReviewTable
  review_action: ReviewActionTable
}

export interface ProblemTable {
  ticket_id: string
  root_cause: string | null
  workaround: string | null
  known_error_at: Date | null
  published_at: Date | null
  quiet_days: number | null
}

export interface MajorIncidentTable {
  ticket_id: string
  state: 'candidate' | 'declared' | 'rejected'
  lead_id: string | null
  proposed_at: Date
  proposed_by: string | null
  why: JsonbOrNull
  decided_at: Date | null
  decided_by: string | null
  update_every_minutes: number | null
  next_update_at: Date | null
  remind: 'due' | 'overdue' | null
  remind_at: Date | null
}

export interface MajorUpdateTable {
  message_id: string
  ticket_id: string
  title: string
  affected: string
  next_at: Date | null
  created_at: Date
}

export interface MajorStakeholderTable {
  ticket_id: string
  person_id: string | null
  team_id: string | null
}

export interface MajorFollowerTable {
  ticket_id: string
  person_id: string
  since: Date
}

export interface ReviewTable {
  ticket_id: string
  what_happened: Generated<string>
  impact: Generated<string>
  root_cause: Generated<string>
  went_well: Generated<string>
  went_badly: Generated<string>
  revision: Generated<number>
  started_by: string | null
  started_at: Date
  finished_by: string | null
  finished_at: Date | null
}

export interface ReviewActionTable {
  id: Generated<string>
  ticket_id: string
  title: string
  owner_id: string
  due_on: string
  due_at: Date
  linked_id: string | null
  done_at: Date | null
  done_by: string | null
  remind_at: Date | null
  revision: Generated<number>
  created_by: string | null
  created_at: Date
}
