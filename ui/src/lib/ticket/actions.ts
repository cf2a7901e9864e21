import type { State, TicketLine } from '#lib/api/types.ts'

export type ActionName =
  | 'acknowledge'
  | 'reply'
  | 'note'
  | 'assign'
  | 'resolve'
  | 'pend'
  | 'resume'
  | 'close'
  | 'reopen'
  | 'cancel'

/** What can be done next, by state, the likely first. */
const next: Record<State, ActionName[]> = {
  new: ['acknowledge', 'assign', 'reply', 'note', 'resolve', 'pend', 'cancel'],
  in_progress: ['resolve', 'reply', 'note', 'assign', 'pend', 'cancel'],
  pending: ['resume', 'reply', 'note', 'assign', 'resolve', 'cancel'],
  resolved: ['close', 'reopen', 'reply', 'note'],
  closed: ['reopen', 'note'],
  cancelled: ['note'],
}

export const actionsFor = (ticket: Pick<TicketLine, 'state' | 'acknowledged_at'>): ActionName[] => {
  const actions = next[ticket.state] ?? []
  // Work may begin without an acknowledgement, and the page still waits for one.
  const open = ticket.state === 'in_progress' || ticket.state === 'pending'
  return open && !ticket.acknowledged_at ? ['acknowledge', ...actions] : actions
}

export const actionKeys: Partial<Record<ActionName, string>> = {
  acknowledge: 'a',
  reply: 'r',
  note: 'n',
  assign: 'm',
  resolve: 'e',
  pend: 'p',
}
