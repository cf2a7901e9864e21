import { m } from '#lib/paraglide/messages.js'
import type { ChangeOfTicket, ChangeType, Risk } from './ticket-page.ts'

const types: Record<ChangeType, () => string> = {
  standard: m.change_standard,
  normal: m.change_normal,
  emergency: m.change_emergency,
}
const risks: Record<Risk, () => string> = {
  low: m.change_risk_low,
  medium: m.change_risk_medium,
  high: m.change_risk_high,
}
const outcomes = {
  successful: m.change_outcome_successful,
  with_issues: m.change_outcome_with_issues,
  backed_out: m.change_outcome_backed_out,
  failed: m.change_outcome_failed,
}
/** The questionnaire of the risk. */
export const riskQuestions = {
  interrupts: m.change_risk_q_interrupts,
  untested: m.change_risk_q_untested,
  hard_to_undo: m.change_risk_q_hard_to_undo,
  first_time: m.change_risk_q_first_time,
  reaches_others: m.change_risk_q_reaches_others,
}

export const changeTypes = Object.keys(types) as ChangeType[]
export const riskLevels = Object.keys(risks) as Risk[]
export const changeTypeWord = (type: ChangeType): string => types[type]()
export const riskWord = (risk: Risk | null): string => (risk ? risks[risk]() : m.change_risk_none())
export const outcomeWord = (outcome: NonNullable<ChangeOfTicket['outcome']>): string => outcomes[outcome]()
