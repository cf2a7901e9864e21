import { describe, expect, test } from 'vitest'
import { DeskError } from '../activity/index.ts'
import { decideReview, type ReviewState, reviewSteps, type ReviewStep } from './lifecycle.ts'

const STATES: ReviewState[] = ['none', 'draft', 'finished']
const STEPS: ReviewStep[] = ['write', 'act', 'finish', 'reopen']
const texts = { what_happened: 'a', impact: 'b', root_cause: 'c', went_well: '', went_badly: '' }

// What is not listed is refused, and everything unless the incident is declared and solved.
const ALLOWED: [ReviewState, ReviewStep, ReviewState][] = [
  ['none', 'write', 'draft'],
  ['draft', 'write', 'draft'],
  ['draft', 'act', 'draft'],
  ['draft', 'finish', 'finished'],
  ['finished', 'act', 'finished'],
  ['finished', 'reopen', 'draft'],
]
const every = STATES.flatMap((review) =>
  STEPS.flatMap((step) =>
    ['in_progress', 'resolved', 'closed', 'cancelled'].flatMap((state) =>
      [true, false].map((declared) => [review, step, state, declared] as const),
    ),
  ),
)

describe('a review', () => {
  test.each(every)(
    'that is %s, asked to %s, its incident %s, declared: %s',
    (review, step, state, declared) => {
      const solved = declared && (step === 'act' || ['resolved', 'closed'].includes(state))
      const [, , leads] = (solved && ALLOWED.find(([from, one]) => from === review && one === step)) || []
      const reviewed = { state, declared, review }
      if (leads) expect(decideReview(reviewed, step, texts)).toBe(leads)
      else expect(() => decideReview(reviewed, step, texts)).toThrow(DeskError)
      expect(reviewSteps(reviewed).includes(step)).toBe(leads !== undefined)
    },
  )

  test.each(['what_happened', 'impact', 'root_cause'])('is not finished without %s', (text) => {
    const reviewed = { state: 'resolved', declared: true, review: 'draft' as const }
    expect(() => decideReview(reviewed, 'finish', { ...texts, [text]: ' ' })).toThrow(
      `The review needs first: ${text.replaceAll('_', ' ')}.`,
    )
  })
})
