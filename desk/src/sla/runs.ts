import type { Priority } from '@tocsin/db'

/** One row of the ticket's state history. */
export interface HistoryRow {
  at: Date
  state: string
  pending_reason: string | null
  priority: Priority
  team_id?: string | null
  assignee_id?: string | null
}

/** `ola:` and a team's id: the time that a ticket is with that team. */
export type Target = 'response' | 'resolution' | 'update' | `ola:${string}`

/** What stops the clocks of a policy beside the end of the ticket. */
export interface Pauses {
  /** Of the reasons to be pending; null: every one. */
  reasons: string[] | null
  /** States of work that pause beside pending. */
  states: string[]
}

export const EVERY_PAUSE: Pauses = { reasons: null, states: [] }

const ENDED = new Set(['resolved', 'closed', 'cancelled'])
export const isEnded = (state: string): boolean => ENDED.has(state)

export type Runs = (row: HistoryRow) => boolean

export const teamOf = (target: Target): string | null =>
  target.startsWith('ola:') ? target.slice('ola:'.length) : null

/** True while the desk is at work on the ticket, or should be. */
export function isWorked(row: HistoryRow, pauses: Pauses): boolean {
  if (isEnded(row.state) || pauses.states.includes(row.state)) return false
  return row.state !== 'pending' || !(pauses.reasons?.includes(row.pending_reason ?? '') ?? true)
}

/**
 * While which rows a clock may run. News is owed as long as the ticket is open: who waits for a vendor waits for
 * news most of all. A team's clock runs only while the ticket is with that team.
 */
export function runsFor(target: Target, pauses: Pauses): Runs {
  const team = teamOf(target)
  if (target === 'update') return (row) => !isEnded(row.state)
  if (team !== null) return (row) => row.team_id === team && isWorked(row, pauses)
  return (row) => isWorked(row, pauses)
}

/** A history from one instant on: what came before is the state that it begins with. */
export function historySince(history: HistoryRow[], since: Date): HistoryRow[] {
  const first = history.findLastIndex((row) => row.at <= since)
  if (first < 0) return history
  return [{ ...history[first]!, at: since }, ...history.slice(first + 1)]
}
