import { describe, expect, it } from 'vitest'
import type { Does } from './does.ts'
import { type Standing, whyNot } from './why-not.ts'

const now = new Date('2026-11-28T12:00:00Z')
const standing = (life: string, state: string, works = true, has: string[] = []) =>
  ({
    ticket: {
      life,
      state,
      pending_reason: null,
      acknowledged_at: null,
      resolved_at: null,
      closed_at: null,
      reopen_count: 0,
    },
    works,
    has: new Set(has),
  }) as unknown as Standing

describe('a macro', () => {
  it.each<[string, string, boolean, Does, string | null]>([
    ['incident', 'new', true, { move: { name: 'resolve' } }, null],
    ['incident', 'resolved', true, { move: { name: 'resolve' } }, null],
    ['incident', 'closed', true, { move: { name: 'resolve' } }, 'not possible while the ticket is closed'],
    ['incident', 'new', true, { move: { name: 'close' } }, 'not possible while the ticket is new'],
    ['incident', 'new', true, { move: { name: 'pend', reason: 'vendor' } }, null],
    ['incident', 'closed', true, { reply: 'x' }, 'has ended'],
    ['incident', 'closed', true, { note: 'x' }, null],
    ['incident', 'cancelled', true, { note: 'x' }, 'has ended'],
    ['incident', 'closed', true, { reply: 'x', move: { name: 'reopen' } }, null],
    ['incident', 'resolved', true, { assignee: 'me' }, 'has ended'],
    ['incident', 'resolved', true, { assignee: 'me', move: { name: 'reopen' } }, null],
    ['incident', 'new', false, { impact: 'high' }, 'Your roles'],
    ['incident', 'new', false, { reply: 'x', add_tags: ['x'] }, null],
    ['problem', 'in_progress', true, { move: { name: 'resolve' } }, 'root cause'],
    ['problem', 'in_progress', true, { move: { name: 'resolve', code: 'duplicate' } }, null],
    ['normal', 'new', true, { move: { name: 'start' } }, 'no step in the life of a normal change'],
    ['normal', 'review', true, { move: { name: 'close' } }, 'outcome'],
  ])('on %s that is %s, by one who plans: %s: %j → %j', (life, state, works, does, why) => {
    const said = whyNot(standing(life, state, works), does, now)
    if (why === null) expect(said).toBeNull()
    else expect(said).toContain(why)
  })
})
