import { api } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import { type Here, live } from '#lib/live/live.svelte.ts'

type Typing = Here['typing']

/** Well within the minute after which the desk takes somebody for gone. */
const every = 25_000
/** How long after the last key somebody still counts as writing. */
const pause = 6000

/** Who else is on a ticket, and who writes. Says the same of oneself: when it changes, and now and then. */
export class Presence {
  others = $state.raw<readonly Here[]>([])
  #path: string
  #number: string
  #typing: Typing = null
  #still: ReturnType<typeof setTimeout> | undefined
  #there = false

  constructor(number: string) {
    this.#number = number
    this.#path = `/tickets/${number}/presence`
  }

  /** Somebody pressed a key in a box: said once, not with every key. */
  wrote(box: 'reply' | 'note'): void {
    clearTimeout(this.#still)
    this.#still = setTimeout(() => this.rest(), pause)
    if (this.#typing === box) return
    this.#typing = box
    void this.#beat()
  }

  /** Nobody writes here any more. */
  rest(): void {
    clearTimeout(this.#still)
    if (this.#typing === null) return
    this.#typing = null
    void this.#beat()
  }

  /** Is there until what it answers is called; a page that nobody looks at is not. */
  start(): () => void {
    const look = () => (document.visibilityState === 'visible' ? void this.#beat() : this.#leave())
    const gone = () => this.#leave()
    const timer = setInterval(() => document.visibilityState === 'visible' && void this.#beat(), every)
    const deafen = live.onPresence((number, here) => {
      if (number === this.#number) this.others = here
    })
    document.addEventListener('visibilitychange', look)
    addEventListener('pagehide', gone)
    look()
    return () => {
      clearInterval(timer)
      clearTimeout(this.#still)
      deafen()
      document.removeEventListener('visibilitychange', look)
      removeEventListener('pagehide', gone)
      this.#leave()
    }
  }

  async #beat(): Promise<void> {
    this.#there = true
    const others = await api.post<List<Here>>(this.#path, { typing: this.#typing }).catch(() => undefined)
    if (others) this.others = others.items
  }

  #leave(): void {
    if (!this.#there) return
    this.#there = false
    this.#typing = null
    void fetch(`/api/v1${this.#path}`, { method: 'DELETE', keepalive: true }).catch(() => undefined)
  }
}
