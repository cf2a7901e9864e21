import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideReminder, promise, type Promised, type Reminder } from './promise.ts'

const MINUTE = 60_000
const at = (minute: number) => new Date(Date.UTC(2026, 0, 5, 9) + minute * MINUTE)

describe('the promise of an update', () => {
  it.each<[string, number, number]>([
    ['ten minutes before what lies far off', 60, 50],
    ['a quarter before what lies near', 20, 15],
    ['a quarter before, to the minute', 8, 6],
  ])('is recalled %s', (_name, promised, reminded) => {
    expect(promise(at(0), at(promised))).toEqual({
      next_update_at: at(promised),
      remind: 'due',
      remind_at: at(reminded),
    })
  })

  it('is none where none is given', () => {
    const none = promise(at(0), null)
    expect(none).toEqual({ next_update_at: null, remind: null, remind_at: null })
    expect(decideReminder(none, at(999))).toEqual({ tell: null, next: none })
  })

  it.each<[string, number, Reminder | null, Reminder | null]>([
    ['nothing is told early', 49, null, 'due'],
    ['that it is due', 50, 'due', 'overdue'],
    ['that it is due, up to the last moment', 59, 'due', 'overdue'],
    ['that it is overdue, to who looks late', 60, 'overdue', null],
  ])('%s', (_name, minute, told, left) => {
    const { tell, next } = decideReminder(promise(at(0), at(60)), at(minute))
    expect([tell, next.remind]).toEqual([told, left])
  })

  it('tells what a watcher who looks every minute would have, each once, whenever one looks', () => {
    const looks = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 12 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), looks, (promised, minutes) => {
        const sorted = minutes.toSorted((a, b) => a - b)
        let held: Promised = promise(at(0), at(promised))
        const told: [number, Reminder][] = []
        for (const minute of sorted) {
          const { tell, next } = decideReminder(held, at(minute))
          if (tell) told.push([minute, tell])
          held = next
        }
        const begin = promised - Math.min(10, promised / 4)
        const due = sorted.find((minute) => minute >= begin && minute < promised)
        const late = sorted.find((minute) => minute >= promised)
        expect(told).toEqual([
          ...(due === undefined ? [] : [[due, 'due']]),
          ...(late === undefined ? [] : [[late, 'overdue']]),
        ])
      }),
    )
  })
})
