import type { Generated } from 'kysely'
import type { Jsonb } from './column.ts'

export interface ChangeTables {
  change_plan: ChangePlanTable
  approval: ApprovalTable
  approver: ApproverTable
  request_approval: RequestApprovalTable
  change_template: ChangeTemplateTable
}

export interface ChangePlanTable {
  ticket_id: string
  type: Generated<'standard' | 'normal' | 'emergency'>
  risk: 'low' | 'medium' | 'high' | null
  risk_answers: Jsonb | null
  risk_reason: string | null
  implementation_plan: string | null
  backout_plan: string | null
  test_plan: string | null
  planned_start: Date | null
  planned_end: Date | null
  service_ids: Generated<string[]>
  ci_ids: Generated<string[]>
  quiet: Generated<boolean>
  approved_at: Date | null
  implemented_at: Date | null
  ended_at: Date | null
  outcome: 'successful' | 'with_issues' | 'backed_out' | 'failed' | null
}

export interface ApprovalTable {
  id: Generated<string>
  ticket_id: string
  rule: 'any' | 'all'
  team_id: string | null
  state: Generated<'open' | 'approved' | 'rejected' | 'withdrawn'>
  asked_by: string | null
  asked_at: Date
  decided_at: Date | null
}

export interface ApproverTable {
  approval_id: string
  person_id: string
  asked_first: string | null
  decision: 'approved' | 'rejected' | null
  comment: string | null
  decided_at: Date | null
}

export interface RequestApprovalTable {
  ticket_id: string
  needed_at: Date
  approved_at: Date | null
}

export interface ChangeTemplateTable {
  ticket_id: string
  name: string
  kept_by: string | null
  kept_at: Date
  archived_at: Date | null
}
