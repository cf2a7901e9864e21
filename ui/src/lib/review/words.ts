import { m } from '#lib/paraglide/messages.js'
import type { Review } from './types.ts'

const texts: Record<string, () => string> = {
  what_happened: m.review_what_happened,
  impact: m.review_impact,
  root_cause: m.review_root_cause,
  went_well: m.review_went_well,
  went_badly: m.review_went_badly,
}
export const textWord = (text: string): string => texts[text]?.() ?? text

const helps: Record<string, () => string> = {
  what_happened: m.review_what_happened_help,
  impact: m.review_impact_help,
}
export const textHelp = (text: string): string | undefined => helps[text]?.()

const times: Record<string, () => string> = {
  opened: m.review_time_opened,
  acknowledged: m.review_time_acknowledged,
  declared: m.review_time_declared,
  first_told: m.review_time_first_told,
  resolved: m.review_time_resolved,
}
export const timeWord = (what: string): string => times[what]?.() ?? what

const states: Record<Review['state'], () => string> = {
  none: m.review_state_none,
  draft: m.review_state_draft,
  finished: m.review_state_finished,
}
export const stateWord = (state: Review['state']): string => states[state]()
