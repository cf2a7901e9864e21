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
export { changeTicket, lockTicket, type Change, type Ticket } from './change.ts'
export { type EditInput, editTicket } from './edit.ts'
export { type LinkKind, linkTickets, unlinkTickets } from './link.ts'
export {
  acknowledgeTicket,
  assignTicket,
  cancelTicket,
  closeTicket,
  pendTicket,
  reopenTicket,
  resolveTicket,
  resumeTicket,
  startTicket,
} from './move.ts'
export { type Channel, type OpenedTicket, type OpenInput, openTickets } from './open.ts'
export { commentOnTicket, noteOnTicket, replyToTicket } from './say.ts'
export {
  decideMove,
  type Move,
  MOVES,
  OPEN_STATES,
  PENDING_REASONS,
  type PendingReason,
  STATES,
  type TicketKind,
  type TicketState,
} from './state.ts'
export { watchTicket } from './watch.ts'
