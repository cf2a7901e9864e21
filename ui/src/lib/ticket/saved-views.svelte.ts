import { api } from '#lib/api/client.ts'
import { attempt } from '#lib/api/attempt.ts'
import type { Count, List } from '#lib/api/types.ts'
import { isPinned, type SavedView } from './saved-view.ts'

/** The views of whoever is here, and how many tickets those in their queue find; nothing is read here on the server. */
class SavedViews {
  all = $state.raw<readonly SavedView[]>([])
  counts = $state.raw<Record<string, Count | null>>({})

  get pinned(): readonly SavedView[] {
    return this.all.filter(isPinned)
  }

  async read(): Promise<void> {
    const read = await api.get<List<SavedView>>('/ticket-views').catch(() => undefined)
    if (read) this.all = read.items
  }

  async count(): Promise<void> {
    if (this.pinned.length === 0) return
    const read = await api.get<Record<string, Count | null>>('/ticket-views/counts').catch(() => undefined)
    if (read) this.counts = read
  }

  /** Which stand in one's queue, in this order, and with which it opens. */
  async arrange(
    pinned: readonly SavedView[],
    opens: SavedView | null = this.all.find((view) => view.opens) ?? null,
  ): Promise<void> {
    const body = { pinned: pinned.map(({ id }) => id), opens: opens?.id ?? null }
    await attempt(() => api.put('/ticket-views/mine', body))
    await this.read()
    await this.count()
  }
}

export const savedViews = new SavedViews()
