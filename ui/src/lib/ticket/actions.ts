import type { State, TicketLine } from '#lib/api/types.ts'

export type ActionName =
  | 'acknowledge'
  | 'reply'
  | 'note'
  | 'assign'
  | 'resolve'
  | 'fix'
  | 'assess'
  | 'authorize'
  | 'schedule'
  | 'implement'
  | 'review'
  | 'revise'
  | 'pend'
  | 'resume'
  | 'close'
  | 'reopen'
  | 'cancel'

/** What can be done next, by state, the likely first. */
const next: Record<State, ActionName[]> = {
  new: ['acknowledge', 'assign', 'reply', 'note', 'resolve', 'pend', 'cancel'],
  in_progress: ['resolve', 'fix', 'reply', 'note', 'assign', 'pend', 'cancel'],
  pending: ['resume', 'reply', 'note', 'assign', 'resolve', 'cancel'],
  fixing: ['resolve', 'reply', 'note', 'assign', 'pend', 'cancel'],
  assess: ['authorize', 'note', 'assign', 'reply', 'cancel'],
  authorize: ['schedule', 'note', 'assign', 'revise', 'reply', 'cancel'],
  scheduled: ['implement', 'note', 'assign', 'revise', 'reply', 'cancel'],
  implement: ['review', 'note', 'assign', 'reply'],
  review: ['close', 'note', 'assign', 'reply'],
  resolved: ['close', 'reopen', 'reply', 'note'],
  closed: ['reopen', 'note'],
  cancelled: ['note'],
}

// A change is not taken notice of but taken further: assessed, authorized or scheduled, as its type has it.
const newChange: ActionName[] = ['assess', 'authorize', 'schedule', 'assign', 'note', 'reply', 'cancel']

export const actionsFor = (ticket: Pick<TicketLine, 'kind' | 'state' | 'acknowledged_at'>): ActionName[] => {
  if (ticket.kind === 'change' && ticket.state === 'new') return newChange
  const actions = (next[ticket.state] ?? []).filter((name) => name !== 'fix' || ticket.kind === 'problem')
  // Work may begin without an acknowledgement, and the page still waits for one.
  const open = ticket.state === 'in_progress' || ticket.state === 'pending'
  return open && !ticket.acknowledged_at ? ['acknowledge', ...actions] : actions
}

// The step that comes next has one key, whatever it is called: what is resolved is closed by the key that resolves.
export const actionKeys: Partial<Record<ActionName, string>> = {
  acknowledge: 'a',
  reply: 'r',
  note: 'n',
  assign: 'm',
  resolve: 'e',
  assess: 'e',
  schedule: 'e',
  implement: 'e',
  review: 'e',
  close: 'e',
  fix: 'shift+f',
  authorize: 'shift+e',
  reopen: 'shift+e',
  pend: 'p',
  resume: 'p',
  cancel: 'shift+d',
}
