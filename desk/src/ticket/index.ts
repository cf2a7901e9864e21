export { sweepClosings } from './auto-close.ts'
export {
  attachFiles,
  contentTypeOf,
  dropDrafts,
  findAttachment,
  keepFile,
  type KeptFile,
  MAX_FILES,
  readAttachment,
  safeFileName,
  SHOWABLE,
  sweepDrafts,
} from './attachment/index.ts'
export { carryOut, type ChangeMove, type Outcome, OUTCOMES } from './carry-out.ts'
export { changeTicket, lockTicket, type Change, type Ticket } from './change.ts'
export type { Details, PlanEdit, ProblemEdit } from './details.ts'
export { type EditInput, editTicket } from './edit.ts'
export { type LinkKind, linkTickets, unlinkTickets } from './link.ts'
export { demandUnmerged, lastTarget } from './merged.ts'
export { linkParent, unlinkParent } from './parent.ts'
export { askForLook } from './look.ts'
export {
  acknowledgeTicket,
  assignTicket,
  cancelTicket,
  closeTicket,
  fixProblem,
  moveTicket,
  pendTicket,
  reopenTicket,
  resolveTicket,
  resumeTicket,
  startTicket,
} from './move.ts'
export { type Channel, type OpenedTicket, type OpenInput, openTickets } from './open.ts'
export { type Cause, publishWorkaround, raiseProblem, unquiet, type Unquiet } from './problem.ts'
export { type SplitOff, splitOff, undoSplit } from './split-off.ts'
export { type Risk, RISK_POINTS, type RiskAnswers, riskOf, RISKS } from './risk.ts'
export { archiveStatus, createStatus, editStatus, MOST_STATUSES, restoreStatus } from './statuses.ts'
export { setStatus } from './set-status.ts'
export { rerouteTicket } from './reroute.ts'
export { commentOnTicket, noteOnTicket, publishOnTicket, replyToTicket } from './say.ts'
export { readWords } from './know-words.ts'
export { commentOnTicket, noteOnTicket, replyToTicket } from './say.ts'
export {
  type ChangeType,
  type Life,
  LIFECYCLES,
  type Move,
  type TicketKind,
  type TicketState,
} from './lifecycles.ts'
export {
  decideMove,
  isOpen,
  MOVES,
  OPEN_STATES,
  PENDING_REASONS,
  type PendingReason,
  ruleFor,
  STATES,
} from './state.ts'
export { watchTicket } from './watch.ts'
