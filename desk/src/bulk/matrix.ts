import type { Impact, Priority } from '@tocsin/db'
import { DeskError } from '../activity/index.ts'

/** Which priority an impact and an urgency make. */
export interface Cell {
  impact: Impact
  urgency: Impact
  priority: Priority
}

const LEVELS: Impact[] = ['low', 'medium', 'high']
const apart = (a: Impact, b: Impact) => Math.abs(LEVELS.indexOf(a) - LEVELS.indexOf(b))

/**
 * The impact and urgency that make a priority and are nearest to those a ticket has; of two as near, the one that
 * leaves the impact. `invalid` where the matrix makes none.
 */
export function nearestCell(matrix: Cell[], has: Pick<Cell, 'impact' | 'urgency'>, wanted: Priority): Cell {
  const steps = (cell: Cell) =>
    10 * (apart(cell.impact, has.impact) + apart(cell.urgency, has.urgency)) + apart(cell.impact, has.impact)
  const [nearest] = matrix
    .filter(({ priority }) => priority === wanted)
    .toSorted((a, b) => steps(a) - steps(b) || LEVELS.indexOf(b.impact) - LEVELS.indexOf(a.impact))
  if (nearest) return nearest
  throw new DeskError('invalid', `No impact and urgency make ${wanted} here.`, {
    errors: [{ path: 'priority', message: 'is made by no impact and urgency' }],
  })
}
