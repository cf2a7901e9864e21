import { type LiveEvent, live } from './live.svelte.ts'

/**
 * Runs `refresh` soon after live events that matter, and then at most once a `pause` (milliseconds), so that a single
 * change is seen at once and a storm is one refresh a pause. One change is several lines of the record: `gather` is
 * how long the first waits for the others. Call it during component initialisation.
 */
export function refreshOn(
  matters: (event: LiveEvent) => boolean,
  refresh: () => unknown,
  pause = 150,
  gather = 20,
): void {
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
