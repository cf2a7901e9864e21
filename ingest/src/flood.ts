// What came a second ago counts for a third of what comes now.
const FADES_MS = 1_000
// A second: fewer bother nobody.
const LEAST = 50
// Of all that comes to the door.
const SHARE = 0.6

interface Count {
  value: number
  at: number
}

export interface Crowd {
  /** One more has come, let in or not. */
  came: (integrationId: string) => void
  /** Whether it sends half as much again as all others together, and not a little. */
  floods: (integrationId: string) => boolean
}

/** Knows how much each integration sent of late. */
export function crowd(clock: () => number = () => performance.now()): Crowd {
  const counts = new Map<string, Count>()
  const all: Count = { value: 0, at: 0 }
  const now = (count: Count): number => {
    const at = clock()
    count.value *= Math.exp((count.at - at) / FADES_MS)
    count.at = at
    return count.value
  }
  return {
    came: (id) => {
      let count = counts.get(id)
      if (!count) counts.set(id, (count = { value: 0, at: 0 }))
      count.value = now(count) + 1
      all.value = now(all) + 1
    },
    floods: (id) => {
      const count = counts.get(id)
      if (!count) return false
      const mine = now(count)
      return mine >= LEAST && mine >= SHARE * now(all)
    },
  }
}
