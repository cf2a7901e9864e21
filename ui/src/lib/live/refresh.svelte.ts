import { type LiveEvent, live } from './live.svelte.ts'

/**
 * Runs `refresh` soon after live events that matter, gathering bursts (a storm is one refresh a pause).
 * Call it during component initialisation.
 */
export function refreshOn(matters: (event: LiveEvent) => boolean, refresh: () => unknown, pause = 150): void {
  $effect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const leave = live.on((event) => {
      if (timer || !matters(event)) return
      timer = setTimeout(() => {
        timer = undefined
        void refresh()
      }, pause)
    })
    return () => {
      clearTimeout(timer)
      leave()
    }
  })
}
