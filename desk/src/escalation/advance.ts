export interface Target {
  kind: 'schedule' | 'person' | 'team'
  id: string
}

export interface Step {
  /** After the step before it; the first step's, after the opening. */
  wait_ms: number
  targets: Target[]
}

export interface Policy {
  steps: Step[]
  /** How often all of it is gone through again when nobody acknowledges. */
  repeats: number
}

/** Positions count on through the repeats: which step of which round this one is. */
export const placeOf = (policy: Policy, position: number): { round: number; index: number } => ({
  round: Math.floor(position / policy.steps.length),
  index: position % policy.steps.length,
})

const LEAST_BEFORE_REPEAT_MS = 60_000

/**
 * What comes after a decided step; undefined when nothing does. A step that found nobody is followed at once.
 * A repeat waits as long as the last step's own wait or the first one's, a minute at least, so that whoever
 * was paged last has time to answer and a policy that finds nobody does not spin.
 */
export function nextStep(
  policy: Policy,
  position: number,
  foundSomebody: boolean,
  now: Date,
): { position: number; dueAt: Date } | undefined {
  const { round, index } = placeOf(policy, position + 1)
  if (round > policy.repeats) return undefined
  const wait =
    index === 0
      ? Math.max(policy.steps.at(-1)!.wait_ms, policy.steps[0]!.wait_ms, LEAST_BEFORE_REPEAT_MS)
      : foundSomebody
        ? policy.steps[index]!.wait_ms
        : 0
  return { position: position + 1, dueAt: new Date(now.getTime() + wait) }
}
