import { type LiveEvent, live } from './live.svelte.ts'

/**
 * Runs `refresh` soon after live events that matter, gathering bursts (a storm is one refresh a pause).
 * Call it during component initialisation.
 */
export function refreshOn(matters: (event: LiveEvent) => boolean, refresh: () => unknown, pause = 150): void {
  $effect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        void refresh()
      }, pause)
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
