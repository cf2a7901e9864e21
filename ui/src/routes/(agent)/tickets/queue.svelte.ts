import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import { api } from '#lib/api/client.ts'
import type { List, TicketLine } from '#lib/api/types.ts'
import type { Showing } from '#lib/ticket/doing.svelte.ts'

type Query = Record<string, string | number>

const mostRefreshed = 200

/** The list on screen: its lines, what is selected, and how live changes reach it without moving it. */
export class Queue implements Showing {
  items = $state.raw<readonly TicketLine[]>([])
  next = $state<string | null>(null)
  current = $state(0)
  selected = new SvelteSet<string>()
  /** How many the filter finds, where all of them are selected, on screen or not. */
  matching = $state<number | undefined>()
  /** The line that was selected last: a range begins there. */
  #anchor: string | undefined
  /** Numbers that came or changed just now, by the revision they came with. */
  marks = new SvelteMap<string, number>()
  /** What the list would be, kept back while somebody points at it. */
  waiting = $state.raw<List<TicketLine> | undefined>()
  /** True while the pointer or the focus is in the list: then nothing may move. */
  held = false
  loading = $state(false)
  #query: Query

  constructor(query: Query, first: List<TicketLine>) {
    this.#query = query
    this.items = first.items
    this.next = first.next
  }

  get currentTicket(): TicketLine | undefined {
    return this.items[this.current]
  }

  get chosen(): readonly TicketLine[] {
    if (this.selected.size === 0) return this.currentTicket ? [this.currentTicket] : []
    return this.items.filter(({ number }) => this.selected.has(number))
  }

  get arrivedCount(): number {
    const shown = new Set(this.items.map(({ number }) => number))
    return this.waiting?.items.filter(({ number }) => !shown.has(number)).length ?? 0
  }

  move(step: number): void {
    this.current = Math.max(0, Math.min(this.items.length - 1, this.current + step))
  }

  /** Selects a line or takes it out; with `range` everything from the line before up to it. */
  toggle(number: string, range = false): void {
    this.matching = undefined
    const index = (wanted: string | undefined) => this.items.findIndex((ticket) => ticket.number === wanted)
    const [from, to] = [index(this.#anchor), index(number)]
    if (range && from >= 0) {
      const lines = this.items.slice(Math.min(from, to), Math.max(from, to) + 1)
      for (const line of lines) this.selected.add(line.number)
    } else if (!this.selected.delete(number)) this.selected.add(number)
    this.#anchor = number
  }

  selectMatching(count: number): void {
    for (const { number } of this.items) this.selected.add(number)
    this.matching = count > this.items.length || this.next ? count : undefined
  }

  selectNone(): void {
    this.selected.clear()
    this.matching = undefined
  }

  async loadMore(): Promise<void> {
    if (!this.next || this.loading) return
    this.loading = true
    try {
      const more = await api.get<List<TicketLine>>('/tickets', { ...this.#query, cursor: this.next })
      const shown = new Set(this.items.map(({ number }) => number))
      this.items = [...this.items, ...more.items.filter(({ number }) => !shown.has(number))]
      this.next = more.next
    } finally {
      this.loading = false
    }
  }

  /** Reads the list again: applied at once when nobody points at it, else kept until asked for. */
  async refresh(): Promise<void> {
    const limit = Math.min(mostRefreshed, Math.max(this.items.length, Number(this.#query.limit)))
    const fresh = await api
      .get<List<TicketLine>>('/tickets', { ...this.#query, limit })
      .catch(() => undefined)
    if (!fresh) return
    const byNumber = new Map(fresh.items.map((ticket) => [ticket.number, ticket]))
    const before = new Map(this.items.map((ticket) => [ticket.number, ticket.revision]))
    this.items = this.items.map((ticket) => byNumber.get(ticket.number) ?? ticket)
    for (const { number, revision } of fresh.items) {
      if (before.get(number) !== revision && (before.has(number) || !this.held)) this.#mark(number, revision)
    }
    this.waiting = fresh
    if (!this.held && this.selected.size === 0) this.apply()
  }

  /** Takes over what was kept back. The line that was current stays current. */
  apply(): void {
    if (!this.waiting) return
    const current = this.currentTicket?.number
    const beyond = this.items.slice(this.waiting.items.length)
    const shown = new Set(this.waiting.items.map(({ number }) => number))
    this.items = [...this.waiting.items, ...beyond.filter(({ number }) => !shown.has(number))]
    if (beyond.length === 0) this.next = this.waiting.next
    this.waiting = undefined
    const index = this.items.findIndex(({ number }) => number === current)
    if (index >= 0) this.current = index
  }

  show(number: string, changes: Partial<TicketLine>): () => void {
    const before = this.items.find((ticket) => ticket.number === number)
    const put = (replace: (ticket: TicketLine) => TicketLine) => {
      this.items = this.items.map((ticket) => (ticket.number === number ? replace(ticket) : ticket))
    }
    put((ticket) => ({ ...ticket, ...changes }))
    return () => put((ticket) => before ?? ticket)
  }

  async settled(): Promise<void> {
    this.selectNone()
    await this.refresh()
  }

  #mark(number: string, revision: number): void {
    this.marks.set(number, revision)
    setTimeout(() => {
      if (this.marks.get(number) === revision) this.marks.delete(number)
    }, 4000)
  }
}
