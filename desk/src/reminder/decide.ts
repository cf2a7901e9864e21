export interface Due {
  kind: 'time' | 'answer' | 'unchanged'
  /** Of the ticket, when it was asked for. */
  seen_revision: number
}

export type Outcome = { state: 'fired' } | { state: 'lapsed'; for: 'changed' | 'unseen' }

/** What comes of a reminder that is due. Nothing is said of a ticket that its person may not see any more. */
export function decideReminder(reminder: Due, ticket: { revision: number; visible: boolean }): Outcome {
  if (!ticket.visible) return { state: 'lapsed', for: 'unseen' }
  const changed = ticket.revision !== reminder.seen_revision
  return reminder.kind === 'unchanged' && changed ? { state: 'lapsed', for: 'changed' } : { state: 'fired' }
}
