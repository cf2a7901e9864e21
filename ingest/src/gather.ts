// From one batch of an integration to its next: each is a commit that others wait for.
const GATHER_MS = 25
// Of one that has sent without a pause for a second: its batches are larger, and are paid for by nobody else.
const LONG_GATHER_MS = 100
const LONG_MS = 1_000
// Who was not seen for so long has paused.
const PAUSE_MS = 100

interface Line {
  /** Since when it sends without a pause. */
  since: number
  until: number
}

export interface Gathering {
  /** Whether its next batch may begin; where it may, it has. */
  begins: (integrationId: string) => boolean
  /** How long until the next of those that are gathered may; endless where none is. */
  rest: () => number
}

/** Whoever sends without a pause is decided in batches; whoever sends now and then, at once. */
export function gathering(clock: () => number = () => performance.now()): Gathering {
  const lines = new Map<string, Line>()
  return {
    begins: (id) => {
      const now = clock()
      if ((lines.get(id)?.until ?? 0) > now) return false
      for (const [other, { until }] of lines) if (until + PAUSE_MS <= now) lines.delete(other)
      const since = lines.get(id)?.since ?? now
      lines.set(id, { since, until: now + (now - since < LONG_MS ? GATHER_MS : LONG_GATHER_MS) })
      return true
    },
    rest: () => {
      const now = clock()
      const ends = [...lines.values()].map(({ until }) => until).filter((end) => end > now)
      return Math.max(1, Math.min(...ends) - now)
    },
  }
}
