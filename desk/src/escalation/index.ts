export type {
  Policy as EscalationPolicy,
  Step as EscalationStep,
  Target as EscalationTarget,
} from './advance.ts'
export { nextStep, placeOf } from './advance.ts'
export { type PagedDay, type PagingPulse, readPagedDay, readPagingPulse } from './audit.ts'
export {
  archiveEscalationPolicy,
  createEscalationPolicy,
  editEscalationPolicy,
  type EscalationPolicyInput,
} from './edit-policy.ts'
export { endEscalations } from './end.ts'
export type { PageInput, PageWhy } from './open-pages.ts'
export { pageByHand } from './page-by-hand.ts'
export type { Path } from './resolve-targets.ts'
export { inShadow, keepInShadow, leaveShadow } from './shadow.ts'
export { type EscalationStart, type SlaCause, startEscalations } from './start.ts'
export { sweepSlaEscalations } from './sweep-sla.ts'
export { sweepSteps } from './sweep-steps.ts'
export { resolveTargets } from './resolve-targets.ts'
