export { decideReceipts, type WaitingReceipt } from './decide.ts'
export { sweepRecoveries } from './recover.ts'
export { sweepAlerts } from './age.ts'
