import type { Ref, State } from '#lib/api/types.ts'

export const TEXTS = ['what_happened', 'impact', 'root_cause', 'went_well', 'went_badly'] as const
export type ReviewText = (typeof TEXTS)[number]

/** Something that a review asked for. */
export interface ReviewAction {
  id: string
  incident: string
  /** What the incident was called outside, else its title. */
  review: string
  title: string
  owner: Ref
  due_on: string
  state: 'open' | 'done'
  overdue: boolean
  /** The problem or change that does it. */
  ticket: { number: string; title: string; state: State } | null
  done_at: string | null
  revision: number
  editable: boolean
}

/** A major incident that is solved, by its review. */
export interface ListedReview {
  incident: string
  title: string
  incident_state: State
  state: Review['state']
  solved_at: string
  finished_at: string | null
  lead: Ref | null
}

export interface Review extends Record<ReviewText, string> {
  incident: string
  title: string
  state: 'none' | 'draft' | 'finished'
  revision: number
  finished_at: string | null
  finished_by: Ref | null
  times: { what: 'opened' | 'acknowledged' | 'declared' | 'first_told' | 'resolved'; at: string }[]
  actions: ReviewAction[]
  may: string[]
}
