export { setClockOffset } from './clock.ts'
export { asOwner, database, type TestDatabase } from './database.ts'
export { type RunningDesk, startDesk } from './desk.ts'
export { until } from './until.ts'
