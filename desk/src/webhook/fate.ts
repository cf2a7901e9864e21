import { asksAgain, type Reached } from '../notify/index.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** After each failed attempt: soon for what is a hiccup, and for a day in all for what is an outage. */
const WAITS_MS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  8 * HOUR,
]
export const MOST_ATTEMPTS = WAITS_MS.length + 1
/** Messages given up one after the other, none arriving between them, before nothing more is sent. */
export const MOST_GIVEN_UP = 10

export type Fate =
  | { kind: 'delivered' }
  /** `hold`: the receiver asks that nothing is sent there meanwhile. */
  | { kind: 'again'; waitMs: number; reason: string; hold: boolean }
  /** `stop`: nothing more is to be sent there. */
  | { kind: 'failed'; reason: string; stop: boolean }

/** Nobody makes us wait longer than the longest of our own. */
const LONGEST_MS = 8 * HOUR

/**
 * What becomes of a message after its attempt (from 1). A receiver that says when to come again is not asked before. A
 * fifth of each wait is chance, so that what failed together does not come back together. `givenUp`: how many were given up since one arrived, this one not counted.
 */
export function decideFate(
  reached: Reached,
  { attempt, givenUp }: { attempt: number; givenUp: number },
  chance = Math.random(),
): Fate {
  const { status } = reached
  if (status !== null && status >= 200 && status < 300) return { kind: 'delivered' }
  const reason = status === null ? reached.reason : `status-${status}`
  const mayPass = status === null ? ['timeout', 'unreachable'].includes(reason) : asksAgain(status)
  const wait = WAITS_MS[attempt - 1]
  if (mayPass && wait !== undefined) {
    const asked = status === null ? 0 : Math.min(reached.againInMs ?? 0, LONGEST_MS)
    const ours = Math.round(wait * (0.9 + 0.2 * chance))
    return { kind: 'again', waitMs: Math.max(ours, asked), reason, hold: asked > 0 }
  }
  return { kind: 'failed', reason, stop: status === 410 || givenUp + 1 >= MOST_GIVEN_UP }
}
