export { type ActionInput, addAction, editAction } from './action.ts'
export {
  type ReviewState,
  reviewSteps,
  type ReviewStep,
  type ReviewTexts,
  TEXTS as REVIEW_TEXTS,
} from './lifecycle.ts'
export { sweepActions } from './remind.ts'
export { finishReview, reopenReview, writeReview } from './write.ts'
