export interface ReplayTotals {
  incidents: number
  requests: number
  joins: number
  proposed: number
  held: number
  nothing: number
  pages: number
  night_pages: number
  sleep_minutes: number
}
type OfPerson = Pick<ReplayTotals, 'pages' | 'night_pages' | 'sleep_minutes'>
export interface OfDay {
  tickets: number
  pages: number
}

export interface ReplayResult {
  events: number
  was: ReplayTotals
  would: ReplayTotals
  people: { person: { id: string; name: string }; was: OfPerson; would: OfPerson }[]
  days: { day: string; was: OfDay; would: OfDay }[]
  record: {
    openings: number
    openings_matched: number
    pages: number
    pages_wrong: number
    exact: boolean
  }
  differences: number
  listed: number
}

export interface Replay {
  id: string
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  from: string
  to: string
  version: number | null
  rules: number
  asked_by: { id: string; name: string } | null
  created_at: string
  finished_at: string | null
  done_events: number
  progress: number
  error: 'fault' | 'interrupted' | 'not-kept' | null
  result: ReplayResult | null
}

export interface Fate {
  how: 'opened' | 'joined' | 'nothing' | 'proposed' | 'held'
  ticket: string | null
  with: { id: string; title: string } | null
  why: Record<string, unknown>
}

export interface Difference {
  at: string
  alert: { id: string; title: string; integration: string }
  episode: number
  was: Fate | null
  would: Fate | null
  /** Because of the ticket that it opened. */
  paged: Record<'was' | 'would', { pages: number; sleep_minutes: number }>
}
