export { aTeam, type Someone, someone, type TestApi, testApi } from './api.ts'
export { setClockOffset } from './clock.ts'
export { figuresOf, type TestFigures } from './figures.ts'
export { asOwner, database, type TestDatabase } from './database.ts'
export { anIntegration, drain, type TestDoor, testDoor, testWorker } from './door.ts'
export { fixtures } from './fixtures.ts'
export { type ImportAnswer, importsOf } from './imports.ts'
export { hoursInStates, RECORD_FIGURES } from './log-figures.ts'
export { type RunningDesk, startDesk } from './desk.ts'
export { until } from './until.ts'
export { descendants, type Running, stillRunning } from './process-tree.ts'
export {
  aContact,
  aPolicy,
  aSchedule,
  type RunningEngine,
  someIncidents,
  startEngine,
  TEST_PUBLIC_URL,
  TEST_SECRET,
} from './paging.ts'
export { spawnSweeps, type SweepProcess } from './sweep-process.ts'
export {
  type Called,
  type MailReceiver,
  mailReceiver,
  type WebhookReceiver,
  webhookReceiver,
} from './receivers.ts'
export { aRule } from './rules.ts'
export { aSource, doorOverDatabase, verbsAbout } from './source.ts'
