export interface Backlog<Line> {
  add: (lines: readonly Line[]) => void
  waits: () => boolean
  /** What is to be sent next; undefined where more came than is kept. */
  take: () => Line[] | undefined
}

/** What is kept for somebody who reads more slowly than things happen: so much, and beyond it nothing but that it was more. */
export function backlog<Line>(most: number): Backlog<Line> {
  let held: Line[] = []
  let lost = false
  return {
    add: (lines) => {
      if (lost) return
      held.push(...lines)
      lost = held.length > most
      if (lost) held = []
    },
    waits: () => lost || held.length > 0,
    take: () => {
      const taken = lost ? undefined : held
      held = []
      lost = false
      return taken
    },
  }
}
