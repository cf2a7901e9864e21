export { type Progress, replay, type Replayed } from './replay.ts'
export type { Difference, PersonTotals, Totals } from './compare.ts'
export { askReplay, cancelReplay, recordedSince, type ReplayInput } from './request.ts'
export { sweepReplays } from './work.ts'
