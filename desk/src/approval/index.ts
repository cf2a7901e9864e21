export { askApproval, type Asked, decideApproval, withdraw } from './ask.ts'
export { type ApprovalState, type Decision } from './decide.ts'
