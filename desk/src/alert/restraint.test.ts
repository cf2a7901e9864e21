import { describe, expect, test } from 'vitest'
import { ageRestraint, dueAt, holdBack, NO_TERMS, type Restraint, takeNews, type Terms } from './restraint.ts'

const T = 1_000_000
const terms = (over: Partial<Terms> = {}): Terms => ({ ...NO_TERMS, ...over })
const fired = (own: Terms, at = T) => takeNews(null, 'fired', own, at)
const firing = { status: 'firing', lastAt: T }

describe('what keeps a firing alert from asking', () => {
  test('nothing, without terms', () => {
    expect(holdBack(fired(NO_TERMS), NO_TERMS, null, T)).toBeNull()
    expect(dueAt(firing, fired(NO_TERMS), NO_TERMS)).toBeNull()
  })

  test('a hold, until it has passed', () => {
    const hold = terms({ holdMs: 120_000 })
    expect(holdBack(fired(hold), hold, null, T + 119_999)).toEqual({ by: 'hold', until: T + 120_000 })
    expect(holdBack(fired(hold), hold, null, T + 120_000)).toBeNull()
  })

  test('a repeat does not begin the hold anew; firing again does', () => {
    const hold = terms({ holdMs: 120_000 })
    const repeated = takeNews(fired(hold), 'repeated', hold, T + 60_000)
    expect(holdBack(repeated, hold, null, T + 60_000)?.until).toBe(T + 120_000)
    const again = takeNews(takeNews(repeated, 'resolved', hold, T + 70_000), 'fired', hold, T + 80_000)
    expect(holdBack(again, hold, null, T + 80_000)?.until).toBe(T + 200_000)
  })

  test('a threshold, until enough triggers arrived within its window, over openings', () => {
    const three = terms({ threshold: { count: 3, windowMs: 600_000 } })
    const news = ['fired', 'resolved', 'fired', 'resolved'] as const
    let restraint: Restraint | null = null
    for (const [index, one] of news.entries()) restraint = takeNews(restraint, one, three, T + index)
    expect(holdBack(restraint!, three, null, T + 3)).toEqual({ by: 'threshold', until: null })
    const third = takeNews(restraint, 'fired', three, T + 5)
    expect(holdBack(third, three, null, T + 5)).toBeNull()
    const late = takeNews(restraint, 'fired', three, T + 600_003)
    expect(holdBack(late, three, null, T + 600_003)?.by).toBe('threshold')
  })

  test('the strongest reason is named: maintenance, then a snooze, then flapping, then its own terms', () => {
    const all = terms({ holdMs: 9, threshold: { count: 2, windowMs: 9 }, flapping: { low: 1, high: 2 } })
    const restraint = { ...fired(all), snoozedUntil: T + 50 }
    const muted = { window: 'w', until: T + 70 }
    expect(holdBack(restraint, all, muted, T)).toEqual({ by: 'maintenance', until: T + 70, window: 'w' })
    expect(holdBack(restraint, all, null, T)).toEqual({ by: 'snoozed', until: T + 50 })
    expect(holdBack(restraint, all, null, T + 50)?.by).toBe('flapping')
    const calm = { ...restraint, flap: null }
    expect(holdBack(calm, all, null, T + 50)?.by).toBe('threshold')
    expect(holdBack({ ...calm, recent: [T, T] }, all, null, T + 5)).not.toBeNull()
  })

  test('an end lets go of everything but the history', () => {
    const hold = terms({ holdMs: 120_000 })
    const held = { ...fired(hold), held: { by: 'hold' as const, until: T + 5 }, snoozedUntil: T + 9 }
    expect(takeNews(held, 'resolved', hold, T + 1)).toMatchObject({ held: null, snoozedUntil: null })
  })

  test('is due when the first of its reasons ends', () => {
    const own = terms({ expireMs: 300_000 })
    const held = { ...fired(own), held: { by: 'hold' as const, until: T + 200_000 } }
    expect(dueAt(firing, held, own)).toBe(T + 200_000)
    expect(dueAt(firing, { ...held, held: null }, own)).toBe(T + 300_000)
    expect(dueAt({ ...firing, status: 'resolved' }, held, own)).toBeNull()
  })

  test('a snooze is over when it is over', () => {
    const snoozed = { ...fired(NO_TERMS), snoozedUntil: T + 10 }
    expect(ageRestraint(snoozed, NO_TERMS, T + 9).snoozedUntil).toBe(T + 10)
    expect(ageRestraint(snoozed, NO_TERMS, T + 10).snoozedUntil).toBeNull()
  })
})
