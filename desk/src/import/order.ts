import type { RowFacts } from './read-row.ts'

/** How the updates of a ticket stand in the file: oldest first, as they happened, or the other way, or in no order. */
export type Order = 'file' | 'newest-first' | 'by-date'

/** In a log of updates most numbers stand on several rows; in a file of tickets, a few that were exported twice. */
export const shapeOfRows = (several: number, numbers: number): 'ticket' | 'update' =>
  several > 0 && several * 10 >= numbers ? 'update' : 'ticket'

/**
 * The order that the instants of some tickets show, each ticket's as its rows stand. A file is believed: an instant that
 * goes back now and then is that row's mistake.
 */
export function orderOf(tickets: (number | null)[][]): Order {
  let [forth, back] = [0, 0]
  for (const instants of tickets)
    for (const [place, at] of instants.entries()) {
      const before = instants[place - 1] ?? null
      if (at === null || before === null) continue
      if (at > before) forth++
      else if (at < before) back++
    }
  if (back * 5 <= forth) return 'file'
  return forth * 5 <= back ? 'newest-first' : 'by-date'
}

export function inOrder(rows: RowFacts[], order: Order): RowFacts[] {
  if (order === 'newest-first') return rows.toReversed()
  if (order === 'by-date') return rows.toSorted((a, b) => (a.instants.at ?? 0) - (b.instants.at ?? 0))
  return rows
}
