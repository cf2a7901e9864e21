export { composeEvent, fitKey, type Read, textOf, unreadable } from './compose.ts'
export { type Face, FACT_TYPES, type Facts, factsOf, fieldOf, type Subject } from './facts.ts'
export { millisecondsOf, readInstant } from './instant.ts'
export {
  type Bucket,
  BUCKETS,
  Event,
  KEY_LENGTH,
  LABELS,
  type Received,
  type Unopened,
  type Unread,
  type Unreadable,
} from './schema.ts'
export { configurationOf, type Sender, type Snippet } from './sender.ts'
export { isSystem, proofOf, type System, SYSTEMS } from './systems.ts'
export {
  archiveIntegration,
  createIntegration,
  editIntegration,
  type IntegrationInput,
  type MintedKey,
  revokeIntegrationKey,
  rotateIntegrationKey,
} from './integration.ts'
export {
  checkMailRules,
  type ReceivedMail,
  MAIL_RULES,
  type MailMeaning,
  MailRule,
  readMail,
} from './mail.ts'
export { type Accounting, readAccounting, readAccountings } from './accounting.ts'
export { foldTallies } from './fold-tallies.ts'
export {
  type CompiledMapping,
  compileMapping,
  type MappedField,
  Mapping,
  mappingOf,
  setMapping,
  type WrongField,
} from './mapping.ts'
export { isMendable, retryReceipt } from './retry-receipt.ts'
export { retryDeadLetter, retryDeadLetters } from './retry.ts'
export { type ShadowDay, readShadowDay, sweepShadowReports } from './shadow-report.ts'
export { readSecrets, setSenderSecret } from './sender-secret.ts'
export { type Pace, PACE_SPANS, readPace } from './pace.ts'
export { markDoorOpen, QUIET_KEY, type Rhythm, sweepHeartbeats } from './heartbeat.ts'
