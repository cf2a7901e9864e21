// From one batch of an integration to its next: each is a commit that others wait for.
const GATHER_MS = 25

export interface Gathering {
  /** Whether its next batch may begin; where it may, it has. */
  begins: (integrationId: string) => boolean
  /** How long until the next of those that are gathered may; endless where none is. */
  rest: () => number
}

/** Whoever sends without a pause is decided in batches; whoever sends now and then, at once. */
export function gathering(clock: () => number = () => performance.now()): Gathering {
  const until = new Map<string, number>()
  return {
    begins: (id) => {
      const now = clock()
      if ((until.get(id) ?? 0) > now) return false
      for (const [other, end] of until) if (end <= now) until.delete(other)
      until.set(id, now + GATHER_MS)
      return true
    },
    rest: () => {
      const now = clock()
      const ends = [...until.values()].filter((end) => end > now)
      return Math.max(1, Math.min(...ends) - now)
    },
  }
}
