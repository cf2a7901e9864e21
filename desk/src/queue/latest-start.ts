import { addWorking, type Hours } from '../calendar/index.ts'

/** A clock that runs, as its row keeps it: elapsed is true at `countedAt`. */
export interface RunningClock {
  target: string
  targetMs: number
  elapsedMs: number
  countedAt: Date
}

/** What like tickets took, in working milliseconds. */
export interface Handling {
  /** How many, and what they have in common with the ticket. */
  n: number
  kind: string
  priority: string | null
  service_id: string | null
  median_ms: number
  /** At 0, 5, 10 … 100 % of them. */
  spread: number[]
}

/**
 * By when work has to begin: the instant at which the time left is what like tickets took, half of them. After it the
 * promise is more likely broken than kept. Never before the clock began: what is hopeless is as old as it is.
 */
export function latestStart(
  { targetMs, elapsedMs, countedAt }: RunningClock,
  hours: Hours,
  like: Handling | undefined,
): Date {
  const begins = Math.max(0, targetMs - (like?.median_ms ?? 0))
  const left = begins - elapsedMs
  return left > 0 ? addWorking(hours, countedAt, left) : new Date(+countedAt + left)
}

/** What share of like tickets took longer than this. */
export function shareLonger({ spread }: Handling, ms: number): number {
  const last = spread.length - 1
  if (ms < spread[0]!) return 1
  if (ms >= spread[last]!) return 0
  const above = spread.findIndex((value) => value > ms)
  const [low, high] = [spread[above - 1]!, spread[above]!]
  return 1 - (above - 1 + (ms - low) / (high - low)) / last
}

export interface Asked {
  kind: string
  priority: string
  service_id: string | null
}

/** Of what is known, the most alike: its service and priority, else its priority, else its kind. */
export function mostAlike(
  known: readonly (Handling & { target: string })[],
  { kind, priority, service_id }: Asked,
  target: string,
): Handling | undefined {
  const alike = known.filter(
    (one) =>
      one.target === target &&
      one.kind === kind &&
      (one.priority === null || one.priority === priority) &&
      (one.service_id === null || one.service_id === service_id),
  )
  const closeness = (one: Handling) => (one.priority ? 1 : 0) + (one.service_id ? 2 : 0)
  return alike.toSorted((a, b) => closeness(b) - closeness(a))[0]
}
