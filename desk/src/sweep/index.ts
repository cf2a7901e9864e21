export { lookForDue, NOW } from './look.ts'
export { type SweepMetrics, sweepMetrics } from './metrics.ts'
export { runUntilStopped, type Sweep } from './run.ts'
export { wakeOnNotify, type Wakers } from './wake.ts'
