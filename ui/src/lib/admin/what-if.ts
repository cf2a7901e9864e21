import type { Priority, Ref } from '#lib/api/types.ts'

export type Outcome = 'met' | 'breached' | 'open' | 'none'
export type Outcomes = Record<Outcome, number>

export interface Cell {
  target: 'response' | 'resolution'
  priority: Priority
  team: Ref | null
  was: Outcomes
  becomes: Outcomes
}

export interface WhatIf {
  id: string
  policy: Ref
  calendar: Ref | null
  from: string
  to: string
  state: 'running' | 'done'
  total: number
  done: number
  differing: number
  listed: number
  cells: Cell[]
  author: Ref | null
  created_at: string
}

export interface WhatIfTicket {
  number: string
  title: string
  priority: Priority
  team: string | null
  target: 'response' | 'resolution'
  was: Outcome
  becomes: Outcome
  elapsed_ms: number
  target_ms: number
}

export interface Compared {
  key: string
  target: Cell['target']
  name: string
  was: Outcomes
  becomes: Outcomes
}

/** Cells added up by target and by what `nameOf` calls them, in the order of names. */
export function compare(cells: readonly Cell[], nameOf: (cell: Cell) => string): Compared[] {
  const sums = new Map<string, Compared>()
  for (const cell of cells) {
    const name = nameOf(cell)
    const key = `${cell.target} ${name}`
    const sum = sums.get(key) ?? { key, target: cell.target, name, was: none(), becomes: none() }
    for (const outcome of ['met', 'breached', 'open', 'none'] as const) {
      sum.was[outcome] += cell.was[outcome]
      sum.becomes[outcome] += cell.becomes[outcome]
    }
    sums.set(key, sum)
  }
  return [...sums.values()].toSorted(
    (a, b) => a.target.localeCompare(b.target) || a.name.localeCompare(b.name),
  )
}

const none = (): Outcomes => ({ met: 0, breached: 0, open: 0, none: 0 })

/** Share of the promises that ended which were kept; null where none ended. */
export const kept = ({ met, breached }: Outcomes): number | null =>
  met + breached > 0 ? (100 * met) / (met + breached) : null
