export { type Answerable, decideAnswers, readAnswerable } from './answers.ts'
export { sweepClosings } from './auto-close.ts'
export {
  attachFiles,
  dropDrafts,
  findAttachment,
  keepFile,
  type KeptFile,
  MAX_FILES,
  previewOf,
  readAttachment,
  readHead,
  safeFileName,
  showsAs,
  sweepDrafts,
} from './attachment/index.ts'
export { carryOut, type ChangeMove, type Outcome, OUTCOMES } from './carry-out.ts'
export {
  changeTicket,
  changeTickets,
  lockTicket,
  lockTickets,
  type Change,
  type Changing,
  type Ticket,
} from './change.ts'
export {
  addPoints,
  archiveTemplate,
  type ChecklistPoint,
  createTemplate,
  editPoint,
  editTemplate,
  removePoint,
  restoreTemplate,
} from './checklist/index.ts'
export type { Details, PlanEdit, ProblemEdit } from './details.ts'
export { type EditInput, editTicket } from './edit.ts'
export { factsOf as lifeFactsOf } from './facts.ts'
export { closesCircle, linkByHand, type LinkKind, linkTickets, unlinkTickets } from './link.ts'
export { lastTarget } from './merged.ts'
export { MOST_MENTIONS } from './mention.ts'
export { linkParent, unlinkParent } from './parent.ts'
export { askForLook } from './look.ts'
export {
  acknowledgesByTaking,
  acknowledgeTicket,
  assignTicket,
  besideStep,
  cancelTicket,
  closeTicket,
  decideHanding,
  decideStep,
  demandMember,
  fixProblem,
  HANDED_TO_NOBODY,
  handsOf,
  moveTicket,
  pendTicket,
  type Places,
  placesOf,
  reopenTicket,
  resolveTicket,
  resumeTicket,
  startTicket,
} from './move.ts'
export { type Channel, type OpenedTicket, type OpenInput, openTickets } from './open.ts'
export { type Cause, publishWorkaround, raiseProblem, unquiet, type Unquiet } from './problem.ts'
export { type SplitOff, splitOff, undoSplit } from './split-off.ts'
export { type Risk, RISK_POINTS, type RiskAnswers, RISKS } from './risk.ts'
export { archiveStatus, createStatus, editStatus, restoreStatus, STATUS_COLORS } from './statuses.ts'
export { setStatus } from './set-status.ts'
export { rerouteTicket } from './reroute.ts'
export { readWords } from './know-words.ts'
export {
  bodyOf,
  commentOnTicket,
  demandSayable,
  noteOnTicket,
  publishOnTicket,
  replyToTicket,
} from './say.ts'
export { writeMessages } from './say-many.ts'
export { demandStatus, holdStatuses, type Status } from './status.ts'
export { factsOfAll, type Facts as TicketFacts } from './facts.ts'
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
export { letFollow, watchTicket } from './watch.ts'
