import { DeskError } from '../activity/index.ts'

/** `none`: nobody has begun it. */
export type ReviewState = 'none' | 'draft' | 'finished'
export type ReviewStep = 'write' | 'act' | 'finish' | 'reopen'

/** From where which step leads where. What is to be done may come up, and be done, long after the review. */
export const REVIEW: Record<ReviewState, Partial<Record<ReviewStep, ReviewState>>> = {
  none: { write: 'draft' },
  draft: { write: 'draft', act: 'draft', finish: 'finished' },
  finished: { act: 'finished', reopen: 'draft' },
}

export const TEXTS = ['what_happened', 'impact', 'root_cause', 'went_well', 'went_badly'] as const
export type ReviewTexts = Record<(typeof TEXTS)[number], string>
/** Without these nothing was learnt. */
const NEEDED = ['what_happened', 'impact', 'root_cause'] as const

const STANDS: Record<ReviewState, string> = {
  none: 'The review has not been begun.',
  draft: 'The review is not finished.',
  finished: 'The review is finished. Reopen it first.',
}

interface Reviewed {
  /** Of its incident. */
  state: string
  declared: boolean
  review: ReviewState
}

const isSolved = (state: string) => state === 'resolved' || state === 'closed'

/** The steps that a review can take now. */
export const reviewSteps = ({ state, declared, review }: Reviewed): ReviewStep[] =>
  declared
    ? (Object.keys(REVIEW[review]) as ReviewStep[]).filter((step) => step === 'act' || isSolved(state))
    : []

/** What a review becomes by a step; throws `conflict` with what stands in its way, `invalid` naming what is missing. */
export function decideReview(
  { state, declared, review }: Reviewed,
  step: ReviewStep,
  texts?: ReviewTexts,
): ReviewState {
  if (!declared) throw new DeskError('conflict', 'Only a declared major incident is reviewed.')
  // What is to be done goes on, also while the incident is open again.
  if (!isSolved(state) && step !== 'act')
    throw new DeskError('conflict', 'The incident is reviewed once it is solved.')
  const to = REVIEW[review][step]
  if (!to) throw new DeskError('conflict', STANDS[review], { current: { review } })
  const missing = step === 'finish' ? NEEDED.filter((text) => !texts?.[text].trim()) : []
  if (missing.length > 0)
    throw new DeskError('invalid', `The review needs first: ${missing.join(', ').replaceAll('_', ' ')}.`, {
      errors: missing.map((path) => ({ path, message: 'is required' })),
    })
  return to
}
