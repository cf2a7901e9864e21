/** What a person was told last over one contact method. */
export interface Told {
  /** Of anything. */
  at: Date | null
  /** Of something new, before its minute. */
  earlyAt: Date | null
  /** Of each thing told of lately: a service, or what stands for one. */
  about: Map<string, Date>
}

export interface Turn {
  at: Date
  /** It goes before the minute is over, because nothing was said about this service yet. */
  early: boolean
}

const APART_MS = 60_000
const EARLY_APART_MS = 25_000
const FORGOTTEN_MS = 600_000

/**
 * When a page about this may leave: a minute after the last message, so that a storm wakes once a minute. A
 * service of which nothing was said for ten minutes need not wait so long: it goes at once, and when several
 * fail one after the other, 25 s after the last that went like this. Never before `now`.
 */
export function nextTurn(told: Told, about: string, now: Date): Turn {
  // An instant that has not come yet is from before the clock was set back, and holds nobody up.
  if (!told.at || told.at > now) return { at: now, early: false }
  const regular = Math.max(now.getTime(), told.at.getTime() + APART_MS)
  const last = told.about.get(about)
  if (last && now.getTime() - last.getTime() < FORGOTTEN_MS) return { at: new Date(regular), early: false }
  const early = Math.max(now.getTime(), (told.earlyAt?.getTime() ?? 0) + EARLY_APART_MS)
  return early < regular ? { at: new Date(early), early: true } : { at: new Date(regular), early: false }
}

export interface Paced<T> {
  /** What leaves now as one message, what had its turn first. */
  leaves: T[]
  /** The message goes before its minute. */
  early: boolean
  /** What waits, and until when: what comes next takes all of it along. */
  waits: T[]
  until: Date
}

/** Parts what is due over one contact method into the message that leaves now and what waits for the next one. */
export function pace<T extends { about: string }>(
  due: T[],
  told: Told,
  now: Date,
  mostAtOnce: number,
): Paced<T> {
  const turns = due.map((each) => ({ each, turn: nextTurn(told, each.about, now) }))
  const first = Math.min(...turns.map(({ turn }) => turn.at.getTime()))
  if (first > now.getTime()) return { leaves: [], early: false, waits: due, until: new Date(first) }
  const inOrder = turns.toSorted(
    (a, b) =>
      Number(told.about.has(a.each.about)) - Number(told.about.has(b.each.about)) ||
      a.turn.at.getTime() - b.turn.at.getTime(),
  )
  const [leaves, waits] = [inOrder.slice(0, mostAtOnce), inOrder.slice(mostAtOnce)]
  return {
    leaves: leaves.map(({ each }) => each),
    early: leaves[0]!.turn.early,
    waits: waits.map(({ each }) => each),
    until: new Date(now.getTime() + APART_MS),
  }
}

/** Before this, what was told is forgotten. */
export const forgottenBefore = (now: Date): Date => new Date(now.getTime() - FORGOTTEN_MS)
