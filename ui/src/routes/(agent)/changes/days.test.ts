import { describe, expect, it } from 'vitest'
import type { PlannedChange } from '#lib/ticket/planned-change.ts'
import { changesOn, daysOf, stepped } from './days.ts'

describe('the days of a calendar', () => {
  it('are whole weeks from Monday on', () => {
    expect(daysOf('week', '2026-11-29')).toEqual([
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
      '2026-11-28',
      '2026-11-29',
    ])
    const november = daysOf('month', '2026-11-15')
    expect([november.length, november[0], november.at(-1)]).toEqual([42, '2026-10-26', '2026-12-06'])
    expect(daysOf('month', '2027-02-10')).toHaveLength(28)
  })

  it('step by weeks and by months, over the end of a year', () => {
    expect(stepped('month', '2026-12-31', 1)).toBe('2027-01-01')
    expect(stepped('month', '2026-01-31', -1)).toBe('2025-12-01')
    expect(stepped('week', '2026-12-30', 1)).toBe('2027-01-04')
  })

  it('hold a change on each day that it touches, in the reader’s zone', () => {
    const change = {
      planned_start: '2026-11-28T22:30:00Z',
      planned_end: '2026-11-29T23:00:00Z',
    } as PlannedChange
    const on = (day: string, zone: string) => changesOn([change], day, zone).length
    expect(['2026-11-28', '2026-11-29', '2026-11-30'].map((day) => on(day, 'UTC'))).toEqual([1, 1, 0])
    expect(['2026-11-28', '2026-11-29', '2026-11-30'].map((day) => on(day, 'Europe/Rome'))).toEqual([1, 1, 0])
    expect(['2026-11-28', '2026-11-29', '2026-11-30'].map((day) => on(day, 'Asia/Tokyo'))).toEqual([0, 1, 1])
  })
})
