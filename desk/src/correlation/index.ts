export { decideReceipts, type WaitingReceipt } from './decide.ts'
export { sweepRecoveries } from './recover.ts'
export { sweepAlerts } from './age.ts'
export { sweepGatherings } from './gather.ts'
export { checkRuleset } from './check.ts'
export { detachAlert } from './detach.ts'
export { splitTicket } from './split.ts'
export { mergeTickets } from './merge.ts'
export { unmergeTicket } from './unmerge.ts'
export { compileRules, type Match, type Rules } from './match.ts'
export { type CheckedAlert, GivenFacts, readSpecimens, type Specimen, tryRule } from './try.ts'
export { readUse, type RuleUse } from './history.ts'
export {
  Beside,
  NO_RULES,
  publishRuleset,
  readRuleset,
  Rule,
  RULES,
  type Ruleset,
  RulesetBody,
} from './ruleset.ts'
export { editMaintenance, sweepMaintenance } from './maintain.ts'
export { type MaintenancePreview, previewMaintenance } from './preview-maintenance.ts'
export { acceptProposal, declineProposal, lockProposal, PROPOSAL_LIVES, proposedBy } from './proposal.ts'
export { sweepCheckpoints } from './checkpoint.ts'
export { askAgain, type Settled, settleAged, ticketsOf } from './ageing.ts'
export { changeOf } from './change.ts'
export { claimOf } from './claim.ts'
export type { Context } from './context.ts'
export { startOfDay } from './journal.ts'
export { type ClaimOfAlert, type Opening, type Placed, ticketOf } from './place.ts'
export { groupRow, isGathered, type OpenTicket, placeClaims, STORM, type View } from './placement.ts'
export { ask, settle } from './step.ts'
export { type KnownCi, type KnownService, type SubjectOf, subjectsAmong, textAttributes } from './subjects.ts'
