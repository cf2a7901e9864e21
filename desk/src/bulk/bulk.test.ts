import type { Impact, Priority } from '@tocsin/db'
import { describe, expect, it } from 'vitest'
import { LIFECYCLES, type TicketState } from '../ticket/index.ts'
import { type Cell, nearestCell } from './matrix.ts'
import { type Place, stepsBack } from './steps-back.ts'

describe('the steps back', () => {
  const at = (state: TicketState, reason: Place['reason'] = null, code?: string): Place => ({
    state,
    reason,
    code,
  })
  it.each([
    ['a resolution', at('in_progress'), at('resolved'), 'reopen'],
    ['a resolution of what was new', at('new'), at('resolved'), 'reopen'],
    ['a resolution of what waited', at('pending', 'vendor'), at('resolved'), 'reopen pend:vendor'],
    ['a resolution of what was being fixed', at('fixing'), at('resolved'), 'reopen fix'],
    ['a wait', at('in_progress'), at('pending', 'vendor'), 'resume'],
    ['another wait', at('pending', 'requester'), at('pending', 'vendor'), 'pend:requester'],
    ['a resumption', at('pending', 'requester'), at('in_progress'), 'pend:requester'],
    ['a reopening', at('resolved', null, 'workaround'), at('in_progress'), 'resolve:workaround'],
    ['an acknowledgement, which stays', at('new'), at('in_progress'), ''],
    ['a fix', at('in_progress'), at('fixing'), 'start'],
  ])('of %s', (_what, was, now, steps) => {
    const back = stepsBack(was, now)
    expect(
      back.map(({ move, reason, code }) => [move, reason ?? code].filter(Boolean).join(':')).join(' '),
    ).toBe(steps)
    // Each is a step that the lives have, from where the one before led.
    let state = now.state
    for (const { move } of back) {
      const rule = LIFECYCLES.problem[move]!
      expect(rule.from).toContain(state)
      state = rule.to as TicketState
    }
  })

  it.each([
    ['closed', at('resolved'), at('closed')],
    ['cancelled', at('in_progress'), at('cancelled')],
    ['reopened from closed', at('closed'), at('in_progress')],
  ])('of what was %s are none', (_what, was, now) =>
    expect(() => stepsBack(was, now)).toThrow('No step leads back'),
  )
})

describe('impact and urgency of a priority', () => {
  const levels: Impact[] = ['high', 'medium', 'low']
  const matrix: Cell[] = levels.flatMap((impact, row) =>
    levels.map((urgency, column) => ({ impact, urgency, priority: `P${1 + row + column}` as Priority })),
  )
  it.each([
    ['low', 'low', 'P4', 'low', 'medium'],
    ['low', 'low', 'P1', 'high', 'high'],
    ['medium', 'medium', 'P2', 'medium', 'high'],
    ['high', 'high', 'P5', 'low', 'low'],
    ['low', 'high', 'P2', 'medium', 'high'],
  ] as const)('of %s and %s to %s become %s and %s', (impact, urgency, wanted, impactThen, urgencyThen) => {
    expect(nearestCell(matrix, { impact, urgency }, wanted)).toMatchObject({
      impact: impactThen,
      urgency: urgencyThen,
      priority: wanted,
    })
  })

  it('are never any that make another priority, and none is nearer', () => {
    for (const impact of levels)
      for (const urgency of levels)
        for (const wanted of ['P1', 'P2', 'P3', 'P4', 'P5'] as const) {
          const cell = nearestCell(matrix, { impact, urgency }, wanted)
          expect(cell.priority).toBe(wanted)
          const far = (one: Pick<Cell, 'impact' | 'urgency'>) =>
            Math.abs(levels.indexOf(one.impact) - levels.indexOf(impact)) +
            Math.abs(levels.indexOf(one.urgency) - levels.indexOf(urgency))
          expect(far(cell)).toBe(Math.min(...matrix.filter((one) => one.priority === wanted).map(far)))
        }
  })

  it('that nothing makes are refused', () => {
    expect(() => nearestCell([], { impact: 'low', urgency: 'low' }, 'P1')).toThrow('make P1')
  })
})
