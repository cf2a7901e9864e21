export type { AssumedTerms } from './assume.ts'
export type { Matched, WhyPolicy } from './choose.ts'
export { type ClockState, decideClock } from './clock.ts'
export { createDefaultSla } from './default.ts'
export { answeredAt, type Follow, type Followed, followTicket, followTickets } from './follow.ts'
export type { Standing } from './next-clocks.ts'
export {
  type Conditions,
  type MarkEscalation,
  type Ola,
  policiesInForce,
  policyHistory,
  type PolicyTerms,
  type PolicyVersion,
  type Targets,
} from './policies.ts'
export { archivePolicy, createPolicy, editPolicy, type PolicyEdit, type PolicyInput } from './policy.ts'
export { type DuePreview, previewDue } from './preview.ts'
export { explainSla, readSla, type SlaExplanation, type SlaReading } from './read.ts'
export {
  recentRecomputations,
  type Recomputation,
  type RecomputationCause,
  recomputeForGroup,
  recomputeForRequester,
  recomputeForTree,
  requestRecomputation,
} from './recomputation.ts'
export { sweepRecomputations } from './recompute.ts'
export type { Target } from './runs.ts'
export { type Segment } from './segments.ts'
export { type ClockTicket, startClocks } from './start.ts'
export { voidClocks } from './void.ts'
export { sweepMarks } from './sweep.ts'
export { askWhatIf, type Cell as WhatIfCell, sweepWhatIfs } from './what-if.ts'
