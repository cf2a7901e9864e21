import { api } from '#lib/api/client.ts'
import { attempt } from '#lib/api/attempt.ts'
import type { Count } from '#lib/api/types.ts'
import { toasts } from '#lib/frame/toasts.svelte.ts'
import { m } from '#lib/paraglide/messages.js'
import { type BulkResult, type BulkWish, changeMany, undoMany, type Which } from '#lib/ticket/bulk.ts'
import type { Queue } from './queue.svelte.ts'

/** The field that one comes for. */
export type ManyField = 'team' | 'assignee' | 'priority' | 'category' | 'tag' | 'step' | 'words'
export interface ManyAsk {
  field: ManyField
  step?: string
  as?: 'note' | 'reply'
}

/** Changing many tickets: those selected, the current line, or all that the filter finds. */
export class Many {
  asked = $state.raw<ManyAsk | undefined>()
  /** Those that were not changed, to be shown. */
  refused = $state.raw<BulkResult['refused']>([])
  #queue: Queue
  #filter: () => Record<string, string>

  constructor(queue: Queue, filter: () => Record<string, string>) {
    this.#queue = queue
    this.#filter = filter
  }

  get count(): number {
    return this.#queue.matching ?? this.#queue.chosen.length
  }

  begin(asked: ManyAsk): void {
    if (this.count > 0) this.asked = asked
  }

  /** All that the filter finds, also what is not on screen; not more than may be changed at once. */
  async selectMatching(): Promise<void> {
    const found = await attempt(() => api.get<Count>('/tickets/count', this.#filter()))
    if (!found) return
    if (found.capped) toasts.show(m.select_too_many())
    else this.#queue.selectMatching(found.count)
  }

  /** Answers whether it went through: then nothing is selected any more. */
  async change(wish: BulkWish, key: string): Promise<boolean> {
    const result = await attempt(
      () => changeMany(this.#which(), wish, key),
      (problem) => {
        if (problem.status !== 412) return undefined
        const { count } = problem.problem.current as { count: number }
        toasts.show(m.bulk_moved({ count }), { tone: 'bad' })
        this.#queue.selectMatching(count)
        return true
      },
    )
    if (!result) return false
    this.asked = undefined
    this.#tell(result)
    this.#queue.selectNone()
    await this.#queue.refresh()
    return true
  }

  #which(): Which {
    const { matching, chosen } = this.#queue
    if (matching !== undefined) return { filter: this.#filter(), seen: matching }
    return { tickets: chosen.map(({ number, revision }) => ({ number, revision })) }
  }

  #tell(result: BulkResult): void {
    this.refused = result.refused
    const { changed, unchanged } = result
    const so = unchanged.length > 0 ? ` · ${m.bulk_unchanged({ count: unchanged.length })}` : ''
    if (changed.length + unchanged.length > 0)
      toasts.show(m.bulk_done({ count: changed.length }) + so, {
        tone: 'good',
        ...(changed.length > 0 && { undo: () => this.#undo(result) }),
      })
  }

  async #undo(result: BulkResult): Promise<void> {
    const back = await attempt(() => undoMany(result))
    if (!back) return
    this.refused = back.refused
    toasts.show(m.bulk_undone({ count: back.changed.length }), { tone: 'good' })
    await this.#queue.refresh()
  }
}
