import { setTimeout as pause } from 'node:timers/promises'

/**
 * Many who look at the same get one answer, read no more often than once a pause. Whoever asks meanwhile is answered
 * by the next reading: what they are told is never older than their question.
 */
export function shared<T>(pauseMs: number): (key: string, read: () => Promise<T>) => Promise<T> {
  const next = new Map<string, Promise<T>>()
  const lastAt = new Map<string, number>()
  return (key, read) => {
    const coming = next.get(key)
    if (coming) return coming
    const wait = (lastAt.get(key) ?? -Infinity) + pauseMs - performance.now()
    const reading = (async () => {
      if (wait > 0) await pause(wait)
      next.delete(key)
      for (const [other, at] of lastAt) if (performance.now() - at > pauseMs) lastAt.delete(other)
      lastAt.set(key, performance.now())
      return read()
    })()
    if (wait > 0) next.set(key, reading)
    return reading
  }
}
