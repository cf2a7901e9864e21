import { setTimeout as pause } from 'node:timers/promises'
import { listen } from '@tocsin/db'

export interface Wakers {
  /** Resolves when `name` was notified since the last wait for it, after `ms`, or when the signal aborts. */
  wait: (name: string, ms: number, signal: AbortSignal) => Promise<void>
  /** As if `name` had been notified. */
  wake: (name: string) => void
  close: () => Promise<void>
}

/**
 * Notifications that hasten sweeps: by `channel`, or by `channel:payload`. They may be lost, so whoever waits
 * also looks for themself after a while.
 */
export async function wakeOnNotify(databaseUrl: string, channels: string[]): Promise<Wakers> {
  const notified = new Set<string>()
  const waiting = new Map<string, () => void>()
  const wake = (name: string) => {
    notified.add(name)
    waiting.get(name)?.()
  }
  const { close } = await listen(databaseUrl, channels, (payload, channel) => {
    wake(channel)
    if (payload) wake(`${channel}:${payload}`)
  })
  return {
    wake,
    wait: async (name, ms, signal) => {
      if (notified.delete(name) || signal.aborted) return
      const woken = new AbortController()
      waiting.set(name, () => woken.abort())
      await pause(ms, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(ended)
      waiting.delete(name)
      notified.delete(name)
    },
    close,
  }
}

/** Ending a pause early is what waking is. */
function ended(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error
}
