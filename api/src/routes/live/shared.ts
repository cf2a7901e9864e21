import { setTimeout as pause } from 'node:timers/promises'

/** So many times as long as a reading took nothing is read again: a tenth of one connection at most. */
const SHARE = 9

/**
 * Many who look at the same get one answer. Whoever asks while it is read, or in the moment after, is answered by the
 * next reading: what they are told is never older than their question. The moment is as long as the reading was costly.
 */
export function shared<T>(mostMs: number): (key: string, read: () => Promise<T>) => Promise<T> {
  const next = new Map<string, Promise<T>>()
  const resting = new Map<string, Promise<void>>()
  const begin = (key: string, read: () => Promise<T>): Promise<T> => {
    const began = performance.now()
    const reading = read()
    const rest: Promise<void> = reading
      .catch(() => undefined)
      .then(() => pause(Math.min(mostMs, SHARE * (performance.now() - began))))
      .then(() => void (resting.get(key) === rest && resting.delete(key)))
    resting.set(key, rest)
    return reading
  }
  return (key, read) => {
    const coming = next.get(key)
    if (coming) return coming
    const before = resting.get(key)
    if (!before) return begin(key, read)
    const reading = before.then(() => {
      next.delete(key)
      return begin(key, read)
    })
    next.set(key, reading)
    return reading
  }
}
