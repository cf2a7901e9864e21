import type { Plan } from './plan.ts'
import { type Problem, readRow, type RowFacts, type Unknown } from './read-row.ts'
import { type Matrix, tellTicket, type ToldTicket } from './tell.ts'

/** One ticket of the file, with the rows that tell of it. */
export interface Item {
  key: string
  rows: string[][]
}

/** Tickets out of rows; one whose row cannot be read is handed back whole, because half a history would be a wrong one. */
export function readItems(items: Item[], plan: Plan, matrix: Matrix, now: number) {
  const { order, rows } = plan.mapping
  const shape = {
    updates: rows === 'update',
    order: order === 'auto' ? 'file' : order,
    matrix,
    given: plan.given,
  } as const
  const tickets: ToldTicket[] = []
  const problems = new Map<string, Problem>()
  const unknown: Unknown[] = []
  for (const item of items) {
    const facts: RowFacts[] = []
    const unheard: Unknown[] = []
    let problem: Problem | undefined
    for (const cells of shape.updates ? item.rows : eachOnce(item.rows)) {
      const row = readRow(plan, cells, now)
      if ('message' in row) {
        problem = row
        break
      }
      facts.push(row.facts)
      unheard.push(...row.unknown)
    }
    const told = problem ?? tellTicket(item.key, facts, shape)
    if ('message' in told) {
      problems.set(item.key, told)
      continue
    }
    tickets.push(told)
    unknown.push(...unheard)
  }
  return { tickets, problems, unknown }
}

/** A row that was exported twice tells of its ticket once. */
function eachOnce(rows: string[][]): string[][] {
  if (rows.length === 1) return rows
  return [...new Map(rows.map((cells) => [JSON.stringify(cells), cells])).values()]
}
