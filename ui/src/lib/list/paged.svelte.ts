import { attempt } from '#lib/api/attempt.ts'
import type { List } from '#lib/api/types.ts'

/**
 * A list that grows page by page from what the page's load brought; another load begins it anew.
 * `more` answers what follows a cursor.
 */
export class Paged<T> {
  #first: () => List<T>
  #more: (cursor: string) => Promise<List<T>>
  #later = $state.raw<{ of: List<T>; items: T[]; next: string | null } | undefined>()
  loading = $state(false)
  #current = $derived.by(() => {
    const first = this.#first()
    return this.#later?.of === first ? this.#later : { of: first, items: [], next: first.next }
  })
  items = $derived.by(() => [...this.#current.of.items, ...this.#current.items])

  constructor(first: () => List<T>, more: (cursor: string) => Promise<List<T>>) {
    this.#first = first
    this.#more = more
  }

  get hasMore(): boolean {
    return this.#current.next !== null
  }

  loadMore = async (): Promise<void> => {
    const { of, items, next } = this.#current
    if (this.loading || next === null) return
    this.loading = true
    const page = await attempt(() => this.#more(next))
    if (page) this.#later = { of, items: [...items, ...page.items], next: page.next }
    this.loading = false
  }
}
