import { DeskError } from '../activity/index.ts'

export type Decision = 'approved' | 'rejected'
export type ApprovalState = 'open' | Decision | 'withdrawn'
export interface Approval {
  rule: 'any' | 'all'
  state: ApprovalState
  approvers: { personId: string; decision: Decision | null }[]
}

/** What an approval is once these have spoken: one yes of any, the yes of all; a no of all, or the no of every one. */
export function stateOf({ rule, approvers }: Pick<Approval, 'rule' | 'approvers'>): ApprovalState {
  const said = (decision: Decision) => approvers.filter((one) => one.decision === decision).length
  if (rule === 'any') {
    if (said('approved') > 0) return 'approved'
    return said('rejected') === approvers.length ? 'rejected' : 'open'
  }
  if (said('rejected') > 0) return 'rejected'
  return said('approved') === approvers.length ? 'approved' : 'open'
}

/**
 * What it becomes when somebody decides; null when they said the same already. Throws for whoever was not asked, and
 * when it is decided without them.
 */
export function decide(
  approval: Approval,
  by: { personId: string; decision: Decision; comment: string | null },
): { approvers: Approval['approvers']; state: ApprovalState } | null {
  const mine = approval.approvers.find(({ personId }) => personId === by.personId)
  if (!mine) throw new DeskError('forbidden', 'You were not asked for this approval.')
  if (mine.decision === by.decision) return null
  if (approval.state !== 'open')
    throw new DeskError('conflict', `This approval is ${approval.state} already.`)
  if (by.decision === 'rejected' && !by.comment)
    throw new DeskError('invalid', 'Say why it is rejected.', {
      errors: [{ path: 'comment', message: 'is required' }],
    })
  const approvers = approval.approvers.map((one) =>
    one.personId === by.personId ? { ...one, decision: by.decision } : one,
  )
  return { approvers, state: stateOf({ ...approval, approvers }) }
}

/** Throws where an approver cannot hand their decision on to this person. `hands`: whose change it is. */
export function handOn(
  { state, approvers }: Approval,
  by: { from: string; to: string; hands: ReadonlySet<string> },
): void {
  const wrong = (message: string) =>
    new DeskError('invalid', 'The approval cannot be handed to this person.', {
      errors: [{ path: 'person_id', message }],
    })
  const mine = approvers.find(({ personId }) => personId === by.from)
  if (!mine) throw new DeskError('not_found', 'There is no such approval.')
  if (state !== 'open') throw new DeskError('conflict', `This approval is ${state} already.`)
  if (mine.decision) throw new DeskError('conflict', `You have ${mine.decision} it already.`)
  if (approvers.some(({ personId }) => personId === by.to)) throw wrong('is asked already')
  if (by.hands.has(by.to)) throw wrong('would approve a change of their own')
}
