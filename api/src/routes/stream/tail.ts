import { type Db, listen } from '@tocsin/db'
import type { Logger } from '@tocsin/db/process'
import { type ActivityRow, readFeed } from '@tocsin/desk'

const BATCH = 500
const POLL_MS = 1000

export type Subscriber = (lines: ActivityRow[]) => void

export interface Tail {
  /** `place` is the newest that the subscriber knew before it asked: nothing after it is missed. */
  subscribe: (subscriber: Subscriber, place: number) => () => void
}

/**
 * Follows the feed once for the whole process and hands each batch to every open stream. It begins with the
 * first subscriber, wakes on NOTIFY, and polls once a second besides.
 */
export function followFeed(db: Db, databaseUrl: string, log: Logger, signal: AbortSignal): Tail {
  const subscribers = new Set<Subscriber>()
  let place = 0
  let reading = false
  let again = false
  let started = false

  const read = async () => {
    if (reading) {
      again = true
      return
    }
    reading = true
    try {
      do {
        again = false
        const lines = await readFeed(db, place, BATCH)
        if (lines.length === 0) continue
        place = lines.at(-1)!.place
        for (const subscriber of subscribers) subscriber(lines)
        again ||= lines.length === BATCH
      } while (again)
    } catch (error) {
      log.warn({ err: error }, 'the feed cannot be read just now')
    } finally {
      reading = false
    }
  }
  const start = (from: number) => {
    started = true
    place = from
    const timer = setInterval(() => void read(), POLL_MS)
    timer.unref()
    const listening = listen(databaseUrl, ['feed'], () => void read())
    signal.addEventListener('abort', () => {
      clearInterval(timer)
      void listening.then((listener) => listener.close())
    })
  }
  return {
    subscribe: (subscriber, from) => {
      subscribers.add(subscriber)
      if (!started) start(from)
      return () => subscribers.delete(subscriber)
    },
  }
}
