import { describe, expect, it } from 'vitest'
import { draftOf, doesOf } from './draft.ts'

describe('a macro in its form', () => {
  it.each([
    {},
    { reply: 'Hello', note: 'x' },
    { move: { name: 'pend', reason: 'vendor' } },
    { move: { name: 'resolve', code: 'fixed' } },
    { impact: 'high', urgency: 'low', team_id: 't', assignee: 'me', category_id: 'c' },
    { assignee: null, add_tags: ['a', 'b'], remove_tags: ['c'] },
  ] as const)('comes out as it went in: %j', (does) => expect(doesOf(draftOf(does as never))).toEqual(does))

  it('keeps a person, and drops what belongs to another step', () => {
    const person = { id: 'p', name: 'P' }
    expect(doesOf(draftOf({ assignee: 'p' }, person))).toEqual({ assignee: 'p' })
    expect(doesOf({ ...draftOf({ move: { name: 'pend', reason: 'vendor' } }), move: 'start' })).toEqual({
      move: { name: 'start' },
    })
  })
})
