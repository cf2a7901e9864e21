import { attempt } from '#lib/api/attempt.ts'
import { api } from '#lib/api/client.ts'
import type { List } from '#lib/api/types.ts'
import type { StoryLine } from './ticket-page.ts'

/** How many lines come at once; the newest come with the page. */
export const storyQuery = { order: 'newest', limit: 100 }

/** The story as far as it is known: the newest lines as the page reads them, and earlier ones on demand. */
export class Story {
  #number: string
  /** Newest first. */
  #known = $state.raw<readonly StoryLine[]>([])
  #next = $state.raw<string | null>(null)
  loading = $state(false)

  constructor(number: string, newest: List<StoryLine>) {
    this.#number = number
    this.take(newest)
  }

  /** Oldest first. */
  get lines(): readonly StoryLine[] {
    return this.#known.toReversed()
  }

  get hasEarlier(): boolean {
    return this.#next !== null
  }

  /** The newest lines, read anew. Where they no longer meet what is known, a gap would lie between: begin again. */
  take(newest: List<StoryLine>): void {
    const fresh = new Set(newest.items.map(({ id }) => id))
    const before = this.#known.filter(({ id }) => !fresh.has(id))
    const meets = before.length < this.#known.length
    this.#known = meets ? [...newest.items, ...before] : newest.items
    if (!meets) this.#next = newest.next
  }

  async loadEarlier(): Promise<void> {
    if (this.loading || !this.#next) return
    this.loading = true
    const cursor = this.#next
    const page = await attempt(() =>
      api.get<List<StoryLine>>(`/tickets/${this.#number}/activity`, { ...storyQuery, cursor }),
    )
    if (page && cursor === this.#next) {
      this.#known = [...this.#known, ...page.items]
      this.#next = page.next
    }
    this.loading = false
  }
}
