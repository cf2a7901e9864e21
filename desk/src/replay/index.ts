export { type Asked, type Progress, replay, type Replayed } from './replay.ts'
export type { Difference, PersonTotals, Totals } from './compare.ts'
