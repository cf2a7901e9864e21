import { PRIORITIES } from '#lib/api/types.ts'
import type { Priority, Ref, State } from '#lib/api/types.ts'
import { printFilter } from '#lib/filter/grammar.ts'
import type { OpenCell } from './types.ts'

export type By = 'team' | 'state' | 'age'

interface Narrowed {
  state?: State
  priority?: Priority
  team?: Ref | null
  age?: number
}

/** The words of a filter for one bucket of age: its bounds. */
export function ageFacet(age: number, bounds: readonly string[]): string[] {
  const older = bounds[age - 1]
  const younger = bounds[age]
  return [...(older ? [`>${older}`] : []), ...(younger ? [`<${younger}`] : [])]
}

/** The queue with what a bar or a cell counts. */
export function queueOf({ state, priority, team, age }: Narrowed, bounds: readonly string[]): string {
  const words = printFilter({
    facets: {
      state: [state ?? 'open'],
      ...(priority && { priority: [priority] }),
      ...(team !== undefined && { team: [team?.name ?? 'none'] }),
      ...(age !== undefined && { age: ageFacet(age, bounds) }),
    },
    words: '',
  })
  return `/tickets?${new URLSearchParams({ f: words })}`
}

export interface Row {
  key: string
  of: Narrowed
  counts: Record<Priority, number>
  sum: number
}

/** The cells added up to rows by one facet, each split by priority; rows of nothing are left out. */
export function rowsBy(cells: readonly OpenCell[], by: By): Row[] {
  const keyOf = {
    team: (cell: OpenCell) => cell.team?.id ?? '',
    state: (cell: OpenCell) => cell.state,
    age: (cell: OpenCell) => String(cell.age),
  }[by]
  const ofCell = {
    team: ({ team }: OpenCell) => ({ team }),
    state: ({ state }: OpenCell) => ({ state }),
    age: ({ age }: OpenCell) => ({ age }),
  }[by]
  const rows = [...Map.groupBy(cells, keyOf)].map(([key, held]): Row => {
    const counts = Object.fromEntries(
      PRIORITIES.map((priority) => [priority, sumOf(held.filter((cell) => cell.priority === priority))]),
    ) as Record<Priority, number>
    return { key, of: ofCell(held[0]!), counts, sum: sumOf(held) }
  })
  return by === 'age'
    ? rows.toSorted((a, b) => Number(a.key) - Number(b.key))
    : rows.toSorted((a, b) => b.sum - a.sum || (a.key < b.key ? -1 : 1))
}

export const sumOf = (cells: readonly OpenCell[]): number => cells.reduce((sum, { count }) => sum + count, 0)
