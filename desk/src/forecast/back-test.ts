import { type Asked, bookOf, likes, type Odds, oddsOf, type Past, STEPS, stepOf } from './odds.ts'

/** A clock that has ended, or broken. */
export interface Ended {
  id: string
  /** As it was in the end, which is what others learn from. */
  was: Asked
  /** Share of the target that was used; 1: all of it. */
  used: number
  broke: boolean
  /** When its outcome was known. */
  knownAt: number
  /** When half of the target was used, and as what it stood then; null: it ended before. */
  half: { at: number; as: Asked } | null
}

/**
 * What would have been foretold of clocks when half of their target was used, each from no more than what was known
 * at that instant and no older than `memoryMs`. One walk along time; everybody's own outcome comes after. Pure.
 */
export function backTest(
  ended: readonly Ended[],
  memoryMs: number,
): { id: string; at: number; foretold: Odds }[] {
  const book = new Map<string, Past & { survived: number[] }>()
  const learn = ({ was, used, broke }: Ended, sign: 1 | -1) => {
    for (const [key, like] of bookOf(likes(was).map((one) => ({ ...one, broke: 0, survived: [] })))) {
      const held = book.get(key) ?? { ...like, broke: 0, survived: Array<number>(STEPS).fill(0) }
      book.set(key, held)
      if (broke) held.broke += sign
      const last = broke ? STEPS - 1 : stepOf(used)
      for (let step = 0; step <= last; step++) held.survived[step]! += sign
    }
  }
  const learnt = ended.toSorted((a, b) => a.knownAt - b.knownAt)
  const asked = ended
    .flatMap(({ id, half }) => (half ? [{ id, ...half }] : []))
    .toSorted((a, b) => a.at - b.at)
  let known = 0
  let forgotten = 0
  return asked.map(({ id, at, as }) => {
    for (; known < learnt.length && learnt[known]!.knownAt < at; known++) learn(learnt[known]!, 1)
    for (; forgotten < known && learnt[forgotten]!.knownAt < at - memoryMs; forgotten++)
      learn(learnt[forgotten]!, -1)
    return { id, at, foretold: oddsOf(book, as, 0.5) }
  })
}
