import { type LiveEvent, live } from './live.svelte.ts'

// One change is several lines of the record, told within this time.
const gather = 20

/**
 * Runs `refresh` at once after live events that matter, and then at most once a `pause` (milliseconds), so that
 * a single change is seen without delay and a storm is one refresh a pause. Call it during component
 * initialisation.
 */
export function refreshOn(matters: (event: LiveEvent) => boolean, refresh: () => unknown, pause = 150): void {
  $effect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let running = false
    let again = false
    let last = 0
    const run = async () => {
      timer = undefined
      running = true
      last = Date.now()
      try {
        await refresh()
      } finally {
        running = false
        if (again) soon()
      }
    }
    // One at a time: an older answer must never arrive over a newer one.
    const soon = () => {
      again = running
      if (!running) timer ??= setTimeout(() => void run(), Math.max(gather, last + pause - Date.now()))
    }
    const leave = live.on((event) => matters(event) && soon())
    const leaveJoin = live.onJoin(soon)
    return () => {
      clearTimeout(timer)
      leave()
      leaveJoin()
    }
  })
}
