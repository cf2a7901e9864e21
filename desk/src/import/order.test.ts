import { describe, expect, it } from 'vitest'
import { orderOf } from './order.ts'

describe('the order of updates', () => {
  it.each<[string, (number | null)[][], string]>([
    [
      'oldest first',
      [
        [1, 2, 3],
        [5, 6],
      ],
      'file',
    ],
    [
      'oldest first but for one mistake',
      [
        [1, 2, 3],
        [9, 6, 7, 8],
        [1, 2, 3, 4],
      ],
      'file',
    ],
    [
      'newest first',
      [
        [3, 2, 1],
        [6, 5],
      ],
      'newest-first',
    ],
    [
      'none',
      [
        [2, 3, 1],
        [6, 5, 9],
        [4, 1],
      ],
      'by-date',
    ],
    ['nothing known', [[null, null]], 'file'],
    ['all at once', [[4, 4, 4]], 'file'],
  ])('%s', (_name, tickets, order) => expect(orderOf(tickets)).toBe(order))
})
