export { askApproval, decideApproval, handApprovalOn, withdraw } from './ask.ts'
export { type ApprovalState, type Decision } from './decide.ts'
export { fileForApproval } from './file.ts'
