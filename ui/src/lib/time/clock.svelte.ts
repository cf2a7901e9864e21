const tick = 10_000

/** The browser's idea of now, in epoch milliseconds; one timer for every relative time on the page. */
class PageClock {
  now = $state(Date.now())

  /** Starts ticking while the page is visible; returns how to stop. */
  start(): () => void {
    const read = () => {
      if (document.visibilityState === 'visible') this.now = Date.now()
    }
    read()
    const timer = setInterval(read, tick)
    document.addEventListener('visibilitychange', read)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', read)
    }
  }

  /** Now, during server rendering too, where nothing ticks and each request needs its own. */
  get current(): number {
    return typeof document === 'undefined' ? Date.now() : this.now
  }
}

export const pageClock = new PageClock()
