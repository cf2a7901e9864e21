import type { Ref, State } from '#lib/api/types.ts'
import type { Label } from '#lib/text/label.ts'
import type { Approval, ChangeOfTicket, TicketPage } from '#lib/ticket/ticket-page.ts'

export type MyApproval = Approval & {
  decision: 'approved' | 'rejected' | null
  asked_by: Ref | null
  change: (Asked & Plan) | null
  request: (Asked & { requester: string | null } & Pick<TicketPage, 'fields' | 'people' | 'questions'>) | null
}

export interface Asked {
  number: string
  title: string
  description: string
  state: State
  service: Label | null
}
type Plan = Pick<
  ChangeOfTicket,
  | 'type'
  | 'risk'
  | 'risk_reason'
  | 'implementation_plan'
  | 'backout_plan'
  | 'test_plan'
  | 'planned_start'
  | 'planned_end'
>
